// print.js - tells parts of the page that show only a piece of something to show more of it on paper.

const listeners = new Set();
const media = matchMedia('print');
let printing = false;

/** `listener` gets whether the page is being printed. */
export function onPrint(listener) {
    listeners.add(listener);
}

export const isPrinting = () => printing;

/** What is folded away is open on paper, and as it was afterwards. */
function unfold(now) {
    for (const details of document.querySelectorAll(now ? 'details:not([open])' : 'details[data-unfolded]')) {
        details.open = now;
        details.toggleAttribute('data-unfolded', now);
    }
}

function change(now) {
    if (now === printing) return;
    printing = now;
    listeners.forEach((listener) => listener(now));
    unfold(now);
}

media.addEventListener('change', (event) => change(event.matches));
addEventListener('beforeprint', () => change(true));
addEventListener('afterprint', () => change(false));
