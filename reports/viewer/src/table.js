// table.js - tables that can be sorted, filtered and paged through; fixed ones stay as they are.
import {breakable, h, scrollArea, select} from './dom.js';
import {cell, count, isNumber} from './format.js';
import {isPrinting, onPrint} from './print.js';

const PAGE_ROWS = 50;
const PAPER_ROWS = 200;
const FILTER_FROM = 12;
const FEW = 6;
const LONG = 48;
const MANY = 9; // columns: smaller letters on paper

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
        this.widest = this.columns.map((column, i) =>
            column.format !== 'percent' ? 0 : this.rows.reduce((most, row) => Math.max(most, row.values[i] ?? 0), 1e-9),
        );
        this.body = h('tbody');
        this.buttons = [];
        this.status = h('span', {class: 'status', role: 'status'});
        this.paper = h('p', {class: 'note on-paper'});
        const head = h(
            'thead',
            {on: {keydown: (event) => this.onKey(event)}},
            h('tr', {}, ...this.columns.map((column, i) => this.header(column, i))),
        );
        const {length} = this.columns;
        const many = length > MANY ? {class: 'many', style: `--columns: ${length}`} : {};
        this.element = h(
            'div',
            {class: 'table'},
            this.toolbar(section.title),
            scrollArea(section.title, h('table', many, head, this.body)),
            this.paper,
        );
        this.shown = this.rows;
        this.sort();
        onPrint(() => this.render());
    }

    toolbar(title) {
        if (this.fixed || (this.rows.length <= FILTER_FROM && !this.leftOut)) return null;
        const filter = h('input', {
            type: 'search',
            'aria-label': `Filter ${title}`,
            placeholder: 'Filter',
            on: {input: () => this.filter(filter.value)},
        });
        this.previous = h('button', {type: 'button', on: {click: () => this.turn(-1)}}, 'Previous');
        this.next = h('button', {type: 'button', on: {click: () => this.turn(1)}}, 'Next');
        const pager = h('span', {class: 'pager', hidden: this.rows.length <= PAGE_ROWS}, this.previous, this.next);
        return h(
            'div',
            {class: 'toolbar'},
            filter,
            ...this.columns.map((column, i) => this.facet(column, i)),
            this.status,
            pager,
        );
    }

    /** A choice among the few values that a column has. */
    facet(column, index) {
        const values = new Set();
        for (const row of this.rows) if (values.add(row.values[index]).size > FEW || isNumber(column.format)) return null;
        const texts = [...values].filter(Boolean);
        return texts.length < 2
            ? null
            : select(column.title, ['all', ...texts], (at) => {
                  this.only.set(index, at ? texts[at - 1] : null);
                  this.filter(this.wanted);
              });
    }

    header(column, index) {
        const number = isNumber(column.format);
        if (this.fixed)
            return h('th', {scope: 'col', class: number ? 'number' : null, title: column.hint}, ...breakable(column.title));
        const button = h(
            'button',
            {type: 'button', title: column.hint, on: {click: () => this.sortBy(index)}},
            ...breakable(column.title),
        );
        this.buttons[index] = h('th', {scope: 'col', class: number ? 'number' : null, 'aria-sort': 'none'}, button);
        return this.buttons[index];
    }

    /** Arrow keys go from header to header. */
    onKey(event) {
        const buttons = this.buttons.map((header) => header.firstChild);
        const at = buttons.indexOf(event.target);
        const to = {ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: buttons.length - 1}[event.key];
        if (at < 0 || to === undefined) return;
        event.preventDefault();
        buttons[to]?.focus();
    }

    sortBy(index) {
        this.descending = this.sortedBy === index ? !this.descending : isNumber(this.columns[index].format);
        this.sortedBy = index;
        this.sort();
    }

    sort() {
        const column = this.sortedBy;
        const sign = this.descending ? -1 : 1;
        if (column >= 0)
            this.rows.sort((a, b) => {
                const left = a.values[column];
                const right = b.values[column];
                if (left === null || right === null) return left === right ? a.index - b.index : left === null ? 1 : -1;
                return (left < right ? -sign : left > right ? sign : 0) || a.index - b.index;
            });
        this.buttons.forEach((header, i) =>
            header.setAttribute('aria-sort', i !== column ? 'none' : this.descending ? 'descending' : 'ascending'),
        );
        this.filter(this.wanted);
    }

    filter(text) {
        this.wanted = text;
        const words = text.toLowerCase().split(/\s+/).filter(Boolean);
        const isWanted = (row) => [...this.only].every(([column, value]) => value === null || row.values[column] === value);
        const contains = (value, word) => typeof value === 'string' && value.toLowerCase().includes(word);
        const matches = (row) => isWanted(row) && words.every((word) => row.values.some((value) => contains(value, word)));
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
        this.body.replaceChildren(
            ...rows.map((row) => this.row(row, false)),
            ...(this.total ? [this.row(this.total, true)] : []),
        );
        const all = this.shown.length;
        const place =
            all > rows.length
                ? `${count(first + 1)}\u2013${count(first + rows.length)} of ${count(all)} rows`
                : all === 1
                  ? '1 row'
                  : `${count(all)} rows`;
        this.status.textContent = place + (this.leftOut ? `; ${count(this.leftOut)} more are not in this page` : '');
        this.paper.textContent = rows.length < all || this.leftOut ? this.status.textContent : '';
        if (this.previous) {
            this.previous.disabled = this.page === 0;
            this.next.disabled = first + size >= all;
        }
    }

    row(row, isTotal) {
        return h(
            'tr',
            {class: isTotal ? 'total' : null},
            ...this.columns.map((column, i) => {
                const value = row.values[i];
                const classes = [];
                if (isNumber(column.format)) classes.push('number');
                if (column.format === 'code') classes.push('code');
                if (typeof value === 'string' && value.length > LONG) classes.push('long');
                if (column.format === 'percent' && value !== null) classes.push('share');
                if (this.best.has(row.index * this.columns.length + i)) classes.push('best');
                const style = classes.includes('share') ? `--part: ${(value / this.widest[i]).toFixed(3)}` : null;
                const properties = {
                    class: classes.join(' ') || null,
                    style,
                    title: classes.includes('best') ? 'the best' : null,
                };
                if (i > 0) return h('td', properties, cell(value, column.format));
                const chooser =
                    this.choose && h('button', {type: 'button', class: 'link', on: {click: () => this.choose(value)}});
                chooser?.append(String(value));
                return h('th', {...properties, scope: 'row'}, chooser ?? cell(value, column.format));
            }),
        );
    }
}

export const makeTable = (section) => new Table(section).element;
