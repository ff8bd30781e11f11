// sweep_pareto.js - any two metrics against each other: the front of points that no other is better than, the dominated ones grey.
import {base, makeChart, palette} from './charts.js';
import {h} from './dom.js';
import {compact, count, mean} from './format.js';
import {choice, pointTable, showPoint} from './sweep_points.js';

const CELL = 3;
const HEIGHT = 460;

export function makePareto(data, points) {
    const [first, second] = points.objectives;
    const indexOf = (objective) => points.metrics.indexOf(objective.metric);
    const axes = [
        {metric: indexOf(first), most: first.most},
        {metric: second ? indexOf(second) : Math.max(0, points.metrics.indexOf('code_bytes')), most: second?.most ?? false},
    ];
    const note = h('p', {class: 'note'});
    const place = h('div');
    let state;

    function compute() {
        const [x, y] = axes;
        const isWanted = points.wanted();
        const {columns, text} = points.together([x.metric, y.metric]);
        const front = points.front(columns[0], columns[1], [x.most ? -1 : 1, y.most ? -1 : 1], isWanted);
        const onFront = new Set(front);
        const others = [];
        for (let i = 0; i < points.count; i++)
            if (isWanted(i) && !onFront.has(i) && !Number.isNaN(columns[0][i]) && !Number.isNaN(columns[1][i])) others.push(i);
        state = {columns, front, others, text};
    }

    /** One point of those that would be drawn at the same place. */
    function thin(list, width) {
        const [x, y] = state.columns;
        const range = (values) => {
            let least = Infinity;
            let most = -Infinity;
            for (const i of [...state.front, ...list]) {
                least = Math.min(least, values[i]);
                most = Math.max(most, values[i]);
            }
            return [least, most - least || 1];
        };
        const [left, wide] = range(x);
        const [low, high] = range(y);
        const seen = new Set();
        return list.filter((i) => {
            const cell =
                Math.floor((((x[i] - left) / wide) * width) / CELL) * 10000 +
                Math.floor((((y[i] - low) / high) * HEIGHT) / CELL);
            return !seen.has(cell) && seen.add(cell);
        });
    }

    const titleOf = ({metric, most}) => points.metrics[metric] + (most ? ' (more is better)' : '');

    function option(width) {
        const style = base();
        const {columns, front, others} = state;
        const [x, y] = columns;
        const item = (i) => [x[i], y[i], i];
        const axis = (one, gap) => ({
            type: 'value',
            scale: true,
            name: titleOf(one),
            nameLocation: 'middle',
            nameGap: gap,
            nameTextStyle: {color: style.colours.text, fontSize: 13},
            ...style.axis,
            axisLabel: {...style.axis.axisLabel, formatter: compact},
        });
        const tooltip = ({value: [a, b, i]}) => {
            const box = h(
                'div',
                {},
                h('b', {}, `point ${points.ids[i]}`),
                h('br'),
                `${titleOf(axes[0])}: ${mean(a)}`,
                h('br'),
                `${titleOf(axes[1])}: ${mean(b)}`,
            );
            for (const one of points.axes) box.append(h('br'), `${one.name}: ${one.texts[one.numbers[i]]}`);
            return box;
        };
        return {
            animation: false,
            textStyle: style.textStyle,
            grid: {left: 84, right: 24, top: 36, bottom: 52},
            legend: {...style.legend, top: 4, right: 24, selectedMode: false},
            tooltip: {...style.tooltip, trigger: 'item', formatter: tooltip},
            xAxis: axis(axes[0], 32),
            yAxis: axis(axes[1], 62),
            series: [
                {
                    type: 'scatter',
                    name: 'dominated',
                    symbolSize: 5,
                    itemStyle: {color: style.colours.muted, opacity: 0.35},
                    data: thin(others, width).map(item),
                },
                {
                    type: 'line',
                    name: 'front',
                    step: axes[0].most ? 'start' : 'end',
                    symbol: 'circle',
                    symbolSize: 8,
                    lineStyle: {color: palette[1], width: 1.5},
                    itemStyle: {color: palette[4]},
                    data: front.map(item),
                },
            ],
        };
    }

    compute();
    const chart = makeChart(
        {...data, note: null},
        () => HEIGHT,
        option,
        (drawn) => drawn.on('click', ({value}) => value && showPoint(points, value[2])),
    );
    function update() {
        compute();
        const {front, others, text} = state;
        note.textContent =
            `${text}: ${count(front.length)} ${front.length === 1 ? 'point' : 'points'} on the front, ` +
            `${count(others.length)} dominated, grey; those that would be drawn on each other are drawn once. ` +
            'Choose a point to see its spec.';
        place.replaceChildren(pointTable(points, [...new Set(axes.map(({metric}) => metric))], front, 'Points on the front'));
        chart.start();
    }
    const controls = axes.flatMap((axis, i) => [
        choice(i ? 'Vertical' : 'Horizontal', points.metrics, axis.metric, (index) => {
            axis.metric = index;
            update();
        }),
        choice('better', ['less', 'more'], Number(axis.most), (index) => {
            axis.most = index === 1;
            update();
        }),
    ]);
    points.onChange(update);
    const element = h(
        'div',
        {class: 'section', id: `${data.id}-part`},
        chart.element,
        h('div', {class: 'toolbar'}, ...controls),
        note,
        h('h3', {}, 'Points on the front'),
        place,
    );
    return {element, start: update};
}
