// calltree.js - a call tree from the page's data, and which of its frames are seen when one of them fills the width.

import {count} from './format.js';

const ROOT = -1;
const SMALLER = -2;
const BUNDLE = 24;

/**
 * @typedef {{name: string, place: string, kind: 'root'|'script'|'library'|'native'|'smaller'|'bundle', parent: Frame|null,
 *   children: Frame[], depth: number, calls: number, own: Object<string, number>, all: Object<string, number>}} Frame
 */

/** @returns {Frame} the root */
export function makeTree(run) {
    const frames = run.parents.map((_, i) => makeFrame(run, i));
    frames.forEach((frame, i) => {
        if (i === 0) return;
        frame.parent = frames[run.parents[i]];
        frame.parent.children.push(frame);
    });
    const order = [frames[0]];
    for (const frame of order) {
        for (const child of frame.children) child.depth = frame.depth + 1;
        order.push(...frame.children);
    }
    for (const frame of order.reverse()) {
        if (!frame.parent) continue;
        frame.parent.all.cycles += frame.all.cycles;
        frame.parent.all.instructions += frame.all.instructions;
    }
    return frames[0];
}

function makeFrame(run, i) {
    const index = run.names[i];
    const known = {[ROOT]: ['all', '', 0, 0], [SMALLER]: ['(smaller ones)', '', 0, 0]};
    const [name, file, line, isScript] = known[index] ?? run.functions[index];
    const kind = index === ROOT ? 'root' : index === SMALLER ? 'smaller' : !file ? 'native' : isScript ? 'script' : 'library';
    return {
        name: kind === 'native' ? `{${name}}` : name === '<module>' ? `<module> ${file.split('/').pop()}` : name,
        kind,
        place: file ? `${file}:${line}` : kind === 'native' ? 'native code' : '',
        parent: null,
        children: [],
        depth: 0,
        calls: run.calls[i],
        own: {cycles: run.cycles[i], instructions: run.instructions[i]},
        all: {cycles: run.cycles[i], instructions: run.instructions[i]},
    };
}

/** The most there is first: small ones come to stand beside each other. */
export function sortTree(root, metric) {
    const left = [root];
    while (left.length) {
        const frame = left.pop();
        const isRest = (child) => Number(child.kind === 'smaller');
        frame.children.sort((a, b) => isRest(a) - isRest(b) || b.all[metric] - a.all[metric]);
        left.push(...frame.children);
    }
}

/** A frame that stands for neighbours below `parent` that are too narrow to be shown each. */
function bundle(parent, children) {
    const sum = (metric) => children.reduce((total, child) => total + child.all[metric], 0);
    return {
        name: `${count(children.length)} contexts below ${parent.name}`,
        kind: 'bundle',
        place: 'too narrow to show each: zoom in',
        parent,
        children,
        depth: parent.depth + 1,
        calls: 0,
        own: {cycles: 0, instructions: 0},
        all: {cycles: sum('cycles'), instructions: sum('instructions')},
    };
}

/**
 * What is seen when `top` fills `width`: it and those above it at full width, below it each in proportion. Neighbours that
 * would be narrower than `least` are put together, into bundles that are wide enough to be chosen.
 * @returns {{frame: Frame, x: number, width: number, depth: number}[]}
 */
export function layOut(top, metric, width, least) {
    const pieces = [];
    for (let frame = top.parent; frame; frame = frame.parent) pieces.unshift({frame, x: 0, width, depth: frame.depth});
    const waiting = [{frame: top, x: 0, width, depth: top.depth}];
    while (waiting.length) {
        const {frame, x, width: room, depth} = waiting.pop();
        const below = depth + 1;
        const scale = room / Math.max(frame.all[metric], 1);
        let at = x;
        let narrow = [];
        let from = x;
        pieces.push({frame, x, width: room, depth});
        const close = () => {
            if (narrow.length && at - from >= least)
                pieces.push({
                    frame: narrow.length > 1 ? bundle(frame, narrow) : narrow[0],
                    x: from,
                    width: at - from,
                    depth: below,
                });
            narrow = [];
        };
        for (const child of frame.children) {
            const size = child.all[metric] * scale;
            if (size >= least) {
                close();
                waiting.push({frame: child, x: at, width: size, depth: below});
                at += size;
            } else if (size) {
                if (!narrow.length) from = at;
                narrow.push(child);
                at += size;
                if (at - from >= BUNDLE) close();
            }
        }
        close();
    }
    pieces.sort((a, b) => a.depth - b.depth || a.x - b.x);
    return pieces;
}

/** The share of the tree in frames that match and are not below another that does. */
export function matchedShare(root, metric, matches) {
    let matched = 0;
    const left = [root];
    while (left.length) {
        const frame = left.pop();
        if (matches(frame)) matched += frame.all[metric];
        else left.push(...frame.children);
    }
    return matched / Math.max(root.all[metric], 1);
}
