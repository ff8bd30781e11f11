// code.js - source with the cycles of its lines, its bytecode and its machine code side by side; what belongs together is marked.
import {h, select} from './dom.js';
import {count} from './format.js';
import {Rows} from './rows.js';

/** Rows of a pane of one file: a heading of a function, or instruction `index` of it. */
class FileCode {
    constructor(code, isa) {
        this.bytecode = [];
        this.machine = [];
        for (const unit of code) {
            const run = unit.runs[isa];
            this.bytecode.push({unit, index: -1});
            unit.bytecode.forEach((_, index) => this.bytecode.push({unit, index}));
            if (!run) continue;
            this.machine.push({unit, index: -1});
            run.machine.forEach((_, index) => this.machine.push({unit, index}));
        }
    }
}

const cells = (kind, texts, classes = '') =>
    h('div', {class: `row ${kind} ${classes}`}, ...texts.map((text) => h('span', {}, text)));

const number = (value) => (value ? count(value) : value === 0 ? '0' : '');

class CodeView {
    constructor(section) {
        this.section = section;
        this.isa = section.isas.length - 1;
        this.chosen = {line: -1, unit: null, from: -1, to: -1};
        this.source = new Rows(
            'Source lines',
            cells('source', ['line', 'executed', 'cycles', 'source'], 'head'),
            (index) => this.sourceRow(index),
            (index) => this.chooseLine(index + 1),
            'There is no source, or it cannot be read.',
        );
        this.bytecode = new Rows(
            'Bytecode',
            cells('bytecode', ['offset', 'executed', 'bytecode'], 'head'),
            (index) => this.bytecodeRow(index),
            (index) => this.chooseBytecode(index),
            'The code of this file is not in this page.',
        );
        this.machine = new Rows(
            'Machine code',
            cells('machine', ['address', 'executed', 'cycles', 'machine code'], 'head'),
            (index) => this.machineRow(index),
            (index) => this.chooseMachine(index),
            'The code of this file is not in this page.',
        );
        this.table = h('div', {class: 'panes'}, this.source.element, this.bytecode.element, this.machine.element);
        const isa = select('Machine code and cycles of', section.isas, (index) => this.chooseIsa(index));
        if (isa) isa.querySelector('select').selectedIndex = this.isa;
        const left = [];
        if (section.files_left_out)
            left.push(`The sources of ${count(section.files_left_out)} other files that were executed are not in this page.`);
        if (section.code_left_out)
            left.push(
                `The bytecode and machine code of ${count(section.code_left_out)} functions are not in this page: ` +
                    'the script comes first, then what executed most.',
            );
        this.fileNote = h('p', {class: 'note'});
        this.element = h(
            'section',
            {class: 'section', id: section.id},
            h('h3', {}, section.title),
            h(
                'p',
                {class: 'note'},
                'Choose a line or an instruction: what belongs to it is marked. ' +
                    'The stronger the colour of a line, the more cycles it took.',
            ),
            h(
                'div',
                {class: 'toolbar'},
                select(
                    'File',
                    section.files.map((file) => file.name),
                    (index) => this.chooseFile(index),
                ),
                isa,
                h('button', {type: 'button', on: {click: () => this.chooseLine(this.hottest(), true)}}, 'Hottest line'),
            ),
            this.table,
            this.fileNote,
            left.length ? h('p', {class: 'note'}, left.join(' ')) : null,
        );
        if (section.files.length) this.chooseFile(0);
    }

    chooseFile(index) {
        const file = this.section.files[index];
        this.file = index;
        this.lines = file.source.split('\n');
        this.lines.pop();
        this.fileNote.textContent = file.cut ? 'The file goes on: only its beginning is in this page.' : '';
        this.code = this.section.code.filter((unit) => unit.file === index).sort((a, b) => a.line - b.line);
        this.chooseIsa(this.isa);
    }

    chooseIsa(index) {
        this.isa = index;
        const heat = this.section.heat[index][this.file];
        this.heat = new Map();
        let line = 0;
        heat.lines.forEach((distance, i) =>
            this.heat.set((line += distance), {instructions: heat.instructions[i], cycles: heat.cycles[i]}),
        );
        this.most = Math.max(1, ...heat.cycles);
        this.panes = new FileCode(this.code, index);
        this.table.style.setProperty('--digits', `${Math.max(8, count(Math.max(this.most, ...heat.instructions)).length)}ch`);
        this.chosen = {line: -1, unit: null, from: -1, to: -1};
        this.source.setCount(this.lines.length);
        this.bytecode.setCount(this.panes.bytecode.length);
        this.machine.setCount(this.panes.machine.length);
    }

    hottest() {
        let best = 1;
        for (const [line, {cycles}] of this.heat) if (cycles > (this.heat.get(best)?.cycles ?? 0)) best = line;
        return best;
    }

    // ---- rows ----

    sourceRow(index) {
        const line = index + 1;
        const heat = this.heat.get(line);
        const row = cells(
            'source',
            [String(line), number(heat?.instructions), number(heat?.cycles), this.lines[index]],
            line === this.chosen.line ? 'chosen' : '',
        );
        if (heat?.cycles) row.style.setProperty('--heat', `${(6 + 54 * Math.sqrt(heat.cycles / this.most)).toFixed(1)}%`);
        return row;
    }

    heading(kind, unit) {
        return h('div', {class: `row ${kind} unit`}, h('span', {}, `${unit.name}, line ${unit.line}`));
    }

    /** Whether bytecode instructions from..to of a unit are among those chosen. */
    isChosen(unit, from, to) {
        const {line, unit: only, from: first, to: last} = this.chosen;
        if (only) return unit === only && from <= last && to >= first;
        for (let i = from; i <= to && line > 0; i++) if (unit.bytecode[i][1] === line) return true;
        return false;
    }

    bytecodeRow(index) {
        const {unit, index: at} = this.panes.bytecode[index];
        if (at < 0) return this.heading('bytecode', unit);
        const [offset, , executed, text] = unit.bytecode[at];
        return cells('bytecode', [String(offset), number(executed), text], this.isChosen(unit, at, at) ? 'chosen' : '');
    }

    machineRow(index) {
        const {unit, index: at} = this.panes.machine[index];
        if (at < 0) return this.heading('machine', unit);
        const [last, address, executed, cycles, encoding, text, first = last] = unit.runs[this.isa].machine[at];
        const row = cells(
            'machine',
            [String(address), number(executed), number(cycles), text],
            this.isChosen(unit, first, last) ? 'chosen' : '',
        );
        row.title = `bytes ${encoding}`;
        return row;
    }

    // ---- choosing ----

    draw(pane) {
        for (const other of [this.source, this.bytecode, this.machine]) if (other !== pane) other.draw();
    }

    chooseLine(line, show) {
        this.chosen = {line, unit: null, from: -1, to: -1};
        if (show) this.source.show(line - 1);
        this.reveal(this.source);
    }

    chooseBytecode(index) {
        const {unit, index: at} = this.panes.bytecode[index];
        if (at < 0) return;
        this.chosen = {line: unit.bytecode[at][1], unit, from: at, to: at};
        this.reveal(this.bytecode);
    }

    chooseMachine(index) {
        const {unit, index: at} = this.panes.machine[index];
        if (at < 0) return;
        const [last, , , , , , first = last] = unit.runs[this.isa].machine[at];
        this.chosen = {line: unit.bytecode[last][1], unit, from: first, to: last};
        this.reveal(this.machine);
    }

    /** Shows the first of what is chosen in the panes other than the one it was chosen in. */
    reveal(from) {
        const find = (rows, range) => rows.findIndex((row) => row.index >= 0 && this.isChosen(row.unit, ...range(row)));
        const targets = [
            [this.source, this.chosen.line - 1],
            [this.bytecode, find(this.panes.bytecode, (row) => [row.index, row.index])],
            [
                this.machine,
                find(this.panes.machine, (row) => {
                    const [last, , , , , , first = last] = row.unit.runs[this.isa].machine[row.index];
                    return [first, last];
                }),
            ],
        ];
        for (const [pane, index] of targets)
            if (pane === from || index < 0) pane.draw();
            else pane.show(index);
    }
}

export const makeCode = (section) => {
    const view = new CodeView(section);
    return {element: view.element, start: () => view.draw(null)};
};
