// table.js - tables that can be sorted, filtered and paged through; fixed ones stay as they are.
import {h, select} from './dom.js';
import {cell, count, isNumber} from './format.js';
import {isPrinting, onPrint} from './print.js';

const PAGE_ROWS = 50;
const PAPER_ROWS = 200;
const FILTER_FROM = 12;
const FEW = 6;
const LONG = 48;

/** @typedef {{title: string, format: 'text'|'code'|'count'|'percent'|'ratio', hint?: string}} Column */

class Table {
    constructor(section) {
        /** @type {Column[]} */
        this.columns = section.columns;
        this.best = new Set(section.best);
        this.rows = section.rows.map((values, index) => ({values, index}));
        this.total = section.has_total ? this.rows.pop() : null;
        this.fixed = section.fixed;
        this.leftOut = section.left_out;
        this.choose = section.choose; // what is done with the value of a row's first cell
        this.sortedBy = section.sorted_by;
        this.descending = true;
        this.wanted = '';
        this.only = new Map(); // column: the only value shown
        this.page = 0;
        this.widest = this.columns.map((column, i) => column.format === 'percent' ? Math.max(1e-9, ...this.rows.map((row) => row.values[i] ?? 0)) : 0);
        this.body = h('tbody');
        this.buttons = [];
        this.status = h('span', {class: 'status', role: 'status'});
        this.element = h('div', {class: 'table'}, this.toolbar(section.title),
            h('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': section.title},
                h('table', {}, h('thead', {}, h('tr', {}, ...this.columns.map((column, i) => this.header(column, i)))), this.body)));
        this.shown = this.rows;
        this.sort();
        onPrint(() => this.render());
    }

    toolbar(title) {
        if (this.fixed || (this.rows.length <= FILTER_FROM && !this.leftOut))
            return null;
        const filter = h('input', {type: 'search', 'aria-label': `Filter ${title}`, placeholder: 'Filter',
            on: {input: () => this.filter(filter.value)}});
        this.previous = h('button', {type: 'button', on: {click: () => this.turn(-1)}}, 'Previous');
        this.next = h('button', {type: 'button', on: {click: () => this.turn(1)}}, 'Next');
        const pager = h('span', {class: 'pager', hidden: this.rows.length <= PAGE_ROWS}, this.previous, this.next);
        return h('div', {class: 'toolbar'}, filter, ...this.columns.map((column, i) => this.facet(column, i)), this.status, pager);
    }

    /** A choice among the few values that a column has. */
    facet(column, index) {
        const values = new Set();
        for (const row of this.rows)
            if (values.add(row.values[index]).size > FEW || isNumber(column.format))
                return null;
        const texts = [...values].filter(Boolean);
        return texts.length < 2 ? null : select(column.title, ['all', ...texts], (at) => {
            this.only.set(index, at ? texts[at - 1] : null);
            this.filter(this.wanted);
        });
    }

    header(column, index) {
        const number = isNumber(column.format);
        if (this.fixed)
            return h('th', {scope: 'col', class: number ? 'number' : null, title: column.hint}, column.title);
        const button = h('button', {type: 'button', title: column.hint, on: {click: () => this.sortBy(index)}}, column.title);
        this.buttons[index] = h('th', {scope: 'col', class: number ? 'number' : null, 'aria-sort': 'none'}, button);
        return this.buttons[index];
    }

    sortBy(index) {
        this.descending = this.sortedBy === index ? !this.descending : isNumber(this.columns[index].format);
        this.sortedBy = index;
        this.sort();
    }

    sort() {
        const column = this.sortedBy, sign = this.descending ? -1 : 1;
        if (column >= 0)
            this.rows.sort((a, b) => {
                const left = a.values[column], right = b.values[column];
                if (left === null || right === null)
                    return left === right ? a.index - b.index : left === null ? 1 : -1;
                return (left < right ? -sign : left > right ? sign : 0) || a.index - b.index;
            });
        this.buttons.forEach((header, i) =>
            header.setAttribute('aria-sort', i !== column ? 'none' : this.descending ? 'descending' : 'ascending'));
        this.filter(this.wanted);
    }

    filter(text) {
        this.wanted = text;
        const words = text.toLowerCase().split(/\s+/).filter(Boolean);
        const isWanted = (row) => [...this.only].every(([column, value]) => value === null || row.values[column] === value);
        const matches = (row) => isWanted(row) && words.every((word) => row.values.some((value) => typeof value === 'string' && value.toLowerCase().includes(word)));
        this.shown = this.rows.filter(matches);
        this.page = 0;
        this.render();
    }

    turn(by) {
        this.page += by;
        this.render();
    }

    render() {
        const size = this.fixed || isPrinting() ? PAPER_ROWS : PAGE_ROWS;
        const first = isPrinting() ? 0 : this.page * size;
        const rows = this.fixed ? this.rows : this.shown.slice(first, first + size);
        this.body.replaceChildren(...rows.map((row) => this.row(row, false)), ...(this.total ? [this.row(this.total, true)] : []));
        const all = this.shown.length;
        const place = all > rows.length ? `${count(first + 1)}\u2013${count(first + rows.length)} of ${count(all)} rows` : `${count(all)} rows`;
        this.status.textContent = place + (this.leftOut ? `; ${count(this.leftOut)} more are not in this page` : '');
        if (this.previous) {
            this.previous.disabled = this.page === 0;
            this.next.disabled = first + size >= all;
        }
    }

    row(row, isTotal) {
        return h('tr', {class: isTotal ? 'total' : null}, ...this.columns.map((column, i) => {
            const value = row.values[i], classes = [];
            if (isNumber(column.format))
                classes.push('number');
            if (typeof value === 'string' && value.length > LONG)
                classes.push('long');
            if (column.format === 'code')
                classes.push('code');
            if (column.format === 'percent' && value !== null)
                classes.push('share');
            if (this.best.has(row.index * this.columns.length + i))
                classes.push('best');
            const style = column.format === 'percent' && value !== null ? `--part: ${(100 * value / this.widest[i]).toFixed(1)}%` : null;
            return h(i === 0 ? 'th' : 'td', {class: classes.join(' ') || null, style, scope: i === 0 ? 'row' : null,
                title: classes.includes('best') ? 'the best' : null},
                i === 0 && this.choose ? h('button', {type: 'button', class: 'link', on: {click: () => this.choose(value)}}, String(value)) : cell(value, column.format));
        }));
    }
}

export const makeTable = (section) => new Table(section).element;
