// rows.js - a list of any length of which only the rows in sight are in the document; one can be chosen, by mouse or keyboard.
import {h} from './dom.js';
import {count} from './format.js';
import {isPrinting, onPrint} from './print.js';

const ROW = 20;
const SPARE = 12;
const PAPER_ROWS = 1500;

export class Rows {
    /**
     * @param {string} label
     * @param {HTMLElement} heading
     * @param {(index: number) => HTMLElement} render
     * @param {(index: number) => void} choose
     * @param {string} ifEmpty what is said when there are no rows
     */
    constructor(label, heading, render, choose, ifEmpty) {
        this.render = render;
        this.choose = choose;
        this.count = 0;
        this.current = -1;
        this.id = `rows-${(Rows.made = (Rows.made ?? 0) + 1)}`;
        this.space = h('div', {class: 'rows-space'});
        this.list = h(
            'div',
            {
                class: 'rows',
                role: 'listbox',
                tabindex: '0',
                'aria-label': label,
                on: {
                    scroll: () => this.draw(),
                    keydown: (event) => this.onKey(event),
                    click: (event) => this.onClick(event),
                },
            },
            this.space,
        );
        this.empty = h('p', {class: 'note empty', hidden: true}, ifEmpty);
        this.paper = h('p', {class: 'note on-paper'});
        this.element = h('div', {class: 'pane'}, heading, this.empty, this.list, this.paper);
        new ResizeObserver(() => this.draw()).observe(this.list);
        onPrint(() => this.draw());
    }

    setCount(count) {
        this.count = count;
        this.empty.hidden = count > 0;
        this.current = -1;
        this.list.scrollTop = 0;
        this.draw();
    }

    draw() {
        const all = isPrinting();
        const first = all ? 0 : Math.max(0, Math.floor(this.list.scrollTop / ROW) - SPARE);
        const end = all ? PAPER_ROWS : Math.ceil((this.list.scrollTop + this.list.clientHeight) / ROW) + SPARE;
        const last = Math.min(this.count, end);
        this.paper.textContent = all && last < this.count ? `${count(this.count - last)} more rows are not printed.` : '';
        const rows = [];
        for (let index = first; index < last; index++) {
            const row = this.render(index);
            row.style.top = `${index * ROW}px`;
            row.id = `${this.id}-${index}`;
            row.dataset.index = index;
            row.setAttribute('role', 'option');
            row.setAttribute('aria-selected', String(row.classList.contains('chosen')));
            row.setAttribute('aria-setsize', this.count);
            row.setAttribute('aria-posinset', index + 1);
            rows.push(row);
        }
        this.space.style.height = `${(all ? last : this.count) * ROW}px`;
        this.space.replaceChildren(...rows);
        if (this.current >= first && this.current < last)
            this.list.setAttribute('aria-activedescendant', `${this.id}-${this.current}`);
        else this.list.removeAttribute('aria-activedescendant');
    }

    /** Brings a row into sight, a third from the top unless it is there already. */
    show(index) {
        const top = index * ROW;
        const height = this.list.clientHeight;
        this.current = index;
        if (top < this.list.scrollTop || top + ROW > this.list.scrollTop + height)
            this.list.scrollTop = Math.max(0, top - height / 3);
        this.draw();
    }

    onClick(event) {
        const row = event.target.closest('[data-index]');
        if (row) this.take(Number(row.dataset.index));
    }

    onKey(event) {
        const page = Math.max(1, Math.floor(this.list.clientHeight / ROW) - 1);
        const by = {ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -this.count, End: this.count}[event.key];
        if (!by || !this.count) return;
        event.preventDefault();
        this.take(Math.min(this.count - 1, Math.max(0, this.current + by)));
    }

    take(index) {
        this.current = index;
        this.choose(index);
        this.show(index);
    }
}
