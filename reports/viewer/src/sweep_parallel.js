// sweep_parallel.js - parallel coordinates: a line a point, over axes and metrics. Limits are drawn on an axis with the mouse, or
// chosen below; points outside of them become pale, here and in the other parts of the page.
import {base, makeFigure, mix, palette} from './charts.js';
import {h, s} from './dom.js';
import {cut, widest} from './fit.js';
import {close, count, mean} from './format.js';
import {choice, metricsOfInterest} from './sweep_points.js';

const HEIGHT = 440;
const TOP = 54;
const BOTTOM = 26;
const SIDE = 70;
const MOST_LINES = 1200;
const MOST_TICKS = 9;
const LEAST_STEP = 84;

/** A vertical axis: where a point is on it, from 0 (bottom) to 1. */
function makeDimension(points, kind, number) {
    if (kind === 'axis') {
        const axis = points.axes[number];
        const last = Math.max(1, axis.texts.length - 1);
        return {
            key: `axis:${number}`,
            name: axis.name,
            values: axis.numbers,
            least: 0,
            most: last,
            steps: axis.texts,
            text: (value) => axis.texts[Math.round(value)] ?? '',
        };
    }
    const {values} = points.column(number);
    let least = Infinity;
    let most = -Infinity;
    for (const value of values)
        if (!Number.isNaN(value)) {
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
    return {
        key: `metric:${number}`,
        name: points.metrics[number],
        values,
        least,
        most: most > least ? most : least + 1,
        steps: null,
        text: (value) => close(value, most - least),
    };
}

/** The values that are written beside an axis. */
function ticksOf({steps, least, most, text}) {
    const every = Math.ceil((steps?.length ?? 1) / MOST_TICKS);
    const values = steps
        ? steps.map((_, i) => i).filter((i) => i % every === 0)
        : Array.from({length: 5}, (_, i) => least + ((most - least) * i) / 4);
    return values.map((value) => ({value, text: text(value)}));
}

export function makeParallel(data, points) {
    const note = h('p', {class: 'note'});
    const limits = h('div', {class: 'toolbar'});
    let dimensions = [];
    let chosen = 0;

    function compute() {
        const varying = points.axes.map((axis, i) => (axis.texts.length > 1 ? i : -1)).filter((i) => i >= 0);
        const changes = (metric) => {
            const {values} = points.column(metric);
            return values.some((value) => value !== values[0]);
        };
        const metrics = metricsOfInterest(points)
            .filter((metric, i) => i === 0 || changes(metric))
            .map((metric) => makeDimension(points, 'metric', metric));
        dimensions = [...varying.map((axis) => makeDimension(points, 'axis', axis)), ...metrics];
    }

    const placeOf = (dimension, value) =>
        TOP + (HEIGHT - TOP - BOTTOM) * (1 - (value - dimension.least) / (dimension.most - dimension.least));
    const valueAt = (dimension, y) =>
        dimension.least +
        (dimension.most - dimension.least) *
            (1 - (Math.min(HEIGHT - BOTTOM, Math.max(TOP, y)) - TOP) / (HEIGHT - TOP - BOTTOM));

    const drawLine = (i, xs) =>
        dimensions
            .map((dimension, k) => `${k ? 'L' : 'M'}${xs[k].toFixed(0)} ${placeOf(dimension, dimension.values[i]).toFixed(1)}`)
            .join('');

    function drawAxis(dimension, x, room, colours) {
        const group = s('g', {class: 'dimension', 'data-key': dimension.key});
        const words = dimension.name.split('.');
        const limit = points.limits.get(dimension.key);
        group.append(s('title', {}, dimension.name));
        words
            .slice(-2)
            .forEach((word, i) =>
                group.append(
                    s(
                        'text',
                        {x, y: 18 + 15 * i, 'text-anchor': 'middle', fill: colours.text, 'font-size': 11, 'font-weight': 600},
                        cut(word, room, 12),
                    ),
                ),
            );
        group.append(s('line', {x1: x, x2: x, y1: TOP, y2: HEIGHT - BOTTOM, stroke: colours.muted}));
        for (const {value, text} of ticksOf(dimension))
            group.append(
                s(
                    'text',
                    {
                        x: x + 5,
                        y: placeOf(dimension, value) + 4,
                        fill: colours.muted,
                        stroke: colours.page,
                        'stroke-width': 3,
                        'paint-order': 'stroke',
                    },
                    text,
                ),
            );
        if (limit) {
            const half = dimension.steps ? 0.4 : 0;
            const top = placeOf(dimension, Math.min(dimension.most + half, limit[1] + half));
            const bottom = placeOf(dimension, Math.max(dimension.least - half, limit[0] - half));
            group.append(
                s('rect', {
                    class: 'limit',
                    x: x - 8,
                    y: top,
                    width: 16,
                    height: Math.max(3, bottom - top),
                    fill: palette[1],
                    'fill-opacity': 0.4,
                    stroke: palette[1],
                }),
            );
        }
        group.append(
            s('rect', {
                class: 'brush',
                x: x - 14,
                y: TOP - 6,
                width: 28,
                height: HEIGHT - TOP - BOTTOM + 12,
                fill: 'transparent',
                style: 'cursor: crosshair; touch-action: none',
                on: {pointerdown: (event) => brush(event, dimension)},
            }),
        );
        return group;
    }

    /** From where the button is pressed to where it is released; a click takes the limit away. */
    function brush(event, dimension) {
        const area = event.target;
        const top = area.ownerSVGElement.getBoundingClientRect().top;
        const from = event.clientY - top;
        area.setPointerCapture(event.pointerId);
        area.addEventListener(
            'pointerup',
            (end) => {
                const to = end.clientY - top;
                const [low, high] = [valueAt(dimension, Math.max(from, to)), valueAt(dimension, Math.min(from, to))];
                points.setLimit(
                    dimension.key,
                    Math.abs(from - to) < 4
                        ? null
                        : dimension.steps
                          ? [Math.ceil(low - 0.4), Math.floor(high + 0.4)]
                          : [low, high],
                );
            },
            {once: true},
        );
    }

    function paint(place, width) {
        compute();
        const {colours} = base();
        const isWanted = points.wanted();
        const right = 12 + widest(ticksOf(dimensions.at(-1)).map(({text}) => text));
        const step = (width - 0.75 * SIDE - right) / Math.max(1, dimensions.length - 1);
        const xs = dimensions.map((_, i) => 0.75 * SIDE + i * step);
        const inside = [];
        const outside = [];
        for (let i = 0; i < points.count; i++)
            if (dimensions.every(({values}) => !Number.isNaN(values[i]))) (isWanted(i) ? inside : outside).push(i);
        const some = (list, most) =>
            list.length <= most
                ? list
                : list.filter((_, i) => Math.floor((i * most) / list.length) !== Math.floor(((i - 1) * most) / list.length));
        const drawn = some(inside, MOST_LINES);
        const pale = some(outside, MOST_LINES / 2);
        const svg = s(
            'svg',
            {width, height: HEIGHT, 'font-family': 'system-ui, sans-serif', 'font-size': 12},
            s('path', {
                class: 'outside',
                d: pale.map((i) => drawLine(i, xs)).join(''),
                fill: 'none',
                stroke: mix('#888888', colours.page, 0.75),
                'stroke-width': 0.7,
            }),
            s(
                'g',
                {
                    class: 'inside',
                    fill: 'none',
                    stroke: palette[0],
                    'stroke-width': 1,
                    'stroke-opacity': drawn.length > 300 ? 0.15 : 0.7,
                },
                ...drawn.map((i) => s('path', {d: drawLine(i, xs)})),
            ),
            ...dimensions.map((dimension, i) => drawAxis(dimension, xs[i], step - 8, colours)),
        );
        place.replaceChildren(svg);
        const every = drawn.length < inside.length ? `, every ${mean(inside.length / drawn.length)}th is drawn` : '';
        note.textContent =
            `Figures: ${points.column(0).text}. Draw on an axis, from the least to the most that is wanted, or set limits ` +
            `below; a click on the axis takes them away. ${count(inside.length)} points are within the limits${every}.`;
        updateLimits();
    }

    /** The same by keyboard. */
    function updateLimits() {
        chosen = Math.min(chosen, dimensions.length - 1);
        const dimension = dimensions[chosen];
        const stops = dimension.steps
            ? dimension.steps.map((_, i) => i)
            : Array.from({length: 21}, (_, i) => dimension.least + ((dimension.most - dimension.least) * i) / 20);
        const [least, most] = points.limits.get(dimension.key) ?? [stops[0], stops.at(-1)];
        const nearest = (value) =>
            stops.reduce((best, stop, i) => (Math.abs(stop - value) < Math.abs(stops[best] - value) ? i : best), 0);
        const focused = limits.contains(document.activeElement)
            ? [...limits.querySelectorAll('select')].indexOf(document.activeElement)
            : -1;
        const set = (low, high) => points.setLimit(dimension.key, low <= stops[0] && high >= stops.at(-1) ? null : [low, high]);
        limits.replaceChildren(
            ...[
                choice(
                    'Limit',
                    dimensions.map(({name}) => name),
                    chosen,
                    (index) => {
                        chosen = index;
                        updateLimits();
                    },
                ),
                choice('from', stops.map(dimension.text), nearest(least), (index) =>
                    set(stops[index], Math.max(most, stops[index])),
                ),
                choice('to', stops.map(dimension.text), nearest(most), (index) =>
                    set(Math.min(least, stops[index]), stops[index]),
                ),
            ].filter(Boolean),
        );
        limits.querySelectorAll('select')[focused]?.focus();
    }

    compute();
    const figure = makeFigure(
        {...data, note: null},
        () => HEIGHT,
        paint,
        () => LEAST_STEP * dimensions.length,
    );
    points.onChange(() => figure.start());
    return {
        element: h('div', {class: 'section', id: `${data.id}-part`}, figure.element, limits, note),
        start: () => figure.start(),
    };
}
