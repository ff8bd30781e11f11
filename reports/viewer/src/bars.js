// bars.js - groups of horizontal bars, one bar a series; a bar may go on in a paler part (`hatched`).
import {base, makeChart, mix, nameLabel, palette, roomFor, stepsFor, tooltipBox} from './charts.js';
import {widest} from './fit.js';
import {compact, count, sentence, share} from './format.js';

const BAR = 14;
const GROUP_GAP = 14;
const TOP = 34;
const BOTTOM = 30;

export function makeBars(section) {
    const {groups, series, values, hatched_values: pale, totals, colours, labels} = section;
    const many = series.length > 1;
    const height = () => TOP + BOTTOM + groups.length * (series.length * (BAR + 3) + GROUP_GAP);
    const at = (list, group, i) => list[group * series.length + i];
    const colourOf = (group, i) => (many ? palette[i % palette.length] : colours[group]);

    /** What stands behind a bar: its share of its series, or the text that it has. */
    const labelOf = (group, i) => (labels ? at(labels, group, i) : share(at(values, group, i) + at(pale, group, i), totals[i]));

    function option(width) {
        const style = base();
        const left = roomFor(groups, width);
        const full = (paint) => paint;
        const paler = (paint) => mix(paint, style.colours.page);
        const tooltip = (group, i) => {
            const figure = labels ? at(labels, group, i) : count(at(values, group, i));
            const lines = [`${groups[group]}, ${series[i]}`, `${section.solid}: ${figure}`];
            if (section.hatched) lines.push(`${section.hatched}: ${count(at(pale, group, i))}`);
            if (!labels) lines.push(`${labelOf(group, i)} of all`);
            return tooltipBox(lines);
        };
        const one = (i, list, isLast, paint) => ({
            type: 'bar',
            name: series[i],
            stack: `stack${i}`,
            barWidth: BAR,
            barGap: '20%',
            itemStyle: {color: paint(colourOf(0, i))},
            data: groups.map((_, group) => ({value: at(list, group, i), itemStyle: {color: paint(colourOf(group, i))}})),
            label: isLast
                ? {
                      show: true,
                      position: 'right',
                      color: style.colours.muted,
                      fontSize: 11,
                      distance: 6,
                      formatter: ({dataIndex}) => labelOf(dataIndex, i),
                  }
                : undefined,
            tooltip: {formatter: ({dataIndex}) => tooltip(dataIndex, i)},
        });
        return {
            animation: false,
            textStyle: style.textStyle,
            grid: {left, right: labels ? 24 + widest(labels, 11) : 64, top: many ? TOP : 8, bottom: BOTTOM},
            legend: many ? {...style.legend, top: 4, left, selectedMode: true} : undefined,
            tooltip: {...style.tooltip, trigger: 'item'},
            xAxis: {
                type: 'value',
                ...style.axis,
                splitNumber: stepsFor(width - left),
                axisLabel: {...style.axis.axisLabel, formatter: compact, show: !labels},
            },
            yAxis: {
                type: 'category',
                inverse: true,
                data: groups,
                ...style.axis,
                axisLabel: nameLabel(style, left),
                splitLine: {show: false},
            },
            series: series.flatMap((_, i) =>
                section.hatched ? [one(i, values, false, full), one(i, pale, true, paler)] : [one(i, values, true, full)],
            ),
        };
    }
    const notes = [section.note, section.hatched ? `the paler part: ${section.hatched}` : null];
    const note = notes.filter(Boolean).map(sentence).join(' ');
    return makeChart({...section, note}, height, option);
}
