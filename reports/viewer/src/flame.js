// flame.js - the zoomable graph of cycles by calling context. Drawn as SVG of our own: unlike the charts' library it makes each
// frame an element that the keyboard can reach and a search can mark, and it needs no further package (d3-flame-graph: all of d3).
import {layOut, makeTree, matchedShare, sortTree} from './calltree.js';
import {h, s, select} from './dom.js';
import {exportButton} from './export.js';
import {cut, FONT} from './fit.js';
import {count, share} from './format.js';
import {onPrint} from './print.js';
import {colour, isDark, onThemeChange} from './theme.js';

const ROW = 21;
const LEAST = 1;
const LEAST_NAMED = 18;
const MOST_ROWS = 60;
const PAPER_WIDTH = 680;
const METRICS = ['cycles', 'instructions'];

/** Hue and saturation by kind; the lightness varies by name, so that neighbours differ and a function looks the same everywhere. */
const TONES = {root: [215, 8], script: [208, 42], library: [38, 46], native: [158, 30], smaller: [0, 0], bundle: [0, 0]};

function tone(frame) {
    const [hue, saturation] = TONES[frame.kind];
    let hash = 0;
    for (const letter of frame.name) hash = (hash * 31 + letter.codePointAt(0)) >>> 0;
    const lightness = isDark() ? 26 + (hash % 9) : 72 + (hash % 12);
    return `hsl(${hue + (hash % 17) - 8} ${saturation}% ${lightness}%)`;
}

class FlameGraph {
    constructor(section) {
        this.section = section;
        this.trees = section.runs.map(makeTree);
        this.metric = METRICS[0];
        this.search = '';
        this.upsideDown = false;
        this.svg = s('svg', {
            class: 'flame',
            role: 'group',
            'aria-label': `${section.title}; arrow keys move, Enter zooms, Escape zooms out`,
        });
        this.place = h('div', {class: 'flame-place'}, this.svg);
        this.details = h('p', {class: 'details', 'aria-live': 'polite'});
        this.found = h('output', {class: 'status'});
        this.out = h('button', {type: 'button', on: {click: () => this.zoom(this.root)}}, 'Zoom out');
        this.note = h('p', {class: 'note'});
        this.element = h(
            'figure',
            {class: 'figure'},
            h(
                'figcaption',
                {},
                h('h3', {}, section.title),
                exportButton(section.id, section.title, () => this.svg),
            ),
            h('p', {class: 'note'}, section.note),
            this.toolbar(),
            this.details,
            this.place,
            this.legend(),
            this.note,
        );
        this.svg.addEventListener('click', (event) => this.onFrame(event, (frame) => this.zoom(frame)));
        this.svg.addEventListener('mouseover', (event) => this.onFrame(event, (frame) => this.describe(frame)));
        this.svg.addEventListener('focusin', (event) => this.onFrame(event, (frame) => this.describe(frame)));
        this.svg.addEventListener('keydown', (event) => this.onKey(event));
        onThemeChange(() => this.draw());
        onPrint((printing) => this.draw(printing ? PAPER_WIDTH : undefined));
        new ResizeObserver(() => {
            if (this.place.clientWidth && this.place.clientWidth !== this.width) this.draw();
        }).observe(this.place);
        this.choose(0);
    }

    toolbar() {
        const field = h('input', {
            type: 'search',
            placeholder: 'Search functions',
            'aria-label': 'Search the flame graph',
            on: {
                input: () => {
                    this.search = field.value.toLowerCase();
                    this.draw();
                },
            },
        });
        const flip = h(
            'button',
            {
                type: 'button',
                'aria-pressed': 'false',
                on: {
                    click: () => {
                        this.upsideDown = !this.upsideDown;
                        flip.setAttribute('aria-pressed', String(this.upsideDown));
                        this.draw();
                    },
                },
            },
            'Callers below',
        );
        return h(
            'div',
            {class: 'toolbar'},
            field,
            this.found,
            select(
                'ISA',
                this.section.runs.map((run) => run.isa),
                (index) => this.choose(index),
            ),
            select('Width', METRICS, (index) => {
                this.metric = METRICS[index];
                this.choose(this.index);
            }),
            flip,
            this.out,
        );
    }

    legend() {
        const key = (kind, text) => h('span', {class: 'key'}, h('i', {class: `key-${kind}`}), text);
        return h(
            'p',
            {class: 'keys'},
            key('script', 'the script'),
            key('library', 'other Python files'),
            key('native', 'native code'),
            key('smaller', 'several, too narrow to show'),
        );
    }

    choose(index) {
        this.index = index;
        this.root = this.trees[index];
        sortTree(this.root, this.metric);
        const left = this.section.runs[index].left_out;
        this.note.textContent = left
            ? `${count(left)} contexts with the fewest cycles are not in this page; frames called "(smaller ones)" stand for them.`
            : '';
        this.zoom(this.root);
    }

    zoom(frame) {
        this.top = frame;
        const hadFocus = this.svg.contains(document.activeElement);
        this.out.disabled = frame === this.root;
        this.draw();
        this.describe(frame);
        if (hadFocus) this.focus(frame);
    }

    describe(frame) {
        const metric = this.metric;
        const total = this.root.all[metric];
        this.details.textContent = [
            frame.name,
            frame.place,
            `${count(frame.all[metric])} ${metric} (${share(frame.all[metric], total)})`,
            frame.own[metric] === 0 || frame.kind === 'root' ? '' : `its own ${count(frame.own[metric])}`,
            frame.calls ? `${count(frame.calls)} call${frame.calls === 1 ? '' : 's'}` : '',
        ]
            .filter(Boolean)
            .join(' \u00b7 ');
    }

    onFrame(event, act) {
        const element = event.target.closest('.frame');
        const piece = element && this.pieces[element.dataset.piece];
        if (piece) act(piece.frame);
    }

    focus(frame) {
        const index = this.pieces.findIndex((piece) => piece.frame === frame);
        this.svg.querySelectorAll('.frame[tabindex="0"]').forEach((element) => element.setAttribute('tabindex', '-1'));
        const element = this.svg.querySelector(`[data-piece="${index}"]`);
        element?.setAttribute('tabindex', '0');
        element?.focus({preventScroll: false});
    }

    onKey(event) {
        const element = event.target.closest('.frame');
        const frame = element && this.pieces[element.dataset.piece].frame;
        if (!frame) return;
        const shown = new Set(this.pieces.map((piece) => piece.frame));
        const row = this.pieces
            .filter((piece) => piece.frame.parent === frame.parent && piece.frame.parent)
            .sort((a, b) => a.x - b.x)
            .map((piece) => piece.frame);
        const step = (by) => row[row.indexOf(frame) + by];
        const inward = this.pieces.find((piece) => piece.frame.parent === frame)?.frame;
        const to = {
            ArrowDown: this.upsideDown ? frame.parent : inward,
            ArrowUp: this.upsideDown ? inward : frame.parent,
            ArrowLeft: step(-1),
            ArrowRight: step(1),
            Home: this.root,
        }[event.key];
        if (event.key === 'Enter' || event.key === ' ') this.zoom(frame);
        else if (event.key === 'Escape') this.zoom(this.root);
        else if (to && shown.has(to)) this.focus(to);
        else if (!event.key.startsWith('Arrow')) return;
        event.preventDefault();
    }

    draw(forced) {
        const width = forced ?? this.place.clientWidth;
        if (!width) return;
        this.width = width;
        this.pieces = layOut(this.top, this.metric, width, LEAST).filter((piece) => piece.depth < this.top.depth + MOST_ROWS);
        const rows = 1 + this.pieces.reduce((most, piece) => Math.max(most, piece.depth), 0);
        const height = rows * ROW;
        const matches = (frame) =>
            this.search !== '' &&
            (frame.kind === 'bundle'
                ? frame.children.some(matches)
                : frame.name.toLowerCase().includes(this.search) || frame.place.toLowerCase().includes(this.search));
        for (const [name, value] of Object.entries({width, height, viewBox: `0 0 ${width} ${height}`}))
            this.svg.setAttribute(name, value);
        const inks = {text: colour('--text'), page: colour('--page'), marked: colour('--marked'), smaller: colour('--line')};
        const downTo = (depth) => (this.upsideDown ? height - (depth + 1) * ROW : depth * ROW);
        const frames = this.pieces.map((piece, index) => this.drawFrame(piece, index, downTo(piece.depth), matches, inks));
        const names = this.pieces.map((piece) => this.drawName(piece, downTo(piece.depth))).filter(Boolean);
        this.svg.replaceChildren(
            ...frames,
            s(
                'g',
                {
                    class: 'names',
                    fill: inks.text,
                    'font-size': 12,
                    'font-family': FONT,
                    'pointer-events': 'none',
                    'aria-hidden': 'true',
                },
                ...names,
            ),
        );
        this.svg
            .querySelector(`[data-piece="${this.pieces.findIndex((piece) => piece.frame === this.top)}"]`)
            ?.setAttribute('tabindex', '0');
        this.found.textContent = this.search
            ? `${share(matchedShare(this.root, this.metric, matches), 1)} of the ${this.metric}`
            : '';
    }

    drawFrame({frame, x, width, depth}, index, y, matches, inks) {
        const marked = matches(frame);
        const isRest = frame.kind === 'bundle' || frame.kind === 'smaller';
        const label = `${frame.name}, ${share(frame.all[this.metric], this.root.all[this.metric])}`;
        return s(
            'g',
            {
                class: marked ? 'frame marked' : 'frame',
                role: 'button',
                tabindex: '-1',
                'aria-label': label,
                data: {piece: index},
            },
            s('rect', {
                x: x.toFixed(2),
                y,
                width: Math.max(0.5, width - (width > 3 ? 1 : 0)).toFixed(2),
                height: ROW - 1,
                rx: width > 6 ? 2 : 0,
                fill: marked ? inks.marked : isRest ? inks.smaller : tone(frame),
                opacity: this.search && !marked ? 0.45 : depth < this.top.depth ? 0.6 : 1,
            }),
        );
    }

    /** Names lie above the frames, whose labels have them in full. */
    drawName({frame, x, width}, y) {
        const text = width < LEAST_NAMED ? '' : frame.kind === 'bundle' ? '\u2026' : cut(frame.name, width - 9);
        return text ? s('text', {x: (x + 4).toFixed(2), y: y + 14.5}, text) : null;
    }
}

export const makeFlame = (section) => {
    const graph = new FlameGraph(section);
    return {element: graph.element, start: () => graph.draw()};
};
