// print.js - tells parts of the page that show only a piece of something to show more of it on paper.

const listeners = new Set();
const media = matchMedia('print');
let printing = false;

/** `listener` gets whether the page is being printed. */
export function onPrint(listener) {
    listeners.add(listener);
}

export const isPrinting = () => printing;

function change(now) {
    if (now === printing)
        return;
    printing = now;
    listeners.forEach((listener) => listener(now));
}

media.addEventListener('change', (event) => change(event.matches));
addEventListener('beforeprint', () => change(true));
addEventListener('afterprint', () => change(false));
