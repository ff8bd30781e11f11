// fit.js - text of drawings, cut to the room there is.

export const FONT = 'system-ui, sans-serif';
const pen = document.createElement('canvas').getContext('2d');

/** As much of a text as there is room for, in pixels, in letters of that size; nothing when there is room for none. */
export function cut(text, room, size = 12) {
    pen.font = `${size}px ${FONT}`;
    if (pen.measureText(text).width <= room) return text;
    let least = 0;
    let most = text.length;
    while (least < most) {
        const middle = Math.ceil((least + most) / 2);
        if (pen.measureText(text.slice(0, middle) + '\u2026').width <= room) least = middle;
        else most = middle - 1;
    }
    return least ? text.slice(0, least) + '\u2026' : '';
}

/** The width of the widest of some texts. */
export function widest(texts, size = 12) {
    pen.font = `${size}px ${FONT}`;
    return texts.reduce((most, text) => Math.max(most, pen.measureText(text).width), 0);
}
