// format.js - numbers as the report shows them: the same in every locale.

const grouped = new Intl.NumberFormat('en-US', {maximumFractionDigits: 0});
const precise = new Intl.NumberFormat('en-US', {minimumFractionDigits: 3, maximumFractionDigits: 3});
const single = new Intl.NumberFormat('en-US', {maximumFractionDigits: 1});
const tiny = new Intl.NumberFormat('en-US', {maximumSignificantDigits: 3});
const short = new Intl.NumberFormat('en-US', {notation: 'compact', maximumFractionDigits: 1});
const fine = new Intl.NumberFormat('en-US', {notation: 'compact', maximumSignificantDigits: 4});

/** 1234567 as 1,234,567 */
export const count = (number) => grouped.format(number);

/** The same with a decimal, if there is one. */
export const mean = (number) => single.format(number);

/** 1234567 as 1.2M, for axes */
export const compact = (number) => short.format(number);

/** The same with four digits, where figures are close to each other. */
export const close = (number) => fine.format(number);

/** Of 100, one decimal. */
export const percent = (number) => number.toFixed(1) + '\u202f%';

/** part of whole as a percentage */
export const share = (part, whole) => percent(whole ? 100 * part / whole : 0);

/** Three decimals, or three digits of what is less than they can say. */
const ratio = (number) => number && Math.abs(number) < 0.01 ? tiny.format(number) : precise.format(number);

/** @param {'text'|'code'|'count'|'percent'|'ratio'|'mean'} format */
export function cell(value, format) {
    if (value === null)
        return '';
    if (typeof value === 'string')
        return value;
    return format === 'percent' ? percent(value) : format === 'ratio' ? ratio(value) : format === 'mean' ? mean(value) : count(value);
}

export const isNumber = (format) => format === 'count' || format === 'percent' || format === 'ratio' || format === 'mean';
