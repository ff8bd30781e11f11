// charts.js - what all charts share: Apache ECharts with only what is used, drawn as SVG in the page's colours.
import {init, use} from 'echarts/core';
import {BarChart, LineChart, ScatterChart} from 'echarts/charts';
import {GridComponent, LegendComponent, TooltipComponent} from 'echarts/components';
import {SVGRenderer} from 'echarts/renderers';
import {h} from './dom.js';
import {exportButton} from './export.js';
import {onPrint} from './print.js';
import {colour, onThemeChange} from './theme.js';

use([BarChart, LineChart, ScatterChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

const PAPER_WIDTH = 680;
const FONT = 'system-ui, sans-serif';

/** Of series, in this order. */
export const palette = ['#33658a', '#e09f3e', '#5f8a6b', '#8a6bb1', '#c44536', '#2a9d8f', '#8d99ae', '#b5838d'];

/** The parts of an option that follow from the page's colours. */
export function base() {
    const text = colour('--text'), muted = colour('--muted'), line = colour('--line');
    return {
        animation: false,
        textStyle: {fontFamily: FONT, color: text},
        colours: {text, muted, line, page: colour('--page')},
        axis: {
            axisLine: {lineStyle: {color: line}}, axisTick: {show: false},
            axisLabel: {color: muted, fontSize: 12}, splitLine: {lineStyle: {color: line}},
        },
        legend: {textStyle: {color: text, fontSize: 12}, itemWidth: 12, itemHeight: 12, icon: 'rect', inactiveColor: muted},
        tooltip: {
            confine: true, backgroundColor: colour('--raised'), borderColor: line, borderWidth: 1, padding: [6, 10],
            textStyle: {color: text, fontSize: 13, fontFamily: FONT}, extraCssText: 'box-shadow: 0 2px 8px rgb(0 0 0 / .15)',
        },
    };
}

/** From a colour of the report's (#rrggbb) to the page's (rgb(r, g, b)): halfway, or another share. */
export function mix(from, to, share = 0.5) {
    const ends = [from.match(/[0-9a-f]{2}/gi).map((part) => parseInt(part, 16)), to.match(/\d+/g).map(Number)];
    return `rgb(${ends[0].map((part, i) => Math.round(part + (ends[1][i] - part) * share)).join(', ')})`;
}

/** Room for the longest of some names beside an axis. */
export const roomFor = (names) => Math.min(240, 24 + 7 * Math.max(...names.map((name) => name.length)));

/**
 * A drawing in the page. It is drawn again when the colours or the width change; its height never does.
 * @param {{id: string, title: string, note?: string}} section
 * @param {(width: number) => number} heightOf
 * @param {(place: HTMLElement, width: number, height: number) => void} paint
 */
export function makeFigure(section, heightOf, paint) {
    const place = h('div', {class: 'chart', role: 'img', 'aria-label': `${section.title}. The figures are in the tables of this page.`});
    let width = 0;

    function draw(forced) {
        const room = forced ?? place.clientWidth;
        width = room;
        if (!room) // not to be seen: drawn when it is
            return;
        const height = heightOf(width);
        place.style.height = `${height}px`;
        paint(place, width, height);
    }

    onThemeChange(() => draw());
    onPrint((printing) => draw(printing ? PAPER_WIDTH : undefined));
    new ResizeObserver(() => {
        if (place.clientWidth && place.clientWidth !== width)
            draw();
    }).observe(place);
    const element = h('figure', {class: 'figure'},
        h('figcaption', {}, h('h3', {}, section.title), exportButton(section.id, section.title, () => place.querySelector('svg'))),
        section.note ? h('p', {class: 'note'}, section.note) : null, place);
    return {element, start: () => draw()};
}

/** One by ECharts. `use` gets the chart each time it is drawn. */
export function makeChart(section, heightOf, optionOf, use) {
    let chart = null;
    return makeFigure(section, heightOf, (place, width, height) => {
        chart?.dispose();
        chart = init(place, null, {renderer: 'svg', width, height});
        chart.setOption(optionOf(width));
        use?.(chart);
    });
}
