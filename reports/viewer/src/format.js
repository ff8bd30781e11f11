// format.js - numbers as the report shows them: the same in every locale.

const grouped = new Intl.NumberFormat('en-US', {maximumFractionDigits: 0});
const precise = new Intl.NumberFormat('en-US', {minimumFractionDigits: 3, maximumFractionDigits: 3});
const single = new Intl.NumberFormat('en-US', {maximumFractionDigits: 1});
const tenths = new Intl.NumberFormat('en-US', {minimumFractionDigits: 1, maximumFractionDigits: 1});
const tiny = new Intl.NumberFormat('en-US', {maximumSignificantDigits: 3});
const short = new Intl.NumberFormat('en-US', {notation: 'compact', maximumFractionDigits: 1});

/** 1234567 as 1,234,567 */
export const count = (number) => grouped.format(number);

/** The same with a decimal, if there is one. */
export const mean = (number) => single.format(number);

/** 1234567 as 1.2M, for axes */
export const compact = (number) => short.format(number);

/** The same with as many digits as it takes to tell figures apart that lie `span` around each other: four at least. */
export function close(number, span = Infinity) {
    const digits = span > 0 && number ? 2 + Math.ceil(Math.log10(Math.abs(number) / span)) : 0;
    const format = {notation: 'compact', maximumSignificantDigits: Math.min(9, Math.max(4, digits))};
    return new Intl.NumberFormat('en-US', format).format(number);
}

/** Of 100, one decimal. */
export const percent = (number) => tenths.format(number) + '\u202f%';

/** A note as a sentence begins and ends. */
export function sentence(text) {
    const begun = text.charAt(0).toUpperCase() + text.slice(1);
    return /[.:?!]$/.test(begun) ? begun : `${begun}.`;
}

/** part of whole as a percentage */
export const share = (part, whole) => percent(whole ? (100 * part) / whole : 0);

/** Three decimals, or three digits of what is less than they can say. */
const ratio = (number) => (number && Math.abs(number) < 0.01 ? tiny.format(number) : precise.format(number));

/** @param {'text'|'code'|'count'|'percent'|'ratio'|'mean'} format */
export function cell(value, format) {
    if (value === null) return '';
    if (typeof value === 'string') return value;
    return format === 'percent'
        ? percent(value)
        : format === 'ratio'
          ? ratio(value)
          : format === 'mean'
            ? mean(value)
            : count(value);
}

export const isNumber = (format) => format === 'count' || format === 'percent' || format === 'ratio' || format === 'mean';
