// dom.js - elements.

/**
 * @param {string} tag
 * @param {Object<string, any>} [properties] `class`, `on` ({event: handler}), `data` ({name: value}); else attributes;
 *   null, undefined and false are left out
 * @param {...(Node|string|null|undefined)} children
 * @returns {any} the element
 */
export function h(tag, properties = {}, ...children) {
    return fill(document.createElement(tag), properties, children);
}

/** The same for SVG. */
export function s(tag, properties = {}, ...children) {
    return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), properties, children);
}

function fill(element, properties, children) {
    for (const [name, value] of Object.entries(properties)) {
        if (value === null || value === undefined || value === false) continue;
        if (name === 'on') for (const [event, handler] of Object.entries(value)) element.addEventListener(event, handler);
        else if (name === 'data') Object.assign(element.dataset, value);
        else element.setAttribute(name, value === true ? '' : value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
}

/** A name with places where it may be broken: behind full stops, slashes and underlines. */
export function breakable(text) {
    return text.split(/(?<=[._/])/).flatMap((piece, i) => (i ? [h('wbr'), piece] : [piece]));
}

/** A place for something that may be wider than the page; the keyboard reaches it when it has to be scrolled. */
export function scrollArea(label, child) {
    const area = h('div', {class: 'scroll', role: 'region', 'aria-label': label}, child);
    new ResizeObserver(() => {
        if (area.scrollWidth > area.clientWidth) area.tabIndex = 0;
        else area.removeAttribute('tabindex');
    }).observe(area);
    return area;
}

/** A labelled choice. `choices`: texts. `choose` gets the index. Nothing when there is nothing to choose. */
export function select(label, choices, choose) {
    if (choices.length < 2) return null;
    const element = h(
        'select',
        {on: {change: () => choose(element.selectedIndex)}},
        ...choices.map((text) => h('option', {}, text)),
    );
    return h('label', {class: 'control'}, label, element);
}
