// points.js - the points of a sweep out of the page's columns (cli/sweep/view_page.c): axes, metrics of programs and their mean,
// and which points are within the limits that were drawn.

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const DIGITS = new Map([...ALPHABET].map((letter, i) => [letter, i]));

const widthOf = (most) => (most < 64 ? 1 : most < 4096 ? 2 : 3);

/** `count` numbers, each of as many letters as `most` needs. */
function decode(text, count, most) {
    const width = widthOf(most);
    const numbers = new Uint32Array(count);
    if (text !== undefined)
        for (let i = 0; i < numbers.length; i++)
            for (let k = 0; k < width; k++) numbers[i] = numbers[i] * 64 + DIGITS.get(text[i * width + k]);
    return numbers;
}

function ascending(text) {
    let sum = 0;
    return text === '' ? [] : text.split(' ').map((difference) => (sum += parseInt(difference, 36)));
}

/** As the sweep file has it: not with all the digits of a binary fraction. */
const shown = (json) =>
    json[0] === '"' ? JSON.parse(json) : Number.isNaN(Number(json)) ? json : String(Number(Number(json).toPrecision(12)));

class Axis {
    constructor(data, count) {
        const numbers = decode(data.numbers, count, data.values.length);
        const used = [...new Set(numbers)];
        const textOf = (number) => (number === data.values.length ? '(base)' : shown(data.values[number]));
        const order = used.map((number) => ({number, text: textOf(number), value: Number(textOf(number))}));
        if (order.every(({value}) => !Number.isNaN(value))) order.sort((a, b) => a.value - b.value);
        const place = new Map(order.map(({number}, i) => [number, i]));
        this.name = data.name;
        this.derived = Boolean(data.derived);
        this.json = order.map(({number}) => data.values[number]); // undefined: as in the base
        this.texts = order.map(({text}) => text);
        this.numbers = numbers.map((number) => place.get(number));
        this.base =
            this.texts.indexOf('(base)') >= 0
                ? this.texts.indexOf('(base)')
                : this.texts.indexOf(baseText(data.base, this.texts));
    }
}

/** What the base has, as the values are written: booleans are in several ways. */
function baseText(base, texts) {
    const same = {on: 'true', yes: 'true', off: 'false', no: 'false'}[base];
    return texts.includes(base) || !same ? base : same;
}

export class Points {
    constructor(data) {
        this.data = data;
        this.count = data.count;
        this.all = data.all; // those that are not in the page included
        this.ids = ascending(data.ids);
        this.programs = data.programs;
        this.program = data.programs.length === 1 ? 0 : data.program; // -1: the mean
        this.settable = data.axes.map((axis) => new Axis(axis, this.count)); // all keys that points set
        this.axes = this.settable.filter((axis) => !axis.derived);
        this.derived = this.settable.filter((axis) => axis.derived); // they follow the axes
        this.metrics = data.metrics.map((metric) => metric.name);
        this.columns = new Map();
        this.limits = new Map(); // 'axis:N' or 'metric:N': [least, most]
        this.listeners = [];
    }

    get objectives() {
        const known = this.data.objectives.filter(({metric}) => this.metrics.includes(metric));
        if (known.length) return known;
        return ['cycles', 'code_bytes', 'energy', 'area']
            .filter((metric) => this.metrics.includes(metric))
            .map((metric) => ({metric, program: -1, most: false}));
    }

    onChange(listener) {
        this.listeners.push(listener);
    }
    notify() {
        this.listeners.forEach((listener) => listener());
    }

    setProgram(program) {
        this.program = program;
        for (const key of [...this.limits.keys()]) if (key.startsWith('metric:')) this.limits.delete(key);
        this.notify();
    }

    setLimit(key, limit) {
        if (limit) this.limits.set(key, limit);
        else this.limits.delete(key);
        this.notify();
    }

    clearLimits() {
        this.limits.clear();
        this.notify();
    }

    /** One program's figures of a metric; NaN where there is no result. */
    figures(metric, program) {
        const key = `${metric} ${program}`;
        if (!this.columns.has(key)) {
            let at = program;
            const {columns} = this.data.metrics[metric];
            while (columns[at] === 0) at--;
            const {values, reals, numbers} = columns[at];
            const list = reals === undefined ? ascending(values) : reals.split(' ').map(Number);
            this.columns.set(
                key,
                Float64Array.from(decode(numbers, this.count, list.length), (number) => list[number] ?? NaN),
            );
        }
        return this.columns.get(key);
    }

    /**
     * Metrics as `sweep show` has them: of the program that is chosen, or of all the geometric mean, or, when some figure of these
     * metrics is 0, the mean.
     * @returns {{logarithmic: boolean, columns: Float64Array[], text: string}}
     */
    together(metrics, program = this.program) {
        const programs = program >= 0 ? [program] : this.programs.map((_, i) => i);
        const lists = metrics.map((metric) => programs.map((one) => this.figures(metric, one)));
        const logarithmic = lists.every((list) => list.every((figures) => figures.every((value) => !(value <= 0))));
        const mean = (list, i) => {
            let sum = 0;
            for (const figures of list) sum += logarithmic ? Math.log(figures[i]) : figures[i];
            return logarithmic ? Math.exp(sum / list.length) : sum / list.length;
        };
        const columns = lists.map((list) =>
            list.length === 1 ? list[0] : Float64Array.from({length: this.count}, (_, i) => mean(list, i)),
        );
        const text =
            programs.length === 1
                ? this.programs[programs[0]]
                : logarithmic
                  ? 'geometric mean of programs'
                  : 'mean of programs';
        return {logarithmic, columns, text};
    }

    column(metric, program = this.program) {
        const key = `mean ${metric} ${program}`;
        if (!this.columns.has(key)) this.columns.set(key, this.together([metric], program));
        const {logarithmic, columns, text} = this.columns.get(key);
        return {logarithmic, values: columns[0], text};
    }

    /** Whether a point is within all limits. */
    wanted() {
        const tests = [...this.limits].map(([key, [least, most]]) => {
            const [kind, number] = key.split(':');
            const values = kind === 'axis' ? this.axes[number].numbers : this.column(Number(number)).values;
            return (i) => values[i] >= least && values[i] <= most;
        });
        return (i) => tests.every((test) => test(i));
    }

    /** The points on the front of two columns: none is better by both. */
    front(x, y, signs, isWanted) {
        const order = [];
        for (let i = 0; i < this.count; i++) if (isWanted(i) && !Number.isNaN(x[i]) && !Number.isNaN(y[i])) order.push(i);
        order.sort((a, b) => signs[0] * (x[a] - x[b]) || signs[1] * (y[a] - y[b]) || a - b);
        let least = Infinity;
        return order.filter((i) => {
            const better = signs[1] * y[i] < least;
            least = better ? signs[1] * y[i] : least;
            return better;
        });
    }

    settings(point) {
        const set = this.settable.filter((axis) => axis.json[axis.numbers[point]] !== undefined);
        return `{${set.map((axis) => `${JSON.stringify(axis.name)}: ${axis.json[axis.numbers[point]]}`).join(', ')}}`;
    }

    settingsText(point) {
        return this.axes.map((axis) => `${axis.name}: ${axis.texts[axis.numbers[point]]}`).join(', ');
    }

    /** The resolved spec, as `sweep spec` writes it; null when it is not in the page. */
    spec(point) {
        const specs = this.data.specs;
        if (!specs) return null;
        const lines = specs.base.split('\n');
        lines.pop();
        const edits = specs.parts.flatMap(({edits, choices}) => {
            const width = widthOf(edits.length);
            return edits[decode(choices.slice(point * width, (point + 1) * width), 1, edits.length)[0]];
        });
        for (const [line, removed, text] of edits.sort((a, b) => b[0] - a[0]))
            lines.splice(line, removed, ...text.split('\n').slice(0, -1));
        return `# point ${this.ids[point]} of a sweep over ${specs.name}: ${this.settings(point)}\n${lines.join('\n')}\n`;
    }
}
