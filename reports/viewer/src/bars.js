// bars.js - groups of horizontal bars, one bar a series; a bar may go on in a paler part (`hatched`).
import {base, makeChart, mix, palette, roomFor} from './charts.js';
import {compact, count, share} from './format.js';

const BAR = 14;
const GROUP_GAP = 14;
const TOP = 34;
const BOTTOM = 30;

export function makeBars(section) {
    const {groups, series, values, hatched_values: pale, totals, colours} = section;
    const many = series.length > 1;
    const height = () => TOP + BOTTOM + groups.length * (series.length * (BAR + 3) + GROUP_GAP);
    const at = (list, group, i) => list[group * series.length + i];
    const colourOf = (group, i) => many ? palette[i % palette.length] : colours[group];

    function option() {
        const style = base();
        const full = (paint) => paint, paler = (paint) => mix(paint, style.colours.page);
        const tooltip = (group, i) => {
            const lines = [`<b>${groups[group]}</b>, ${series[i]}`, `${section.solid}: ${count(at(values, group, i))}`];
            if (section.hatched)
                lines.push(`${section.hatched}: ${count(at(pale, group, i))}`);
            lines.push(`${share(at(values, group, i) + at(pale, group, i), totals[i])} of all`);
            return lines.join('<br>');
        };
        const one = (i, list, isLast, paint) => ({
            type: 'bar', name: series[i], stack: `stack${i}`, barWidth: BAR, barGap: '20%',
            itemStyle: {color: paint(colourOf(0, i))},
            data: groups.map((_, group) => ({value: at(list, group, i), itemStyle: {color: paint(colourOf(group, i))}})),
            label: isLast ? {show: true, position: 'right', color: style.colours.muted, fontSize: 11, distance: 6,
                formatter: ({dataIndex}) => share(at(values, dataIndex, i) + at(pale, dataIndex, i), totals[i])} : undefined,
            tooltip: {formatter: ({dataIndex}) => tooltip(dataIndex, i)},
        });
        return {
            animation: false, textStyle: style.textStyle,
            grid: {left: roomFor(groups), right: 64, top: many ? TOP : 8, bottom: BOTTOM},
            legend: many ? {...style.legend, top: 4, left: roomFor(groups), selectedMode: true} : undefined,
            tooltip: {...style.tooltip, trigger: 'item'},
            xAxis: {type: 'value', ...style.axis, axisLabel: {...style.axis.axisLabel, formatter: compact}, splitNumber: 4},
            yAxis: {type: 'category', inverse: true, data: groups, ...style.axis,
                axisLabel: {color: style.colours.text, fontSize: 13}, splitLine: {show: false}},
            series: series.flatMap((_, i) => section.hatched ? [one(i, values, false, full), one(i, pale, true, paler)] : [one(i, values, true, full)]),
        };
    }
    const note = [section.note, section.hatched ? `The paler part: ${section.hatched}.` : null].filter(Boolean).join('. ').replace('.. ', '. ');
    return makeChart({...section, note}, height, option);
}
