// main.js - shows the page's data: the summary, then a tab for each part. A section of a kind is made by the file of that kind.
import {makeBars} from './bars.js';
import {makeCode} from './code.js';
import {h} from './dom.js';
import {sentence} from './format.js';
import {makeFlame} from './flame.js';
import {makeStacks} from './stacks.js';
import {makeBest, makePointTable, pointControls} from './sweep_points.js';
import {Points} from './points.js';
import {makeHeatmap} from './sweep_heatmap.js';
import {makeParallel} from './sweep_parallel.js';
import {makePareto} from './sweep_pareto.js';
import {makeSensitivity} from './sweep_sensitivity.js';
import {makeTable} from './table.js';
import {makeTabs} from './tabs.js';
import {themeButton} from './theme.js';

const LONG_TEXT = 400;

function section(data, ...children) {
    const note = data.note ? h('p', {class: 'note'}, sentence(data.note)) : null;
    return h('section', {class: 'section', id: data.id}, h('h3', {}, data.title), note, ...children);
}

function makeText(data) {
    const text = h('pre', {tabindex: '0'}, data.text);
    return data.text.length < LONG_TEXT
        ? section(data, text)
        : h('section', {class: 'section', id: data.id}, h('details', {}, h('summary', {}, data.title), text));
}

/** By kind: an element, or {element, start}, `start` to be called when it is in the document. */
const makers = {
    table: (data) => section(data, makeTable(data)),
    text: makeText,
    bars: makeBars,
    stacks: makeStacks,
    flame: makeFlame,
    code: makeCode,
    best: (data) => makeBest(data, points),
    pareto: (data) => makePareto(data, points),
    parallel: (data) => makeParallel(data, points),
    heatmap: (data) => makeHeatmap(data, points),
    sensitivity: (data) => makeSensitivity(data, points),
    points: (data) => makePointTable(data, points),
};

function build(tab, panel) {
    for (const data of tab.sections) {
        const made = makers[data.kind](data);
        panel.append(made.element ?? made);
        made.start?.();
    }
}

const page = JSON.parse(document.getElementById('data').textContent);
const points = page.points ? new Points(page.points) : null;
const tabs = makeTabs(page.tabs.map((tab) => ({id: tab.id, title: tab.title, build: (panel) => build(tab, panel)})));
document.body.append(
    h(
        'a',
        {
            class: 'skip',
            href: '#main',
            on: {
                click: (event) => {
                    event.preventDefault();
                    document.getElementById('main').focus();
                },
            },
        },
        'Skip to the report',
    ),
    h(
        'header',
        {},
        h('div', {}, h('h1', {}, page.title), page.subtitle ? h('p', {class: 'subtitle'}, page.subtitle) : null),
        themeButton(),
    ),
    h(
        'div',
        {class: 'summary', hidden: !page.summary.length, role: 'region', 'aria-label': 'Summary'},
        ...page.summary.map(({text, warns}) => h('p', {class: warns ? 'warning' : null}, text)),
    ),
    points ? pointControls(points) : '',
    h('nav', {}, tabs.bar),
    h('main', {id: 'main', tabindex: '-1'}, ...tabs.panels),
);
tabs.start();
