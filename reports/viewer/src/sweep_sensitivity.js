// sweep_sensitivity.js - what each axis changes: between the means of its values and of the variance, as `sweep show --sensitivity`
// counts it, and one axis at a time around the base and the best point.
import {makeBars} from './bars.js';
import {h} from './dom.js';
import {makeTable} from './table.js';
import {choice} from './sweep_points.js';

/** An axis' means at its least and most, and the share of the variance that lies between its values. */
function measure(axis, values, logarithmic) {
    const sums = new Float64Array(axis.texts.length);
    const counts = new Uint32Array(axis.texts.length);
    let sum = 0;
    let squares = 0;
    let all = 0;
    for (let i = 0; i < values.length; i++) {
        if (Number.isNaN(values[i])) continue;
        const value = logarithmic ? Math.log(values[i]) : values[i];
        sums[axis.numbers[i]] += value;
        counts[axis.numbers[i]]++;
        sum += value;
        squares += value * value;
        all++;
    }
    const mean = sum / all;
    const variance = squares - sum * mean;
    const levels = axis.texts.map((_, i) => i).filter((i) => counts[i]);
    const of = (i) => sums[i] / counts[i];
    const scaled = (value) => (logarithmic ? Math.exp(value) : value);
    const least = levels.reduce((a, b) => (of(b) < of(a) ? b : a));
    const most = levels.reduce((a, b) => (of(b) > of(a) ? b : a));
    const between = levels.reduce((total, i) => total + counts[i] * (of(i) - mean) ** 2, 0);
    const low = scaled(of(least));
    const high = scaled(of(most));
    return {
        count: levels.length,
        low,
        least: axis.texts[least],
        high,
        most: axis.texts[most],
        ratio: low > 0 ? high / low : 0,
        share: variance > 1e-12 * squares ? (100 * between) / variance : 0,
    };
}

/** For each axis the least and most of the points that differ from `centre` there only. */
function oneAtATime(points, values, centre) {
    const found = points.axes.map(() => [centre]);
    for (let i = 0; i < points.count; i++) {
        let at = -1;
        let differences = 0;
        for (let k = 0; k < points.axes.length && differences < 2; k++)
            if (points.axes[k].numbers[i] !== points.axes[k].numbers[centre]) {
                at = k;
                differences++;
            }
        if (differences === 1 && !Number.isNaN(values[i])) found[at].push(i);
    }
    return points.axes
        .map((axis, k) => {
            if (found[k].length < 2) return null;
            const least = found[k].reduce((a, b) => (values[b] < values[a] ? b : a));
            const most = found[k].reduce((a, b) => (values[b] > values[a] ? b : a));
            return [
                axis.name,
                found[k].length,
                values[least],
                axis.texts[axis.numbers[least]],
                values[most],
                axis.texts[axis.numbers[most]],
                values[least] > 0 ? values[most] / values[least] : null,
            ];
        })
        .filter(Boolean);
}

/** The point where every axis is as in the base; -1: there is none. */
function basePoint(points) {
    for (let i = 0; i < points.count; i++)
        if (points.axes.every((axis) => axis.base >= 0 && axis.numbers[i] === axis.base)) return i;
    return -1;
}

/** The point with the least; -1: none has a result. */
function leastPoint(points, values) {
    let best = -1;
    for (let i = 0; i < points.count; i++) if (!Number.isNaN(values[i]) && (best < 0 || values[i] < values[best])) best = i;
    return best;
}

/** One axis at a time, around the base if it is a point, and around the point with the least. */
function around(points, values) {
    const base = basePoint(points);
    const least = leastPoint(points, values);
    const centres = [];
    if (base >= 0 && !Number.isNaN(values[base])) centres.push([base, 'the base']);
    if (least >= 0 && least !== base) centres.push([least, 'the point with the least']);
    return centres.flatMap(([centre, name]) => {
        const rows = oneAtATime(points, values, centre);
        return [
            h('h3', {}, `One axis at a time, around ${name}`),
            h(
                'p',
                {class: 'note'},
                `Point ${points.ids[centre]} (${points.settingsText(centre)}), and points that differ from it in one axis only.`,
            ),
            rows.length
                ? makeTable({...fixed, title: `One axis at a time, around ${name}`, columns: columns('least', 'most'), rows})
                : h('p', {class: 'note'}, 'No other point differs from it in one axis only.'),
        ];
    });
}

const columns = (least, most) => [
    {title: 'axis', format: 'code'},
    {title: 'values', format: 'count'},
    {title: least, format: 'mean'},
    {title: 'at', format: 'text'},
    {title: most, format: 'mean'},
    {title: 'at', format: 'text'},
    {title: 'ratio', format: 'ratio'},
];
const fixed = {fixed: true, has_total: false, best: [], sorted_by: -1, left_out: 0};

export function makeSensitivity(data, points) {
    let metric = Math.max(0, points.metrics.indexOf(points.objectives[0].metric));
    const place = h('div', {class: 'section'});
    function update() {
        const {values, logarithmic, text} = points.column(metric);
        const name = points.metrics[metric];
        const rows = points.axes.map((axis) => ({name: axis.name, ...measure(axis, values, logarithmic)}));
        const order = [...rows].sort((a, b) => b.share - a.share);
        const bars = makeBars({
            id: 'variance',
            title: `Share of the variance of ${name}`,
            note: logarithmic ? 'Of its logarithm' : null,
            groups: order.map((row) => row.name),
            series: [text],
            values: order.map((row) => row.share),
            hatched_values: order.map(() => 0),
            totals: [100],
            colours: order.map(() => '#33658a'),
            solid: 'percent',
        });
        place.replaceChildren(
            bars.element,
            h('h3', {}, 'Means of the values of each axis'),
            h(
                'p',
                {class: 'note'},
                `${text}; the means are over all points of the page that have the value, whatever limits are set: ` +
                    (points.all > points.count
                        ? `as "sweep show --sensitivity=${name}" prints of all points.`
                        : `what "sweep show --sensitivity=${name}" prints.`),
            ),
            makeTable({
                ...fixed,
                title: 'Means',
                columns: [...columns('mean, least', 'mean, most'), {title: 'of var.', format: 'percent'}],
                rows: rows.map((row) => [row.name, row.count, row.low, row.least, row.high, row.most, row.ratio, row.share]),
            }),
            ...(points.derived.length
                ? [
                      h(
                          'p',
                          {class: 'note'},
                          `Computed of the axes, and not listed: ${points.derived.map((axis) => axis.name).join(', ')}.`,
                      ),
                  ]
                : []),
            ...around(points, values),
        );
        bars.start();
    }
    points.onChange(update);
    return {
        element: h(
            'section',
            {class: 'section', id: data.id},
            h(
                'div',
                {class: 'toolbar'},
                choice('Metric', points.metrics, metric, (index) => {
                    metric = index;
                    update();
                }),
            ),
            place,
        ),
        start: update,
    };
}
