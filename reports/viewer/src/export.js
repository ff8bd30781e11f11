// export.js - charts as SVG files.
import {h, s} from './dom.js';
import {FONT} from './fit.js';
import {colour} from './theme.js';

const TITLE = 40;

/** A chart's SVG element as a file: with its title and the page's background, and no need of the page's style. */
function toFile(svg, title) {
    const width = svg.clientWidth || Number(svg.getAttribute('width'));
    const height = svg.clientHeight || Number(svg.getAttribute('height'));
    const copy = svg.cloneNode(true);
    copy.removeAttribute('style');
    copy.setAttribute('y', TITLE);
    copy.setAttribute('width', width);
    copy.setAttribute('height', height);
    copy.querySelectorAll('[tabindex]').forEach((element) => element.removeAttribute('tabindex'));
    const heading = s(
        'text',
        {x: 12, y: 26, 'font-family': FONT, 'font-size': 16, 'font-weight': 600, fill: colour('--text')},
        title,
    );
    const whole = s(
        'svg',
        {width, height: height + TITLE, viewBox: `0 0 ${width} ${height + TITLE}`},
        s('rect', {width, height: height + TITLE, fill: colour('--page')}),
        heading,
        copy,
    );
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + new XMLSerializer().serializeToString(whole) + '\n';
}

/** @param {() => SVGElement} find the chart's element, which may change */
export function exportButton(id, title, find) {
    return h(
        'button',
        {
            type: 'button',
            class: 'export',
            'aria-label': `Save "${title}" as SVG`,
            on: {
                click: () => {
                    const address = URL.createObjectURL(new Blob([toFile(find(), title)], {type: 'image/svg+xml'}));
                    h('a', {href: address, download: `${id}.svg`}).click();
                    setTimeout(() => URL.revokeObjectURL(address), 1000);
                },
            },
        },
        'SVG',
    );
}
