// stacks.js - horizontal bars, each a stack of the same parts. Parts that are small everywhere are shown as one.
import {base, makeChart, nameLabel, roomFor, stepsFor, tooltipBox} from './charts.js';
import {compact, count, share} from './format.js';

const BAR = 30;
const SMALL = 0.004;
const LEGEND_ROW = 24;
const TOP = 8;
const AXIS = 30;

/** The parts to be drawn: {name, colour, values: one for each bar}. */
function visibleParts({bars, parts, colours, values}) {
    const totals = bars.map((_, bar) => parts.reduce((sum, _, part) => sum + values[bar * parts.length + part], 0));
    const all = parts.map((name, part) => ({
        name,
        colour: colours[part],
        values: bars.map((_, bar) => values[bar * parts.length + part]),
    }));
    const isLarge = (part) => part.values.some((value, bar) => value > SMALL * totals[bar]);
    const small = all.filter((part) => !isLarge(part));
    const shown = small.length > 1 ? all.filter(isLarge) : all;
    if (small.length > 1)
        shown.push({
            name: `${small.length} smaller parts`,
            colour: '#9a9a9a',
            values: bars.map((_, bar) => small.reduce((sum, part) => sum + part.values[bar], 0)),
        });
    return {totals, shown};
}

export function makeStacks(section) {
    const {bars} = section;
    const {totals, shown} = visibleParts(section);
    const legendRows = (width) =>
        Math.ceil(shown.reduce((sum, part) => sum + 40 + 6.6 * part.name.length, 0) / Math.max(200, width - 40));
    const height = (width) => TOP + bars.length * (BAR + 12) + AXIS + legendRows(width) * LEGEND_ROW;

    const tooltipOf = (part, bar) =>
        tooltipBox([
            `${part.name}, ${bars[bar]}`,
            `${count(part.values[bar])} cycles (${share(part.values[bar], totals[bar])})`,
        ]);

    function option(width) {
        const style = base();
        const left = roomFor(bars, width);
        return {
            animation: false,
            textStyle: style.textStyle,
            grid: {left, right: 84, top: TOP, bottom: AXIS + legendRows(width) * LEGEND_ROW},
            legend: {...style.legend, bottom: 0, left: 'center', itemGap: 14},
            tooltip: {...style.tooltip, trigger: 'item'},
            xAxis: {
                type: 'value',
                ...style.axis,
                axisLabel: {...style.axis.axisLabel, formatter: compact},
                splitNumber: stepsFor(width - left),
            },
            yAxis: {
                type: 'category',
                inverse: true,
                data: bars,
                ...style.axis,
                axisLabel: nameLabel(style, left),
                splitLine: {show: false},
            },
            series: shown.map((part, index) => ({
                type: 'bar',
                name: part.name,
                stack: 'all',
                barWidth: BAR,
                data: part.values,
                itemStyle: {color: part.colour, borderColor: style.colours.page, borderWidth: 0.5},
                tooltip: {formatter: ({dataIndex}) => tooltipOf(part, dataIndex)},
                label:
                    index === shown.length - 1
                        ? {
                              show: true,
                              position: 'right',
                              distance: 8,
                              color: style.colours.muted,
                              fontSize: 12,
                              formatter: ({dataIndex}) => compact(totals[dataIndex]),
                          }
                        : undefined,
            })),
        };
    }
    return makeChart(section, height, option);
}
