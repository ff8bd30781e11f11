// charts.js - what all charts share: Apache ECharts with only what is used, drawn as SVG in the page's colours.
import {init, use} from 'echarts/core';
import {BarChart, LineChart, ScatterChart} from 'echarts/charts';
import {GridComponent, LegendComponent, TooltipComponent} from 'echarts/components';
import {SVGRenderer} from 'echarts/renderers';
import {h} from './dom.js';
import {exportButton} from './export.js';
import {FONT, widest} from './fit.js';
import {sentence} from './format.js';
import {onPrint} from './print.js';
import {colour, onThemeChange} from './theme.js';

use([BarChart, LineChart, ScatterChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

const PAPER_WIDTH = 680;
const SCROLLBAR = 16;

/** Of series, in this order. */
export const palette = ['#33658a', '#e09f3e', '#5f8a6b', '#8a6bb1', '#c44536', '#2a9d8f', '#8d99ae', '#b5838d'];

/** The parts of an option that follow from the page's colours. */
export function base() {
    const text = colour('--text');
    const muted = colour('--muted');
    const line = colour('--line');
    return {
        animation: false,
        textStyle: {fontFamily: FONT, color: text},
        colours: {text, muted, line, page: colour('--page')},
        axis: {
            axisLine: {lineStyle: {color: line}},
            axisTick: {show: false},
            axisLabel: {color: muted, fontSize: 12, hideOverlap: true},
            splitLine: {lineStyle: {color: line}},
        },
        legend: {textStyle: {color: text, fontSize: 12}, itemWidth: 12, itemHeight: 12, icon: 'rect', inactiveColor: muted},
        tooltip: {
            confine: true,
            backgroundColor: colour('--raised'),
            borderColor: line,
            borderWidth: 1,
            padding: [6, 10],
            textStyle: {color: text, fontSize: 13, fontFamily: FONT},
            extraCssText: 'box-shadow: 0 2px 8px rgb(0 0 0 / .15)',
        },
    };
}

/** From a colour of the report's (#rrggbb) to the page's (rgb(r, g, b)): halfway, or another share. */
export function mix(from, to, share = 0.5) {
    const ends = [from.match(/[0-9a-f]{2}/gi).map((part) => parseInt(part, 16)), to.match(/\d+/g).map(Number)];
    return `rgb(${ends[0].map((part, i) => Math.round(part + (ends[1][i] - part) * share)).join(', ')})`;
}

/** Room for the longest of some names beside an axis, but not for more than a part of the width. */
export const roomFor = (names, width) => Math.min(260, 0.38 * width, 24 + widest(names, 13));

/** How many steps an axis of numbers has room for. */
export const stepsFor = (width) => Math.max(2, Math.min(5, Math.floor(width / 130)));

/** The names on an axis that has so much room. */
export const nameLabel = (style, room) => ({color: style.colours.text, fontSize: 13, width: room - 12, overflow: 'truncate'});

/** A tooltip: the first line is its heading. Names may contain anything. */
export function tooltipBox([heading, ...lines]) {
    return h('div', {}, h('b', {}, heading), ...lines.flatMap((line) => [h('br'), line]));
}

/** Black or white, whichever is read more easily on a colour (rgb(r, g, b)). */
export function inkOn(fill) {
    const [red, green, blue] = fill.match(/\d+/g).map((part) => {
        const light = part / 255;
        return light <= 0.04045 ? light / 12.92 : ((light + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000000' : '#ffffff';
}

/**
 * A drawing in the page. It is drawn again when the colours or the width change; its height never does.
 * @param {{id: string, title: string, note?: string}} section
 * @param {(width: number) => number} heightOf
 * @param {(place: HTMLElement, width: number, height: number) => void} paint
 * @param {() => number} [leastWidth] what it needs: on a narrower screen it is scrolled
 */
export function makeFigure(section, heightOf, paint, leastWidth = () => 0) {
    const place = h('div', {
        class: 'chart',
        role: 'img',
        'aria-label': `${section.title}. The figures are in the tables of this page.`,
    });
    let width = 0;

    function draw(forced) {
        const room = forced ?? place.clientWidth;
        width = room;
        if (!room) return; // not to be seen: drawn when it is
        const drawn = forced ?? Math.max(width, leastWidth());
        const height = heightOf(drawn);
        place.style.height = `${height + (drawn > width ? SCROLLBAR : 0)}px`;
        if (drawn > width) place.tabIndex = 0;
        else place.removeAttribute('tabindex');
        paint(place, drawn, height);
    }

    onThemeChange(() => draw());
    onPrint((printing) => draw(printing ? PAPER_WIDTH : undefined));
    new ResizeObserver(() => {
        if (place.clientWidth && place.clientWidth !== width) draw();
    }).observe(place);
    const element = h(
        'figure',
        {class: 'figure'},
        h(
            'figcaption',
            {},
            h('h3', {}, section.title),
            exportButton(section.id, section.title, () => place.querySelector('svg')),
        ),
        section.note ? h('p', {class: 'note'}, sentence(section.note)) : null,
        place,
    );
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
