// sweep_points.js - points as tables: the best of each objective, all of them; and one point with its figures and its spec.
import {h, scrollArea, select} from './dom.js';
import {cell, count} from './format.js';
import {makeTable} from './table.js';

const MOST_AXES = 24;

/** A choice that starts with `chosen`. */
export function choice(label, texts, chosen, choose) {
    const element = select(label, texts, choose);
    if (element) element.querySelector('select').selectedIndex = chosen;
    return element;
}

/** Above the tabs: whose figures are shown, and how many points the limits leave. */
export function pointControls(points) {
    const names = points.programs.length > 1 ? ['mean of all programs', ...points.programs] : points.programs;
    const program = choice('Program', names, points.program + 1, (index) => points.setProgram(index - 1));
    const status = h('span', {class: 'status', role: 'status'});
    const clear = h(
        'button',
        {type: 'button', id: 'clear-limits', hidden: true, on: {click: () => points.clearLimits()}},
        'Clear limits',
    );
    const update = () => {
        const isWanted = points.wanted();
        let left = 0;
        for (let i = 0; i < points.count; i++) left += Number(isWanted(i));
        status.textContent = points.limits.size
            ? `${count(left)} of ${count(points.count)} points are within the limits`
            : `${count(points.count)} points`;
        clear.hidden = !points.limits.size;
    };
    points.onChange(update);
    update();
    return h(
        'div',
        {class: 'toolbar points-bar', role: 'region', 'aria-label': 'Choices for all parts'},
        program,
        status,
        clear,
    );
}

/** Shows a point: settings, figures, and how its spec is had. */
export function showPoint(points, point) {
    const id = points.ids[point];
    const command = `hybridsim sweep spec ${points.data.file} ${id} -o my.yaml`;
    const spec = points.spec(point);
    const dialog = h('dialog', {class: 'point', 'aria-labelledby': 'point-title', on: {close: () => dialog.remove()}});
    const rows = points.settable.map((axis) => [axis.name, axis.texts[axis.numbers[point]]]);
    const figures = points.metrics
        .map((name, metric) => [name, points.column(metric).values[point]])
        .filter(([, value]) => value);
    const table = (title, list) =>
        h(
            'div',
            {},
            h('h3', {}, title),
            h(
                'table',
                {},
                h(
                    'tbody',
                    {},
                    ...list.map(([name, value]) =>
                        h(
                            'tr',
                            {},
                            h('th', {scope: 'row', class: 'code'}, name),
                            h('td', {class: typeof value === 'number' ? 'number' : 'code'}, cell(value, 'mean')),
                        ),
                    ),
                ),
            ),
        );
    dialog.append(
        h(
            'header',
            {},
            h('h2', {id: 'point-title'}, `Point ${id}`),
            h('button', {type: 'button', on: {click: () => dialog.close()}}, 'Close'),
        ),
        h('p', {class: 'note'}, 'A spec that `run --isa` takes, with which a run counts these figures:'),
        h('pre', {class: 'command', tabindex: '0'}, command),
        h('div', {class: 'pair'}, table('Settings', rows), table(`Figures (${points.column(0).text})`, figures)),
        spec
            ? h('details', {open: true}, h('summary', {}, 'Resolved spec'), h('pre', {class: 'spec', tabindex: '0'}, spec))
            : h(
                  'p',
                  {class: 'note'},
                  'The spec itself is not in this page: points have several bases, or too many combinations of settings.',
              ),
    );
    document.body.append(dialog);
    dialog.showModal();
}

/** The columns of points: number, metrics, axes. */
function tableSection(points, metrics, chosen, title) {
    const columns = metrics.map((metric) => points.column(metric).values);
    const axes = points.axes.slice(0, MOST_AXES);
    const isNumeric = axes.map((axis) => axis.texts.every((text) => text !== '' && !Number.isNaN(Number(text))));
    const place = new Map(points.ids.map((id, i) => [id, i]));
    return {
        title,
        fixed: false,
        has_total: false,
        best: [],
        sorted_by: -1,
        left_out: 0,
        columns: [
            {title: 'point', format: 'count'},
            ...metrics.map((metric) => ({title: points.metrics[metric], format: 'mean'})),
            ...axes.map((axis, i) => ({title: axis.name, format: isNumeric[i] ? 'mean' : 'text'})),
        ],
        rows: chosen.map((i) => [
            points.ids[i],
            ...columns.map((values) => (Number.isNaN(values[i]) ? null : values[i])),
            ...axes.map((axis, k) => (isNumeric[k] ? Number(axis.texts[axis.numbers[i]]) : axis.texts[axis.numbers[i]])),
        ]),
        choose: (id) => showPoint(points, place.get(id)),
    };
}

/** Points in a table that follows the choices above. */
export function pointTable(points, metrics, chosen, title) {
    return makeTable(tableSection(points, metrics, chosen, title));
}

const section = (data, ...children) =>
    h(
        'section',
        {class: 'section', id: data.id},
        h('h3', {}, data.title),
        data.note ? h('p', {class: 'note'}, data.note) : null,
        ...children,
    );

export const metricsOfInterest = (points) => {
    const names = [
        ...new Set([...points.objectives.map(({metric}) => metric), 'cycles', 'instructions', 'code_bytes', 'energy', 'area']),
    ];
    return names.map((name) => points.metrics.indexOf(name)).filter((metric) => metric >= 0);
};

export function makePointTable(data, points) {
    const place = h('div');
    const note = h('p', {class: 'note'});
    const update = () => {
        const isWanted = points.wanted();
        note.textContent = `Figures: ${points.column(0).text}. Sort by a header; choose a number to see the point.`;
        place.replaceChildren(
            pointTable(points, metricsOfInterest(points), points.ids.map((_, i) => i).filter(isWanted), data.title),
        );
    };
    points.onChange(update);
    update();
    return section(data, note, place);
}

export function makeBest(data, points) {
    const body = h('tbody');
    const update = () => {
        const isWanted = points.wanted();
        body.replaceChildren(
            ...points.objectives.map(({metric, program, most}) => {
                const {values, text} = points.column(points.metrics.indexOf(metric), program >= 0 ? program : points.program);
                let best = -1;
                for (let i = 0; i < points.count; i++)
                    if (
                        isWanted(i) &&
                        !Number.isNaN(values[i]) &&
                        (best < 0 || (most ? values[i] > values[best] : values[i] < values[best]))
                    )
                        best = i;
                return h(
                    'tr',
                    {},
                    h('th', {scope: 'row'}, `${most ? 'most' : 'least'} ${metric}`),
                    h('td', {}, text),
                    h('td', {class: 'number'}, best < 0 ? '' : cell(values[best], 'mean')),
                    h(
                        'td',
                        {},
                        best < 0
                            ? 'no point'
                            : h(
                                  'button',
                                  {type: 'button', class: 'link', on: {click: () => showPoint(points, best)}},
                                  `point ${points.ids[best]}`,
                              ),
                    ),
                    h('td', {class: 'code long'}, best < 0 ? '' : points.settingsText(best)),
                );
            }),
        );
    };
    points.onChange(update);
    update();
    const titles = ['objective', 'of', 'figure', 'point', 'settings'];
    const heads = titles.map((title) => h('th', {scope: 'col', class: title === 'figure' ? 'number' : null}, title));
    return section(data, scrollArea(data.title, h('table', {}, h('thead', {}, h('tr', {}, ...heads)), body)));
}
