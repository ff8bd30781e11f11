// sweep_heatmap.js - a metric over any two axes: the mean, or the best, of the points that have both values.
import {base, inkOn, makeFigure, mix, palette} from './charts.js';
import {h, s} from './dom.js';
import {close, mean, sentence} from './format.js';
import {choice} from './sweep_points.js';

const ROW = 34;
const TOP = 12;
const BOTTOM = 56;

export function makeHeatmap(data, points) {
    const chosen = {
        x: 0,
        y: Math.min(1, points.axes.length - 1),
        metric: Math.max(0, points.metrics.indexOf(points.objectives[0].metric)),
        best: false,
    };
    const most = () => points.objectives.some(({metric, most: more}) => more && metric === points.metrics[chosen.metric]);
    const note = h('p', {class: 'note'});

    /** For each pair of values the mean (as of programs: geometric where all are above 0) or the best. */
    function compute() {
        const x = points.axes[chosen.x];
        const y = points.axes[chosen.y];
        const {values, logarithmic, text} = points.column(chosen.metric);
        const isWanted = points.wanted();
        const size = x.texts.length * y.texts.length;
        const sums = new Float64Array(size);
        const counts = new Uint32Array(size);
        const bests = new Float64Array(size).fill(NaN);
        for (let i = 0; i < points.count; i++) {
            if (!isWanted(i) || Number.isNaN(values[i])) continue;
            const at = y.numbers[i] * x.texts.length + x.numbers[i];
            sums[at] += logarithmic ? Math.log(values[i]) : values[i];
            counts[at]++;
            if (!(most() ? values[i] <= bests[at] : values[i] >= bests[at])) bests[at] = values[i];
        }
        const cells = chosen.best
            ? bests
            : sums.map((sum, at) => (counts[at] ? (logarithmic ? Math.exp(sum / counts[at]) : sum / counts[at]) : NaN));
        const average = logarithmic ? 'the geometric mean' : 'the mean';
        const what = chosen.best ? `the ${most() ? 'most' : 'least'}` : average;
        note.textContent =
            `${sentence(`${points.metrics[chosen.metric]} (${text}): ${what} over all points that have both values`)} ` +
            'Their other axes may have any.';
        return {x, y, cells, counts};
    }

    function paint(place, width, height) {
        const {x, y, cells, counts} = compute();
        const style = base();
        const left = Math.min(240, 24 + 7 * Math.max(...y.texts.map((text) => text.length), 4)) + 18;
        const room = (width - left - 8) / x.texts.length;
        const known = [...cells].filter((value) => !Number.isNaN(value));
        const least = Math.min(...known);
        const span = Math.max(...known) - least || 1;
        const svg = s('svg', {width, height, 'font-family': 'system-ui, sans-serif', 'font-size': 12});
        const label = (text, at, down, anchor, fill = style.colours.muted) =>
            s('text', {x: at, y: down, 'text-anchor': anchor, fill}, text);
        y.texts.forEach((text, row) => svg.append(label(text, left - 8, TOP + row * ROW + ROW / 2 + 4, 'end')));
        x.texts.forEach((text, column) => {
            if (room > 7 * text.length || column % Math.ceil((7 * text.length) / room) === 0)
                svg.append(label(text, left + (column + 0.5) * room, TOP + y.texts.length * ROW + 18, 'middle'));
        });
        const middle = TOP + (y.texts.length * ROW) / 2;
        svg.append(
            s(
                'text',
                {x: 14, y: middle, 'text-anchor': 'middle', fill: style.colours.text, transform: `rotate(-90 14 ${middle})`},
                y.name.split('.').at(-1),
            ),
        );
        svg.append(
            label(x.name, left + (room * x.texts.length) / 2, TOP + y.texts.length * ROW + 40, 'middle', style.colours.text),
        );
        cells.forEach((value, at) => {
            if (Number.isNaN(value)) return;
            const column = at % x.texts.length;
            const row = Math.floor(at / x.texts.length);
            const part = (value - least) / span;
            const fill = mix(palette[0], style.colours.page, (1 - part) * 0.92);
            svg.append(
                s(
                    'rect',
                    {
                        class: 'cell',
                        x: left + column * room + 1,
                        y: TOP + row * ROW + 1,
                        width: Math.max(1, room - 2),
                        height: ROW - 2,
                        rx: 2,
                        fill,
                    },
                    s(
                        'title',
                        {},
                        `${x.name}: ${x.texts[column]}, ${y.name}: ${y.texts[row]}: ${mean(value)} (${counts[at]} points)`,
                    ),
                ),
            );
            if (room > 52)
                svg.append(
                    label(
                        close(value, span),
                        left + (column + 0.5) * room,
                        TOP + row * ROW + ROW / 2 + 4,
                        'middle',
                        inkOn(fill),
                    ),
                );
        });
        place.replaceChildren(svg);
    }

    const figure = makeFigure(
        {...data, note: null},
        () => TOP + BOTTOM + Math.max(1, points.axes[chosen.y]?.texts.length ?? 1) * ROW,
        paint,
    );
    const names = points.axes.map((axis) => axis.name);
    const set = (key) => (index) => {
        chosen[key] = index;
        figure.start();
    };
    points.onChange(() => figure.start());
    const controls = h(
        'div',
        {class: 'toolbar'},
        choice('Across', names, chosen.x, set('x')),
        choice('Down', names, chosen.y, set('y')),
        choice('Metric', points.metrics, chosen.metric, set('metric')),
        choice('Cells show', ['the mean', 'the best'], 0, (index) => {
            chosen.best = index === 1;
            figure.start();
        }),
    );
    if (!points.axes.length) return h('p', {class: 'note'}, 'The points have no axes.');
    return {
        element: h('div', {class: 'section', id: `${data.id}-part`}, figure.element, controls, note),
        start: () => figure.start(),
    };
}
