// theme.js - light and dark: the system's choice until the button is used.
import {h} from './dom.js';
import {isPrinting} from './print.js';

const listeners = new Set();
const dark = matchMedia('(prefers-color-scheme: dark)');

/** Whether the page is dark now. Print is always light. */
export function isDark() {
    const chosen = document.documentElement.dataset.theme;
    return isPrinting() ? false : chosen ? chosen === 'dark' : dark.matches;
}

/** A colour of style.css, e.g. `--text`, as charts need it. */
export function colour(name) {
    const probe = h('span', {style: `color: var(${name})`});
    document.body.append(probe);
    const value = getComputedStyle(probe).color;
    probe.remove();
    return value;
}

export function onThemeChange(listener) {
    listeners.add(listener);
}

const notify = () => listeners.forEach((listener) => listener());
dark.addEventListener('change', notify);

export function themeButton() {
    const label = () => (isDark() ? 'Light' : 'Dark');
    const button = h(
        'button',
        {
            type: 'button',
            class: 'theme',
            id: 'theme',
            on: {
                click: () => {
                    document.documentElement.dataset.theme = isDark() ? 'light' : 'dark';
                    notify();
                },
            },
        },
        label(),
    );
    onThemeChange(() => {
        button.textContent = label();
    });
    return button;
}
