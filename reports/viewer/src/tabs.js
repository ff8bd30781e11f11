// tabs.js - the page's parts: one shown at a time, chosen by mouse, keyboard or the address; on paper all of them.
import {h} from './dom.js';
import {onPrint} from './print.js';

/**
 * @param {{id: string, title: string, build: (panel: HTMLElement) => void}[]} tabs built when they are first shown
 * @returns {{bar: HTMLElement, panels: HTMLElement[]}}
 */
export function makeTabs(tabs) {
    const built = new Set();
    const panels = tabs.map((tab) =>
        h(
            'div',
            {
                role: 'tabpanel',
                class: 'panel',
                id: `panel-${tab.id}`,
                hidden: true,
                'aria-labelledby': `tab-${tab.id}`,
                tabindex: '-1',
            },
            h('h2', {class: 'heading'}, tab.title),
        ),
    );
    const buttons = tabs.map((tab, index) =>
        h(
            'button',
            {
                type: 'button',
                role: 'tab',
                id: `tab-${tab.id}`,
                'aria-controls': `panel-${tab.id}`,
                'aria-selected': 'false',
                tabindex: '-1',
                data: {title: tab.title},
                on: {click: () => choose(index), keydown: (event) => move(event, index)},
            },
            tab.title,
        ),
    );
    const bar = h('div', {role: 'tablist', class: 'tabs', 'aria-label': 'Parts of the report'}, ...buttons);
    let chosen = -1;

    function build(index) {
        if (!built.has(index)) tabs[index].build(panels[index]);
        built.add(index);
    }

    function choose(index) {
        if (index === chosen) return;
        chosen = index;
        buttons.forEach((button, i) => {
            button.setAttribute('aria-selected', String(i === index));
            button.tabIndex = i === index ? 0 : -1;
            panels[i].hidden = i !== index;
        });
        build(index);
        bringIntoSight(buttons[index]);
        history.replaceState(null, '', '#' + tabs[index].id);
    }

    /** On a narrow screen the bar is wider than the page. */
    function bringIntoSight(button) {
        const left = button.offsetLeft - bar.offsetLeft;
        if (left < bar.scrollLeft || left + button.offsetWidth > bar.scrollLeft + bar.clientWidth)
            bar.scrollLeft = left - (bar.clientWidth - button.offsetWidth) / 2;
    }

    function move(event, index) {
        const last = tabs.length - 1;
        const to = {ArrowRight: index === last ? 0 : index + 1, ArrowLeft: index === 0 ? last : index - 1, Home: 0, End: last}[
            event.key
        ];
        if (to === undefined) return;
        event.preventDefault();
        choose(to);
        buttons[to].focus();
    }

    const fromAddress = () =>
        Math.max(
            0,
            tabs.findIndex((tab) => '#' + tab.id === location.hash),
        );
    addEventListener('hashchange', () => choose(fromAddress()));
    onPrint((printing) => {
        if (printing) tabs.forEach((_, index) => build(index));
    });
    return {bar, panels, start: () => choose(fromAddress())};
}
