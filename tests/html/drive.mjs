// drive.mjs - opens HTML reports in a browser and uses them as a reader would. Prints a line for each check that fails, then
// `checks: N failed: M`. Usage: node drive.mjs BROWSER FOLDER, where FOLDER has what make_pages of pages.py writes; what the page
// saves as SVG and the screenshots are left there.
import {chromium} from 'playwright-core';
import {mkdtempSync, readFileSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {checkContrast, checkPaper, checkRules} from './drive_access.mjs';
import {useSweep} from './drive_sweep.mjs';

const [browser, folder] = process.argv.slice(2);
let checks = 0;
let failed = 0;

function check(name, good, found = '') {
    checks++;
    if (good) return;
    failed++;
    console.log(`FAILED ${name}${found === '' ? '' : `: ${JSON.stringify(found)}`}`);
}

const context = await chromium.launchPersistentContext(mkdtempSync(path.join(tmpdir(), 'hybridsim-html-')), {
    executablePath: browser,
    headless: true,
    offline: true,
    acceptDownloads: true,
    viewport: {width: 1280, height: 900},
    args: [
        '--no-sandbox',
        '--use-angle=swiftshader',
        '--enable-unsafe-swiftshader',
        '--disable-gpu-sandbox',
        '--disable-dev-shm-usage',
        '--disable-background-networking',
        '--no-first-run',
    ],
});
context.setDefaultTimeout(60000); // a slow machine is no failure

/** A report, with what went wrong in it so far. */
async function open(name) {
    const page = await context.newPage();
    const troubles = [];
    const requests = [];
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && troubles.push(message.text()));
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.addInitScript(() => {
        window.shifts = [];
        new PerformanceObserver((list) =>
            window.shifts.push(
                ...list
                    .getEntries()
                    .filter((entry) => !entry.hadRecentInput)
                    .map((entry) => entry.value),
            ),
        ).observe({type: 'layout-shift', buffered: true});
    });
    await page.goto('file://' + path.join(folder, name + '.html'));
    await page.waitForSelector('[role=tabpanel]:not([hidden])');
    return {name, page, troubles, requests};
}

const tab = (page, id) => page.click(`#tab-${id}`);
const texts = (page, selector) => page.$$eval(selector, (elements) => elements.map((element) => element.textContent));
const numbers = (list) => list.map((text) => Number(text.replaceAll(',', '')));

async function settle(page) {
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** Different colours in a screenshot, looked at by the browser itself. */
async function countColours(image) {
    const viewer = await context.newPage();
    const count = await viewer.evaluate(
        async (address) => {
            const picture = new Image();
            picture.src = address;
            await picture.decode();
            const canvas = Object.assign(document.createElement('canvas'), {width: picture.width, height: picture.height});
            const pen = canvas.getContext('2d');
            pen.drawImage(picture, 0, 0);
            return new Set(new Uint32Array(pen.getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size;
        },
        'data:image/png;base64,' + image.toString('base64'),
    );
    await viewer.close();
    return count;
}

async function screenshot(report, name) {
    await settle(report.page);
    const image = await report.page.screenshot();
    writeFileSync(path.join(folder, `${report.name}-${name}.png`), image);
    check(`${report.name}: ${name} is not blank`, (await countColours(image)) > 50);
}

// ---- what is checked ----

async function useTables({name, page}) {
    await tab(page, 'instructions');
    const panel = '#panel-instructions';
    const executed = await texts(page, `${panel} tbody tr td:nth-child(5)`);
    const sorted = numbers(executed.filter(Boolean));
    check(
        `${name}: most executed first`,
        sorted.length > 5 && sorted.every((value, i) => !i || value <= sorted[i - 1]),
        sorted,
    );
    await page.click(`${panel} th button:text-is("instruction")`);
    const names = await texts(page, `${panel} tbody tr th`);
    check(
        `${name}: sorted by name`,
        names.every((value, i) => !i || value >= names[i - 1]),
        names,
    );
    check(
        `${name}: the header says so`,
        (await page.getAttribute(`${panel} th:has(button:text-is("instruction"))`, 'aria-sort')) === 'ascending',
    );
    await page.fill(`${panel} input[type=search]`, 'load_fast');
    const left = await texts(page, `${panel} tbody tr th`);
    check(`${name}: filtered`, left.length > 0 && left.every((value) => value.includes('LOAD_FAST')), left);
    await page.fill(`${panel} input[type=search]`, '');
    await tab(page, 'functions');
    check(`${name}: a page of a table at most`, (await page.$$('#panel-functions tbody tr')).length <= 50);
    if (await page.isVisible('#panel-functions .pager')) {
        const first = await page.textContent('#panel-functions tbody th');
        await page.click('#panel-functions button:text-is("Next")');
        check(`${name}: the next page is another`, (await page.textContent('#panel-functions tbody th')) !== first);
    }
}

async function useFlameGraph({name, page}, searched) {
    await tab(page, 'flame');
    const frames = () =>
        page.$$eval('.frame', (list) =>
            list.map((frame) => ({
                label: frame.getAttribute('aria-label'),
                width: Number(frame.querySelector('rect').getAttribute('width')),
            })),
        );
    const before = await frames();
    check(
        `${name}: frames are at least a pixel wide, and not too many`,
        before.every((frame) => frame.width >= 0.5) && before.length < 6000,
        before.length,
    );
    const target = before.findIndex((frame, i) => i > 1 && frame.width < before[0].width * 0.9 && frame.width > 20);
    await page.click(`.frame >> nth=${target}`, {position: {x: 5, y: 8}});
    const after = await frames();
    const zoomed = after.find((frame) => frame.label === before[target].label);
    check(`${name}: a frame that was chosen fills the width`, zoomed && zoomed.width > before[0].width - 2, zoomed);
    await page.click('button:text-is("Zoom out")');
    check(`${name}: zoomed out again`, (await frames()).length === before.length);
    await page.fill('[aria-label="Search the flame graph"]', searched);
    check(
        `${name}: search marks frames`,
        (await page.$$('.frame.marked')).length > 0 && /\d %|\d\u202f%/.test(await page.textContent('output.status')),
    );
    await page.fill('[aria-label="Search the flame graph"]', '');
    await page.focus('.frame[tabindex="0"]');
    await page.keyboard.press('ArrowDown');
    const focused = await page.evaluate(() => document.activeElement.getAttribute('aria-label'));
    check(`${name}: arrow keys move between frames`, focused && focused !== before[0].label, focused);
    await page.keyboard.press('Enter');
    check(`${name}: Enter zooms`, await page.isEnabled('button:text-is("Zoom out")'));
    await page.keyboard.press('Escape');
    check(`${name}: Escape zooms out`, await page.isDisabled('button:text-is("Zoom out")'));
}

async function useSource({name, page}) {
    await tab(page, 'source');
    await page.click('button:text-is("Hottest line")');
    if (name === 'large') {
        // that was a line of the module, whose code is too long for the page
        await page.focus('[aria-label="Source lines"]');
        await page.keyboard.press('Home');
        await page.keyboard.press('ArrowDown');
    }
    await settle(page);
    const marked = () =>
        page.$$eval('.row.chosen', (rows) =>
            rows.map((row) => [...row.classList].find((word) => ['source', 'bytecode', 'machine'].includes(word))),
        );
    const found = await marked();
    for (const kind of ['source', 'bytecode', 'machine'])
        check(`${name}: a chosen line marks its ${kind}`, found.includes(kind), found);
    const line = await page.textContent('.row.source.chosen');
    const other = await page.$('.row.machine:not(.chosen):not(.unit):not(.head)');
    await other.click();
    await settle(page);
    check(
        `${name}: a chosen instruction marks its line`,
        (await marked()).includes('source') && (await marked()).includes('bytecode'),
    );
    await page.focus('[aria-label="Source lines"]');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await settle(page);
    check(`${name}: keys choose lines`, (await page.textContent('.row.source.chosen')).startsWith('2') && line !== '');
    check(`${name}: only rows in sight are in the page`, (await page.$$('.row')).length < 400);
}

async function useTheme(report) {
    const {name, page} = report;
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await tab(page, 'overview');
    const light = await background();
    await screenshot(report, 'light');
    await page.click('#theme');
    check(`${name}: dark is another background`, (await background()) !== light);
    await screenshot(report, 'dark');
    await page.click('#theme');
    check(`${name}: light again`, (await background()) === light);
}

async function useKeyboard({name, page}) {
    await page.evaluate(() => {
        document.activeElement.blur();
        window.scrollTo(0, 0);
    });
    await page.reload();
    await page.waitForSelector('[role=tabpanel]:not([hidden])');
    await page.keyboard.press('Tab');
    check(
        `${name}: the first stop skips to the report`,
        (await page.evaluate(() => document.activeElement.className)) === 'skip',
    );
    await page.keyboard.press('Tab');
    check(`${name}: then the theme`, (await page.evaluate(() => document.activeElement.id)) === 'theme');
    await page.keyboard.press('Tab');
    check(`${name}: then the tabs`, (await page.evaluate(() => document.activeElement.getAttribute('role'))) === 'tab');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    check(`${name}: an arrow key goes to the next tab`, await page.isVisible('#panel-flame'));
    await page.keyboard.press('End');
    check(`${name}: End goes to the last`, await page.isVisible('#panel-provenance'));
    await tab(page, 'instructions');
    await page.focus('#panel-instructions th button:text-is("static")');
    await page.keyboard.press('Enter');
    check(
        `${name}: a header sorts by keyboard`,
        (await page.getAttribute('#panel-instructions th:has(button:text-is("static"))', 'aria-sort')) === 'descending',
    );
    await page.keyboard.press('ArrowRight');
    check(
        `${name}: an arrow key goes to the next header`,
        (await page.evaluate(() => document.activeElement.textContent)) === 'executed',
    );
    check(
        `${name}: focus can be seen`,
        (await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle)) !== 'none',
    );
}

async function saveCharts({name, page}, ids) {
    for (const id of ids) {
        await tab(page, id);
        await settle(page);
        const buttons = await page.$$(`#panel-${id} .export`);
        check(`${name}: charts of ${id} can be saved`, buttons.length > 0);
        for (const button of buttons) {
            const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
            const file = path.join(folder, `${name}-${download.suggestedFilename()}`);
            await download.saveAs(file);
            const saved = readFileSync(file, 'utf8');
            const shown = await button.evaluate((element) =>
                [...element.closest('figure').querySelectorAll('svg text')].map((text) => text.textContent),
            );
            const missing = shown.filter(
                (text) => !saved.includes(`>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}<`),
            );
            check(`${name}: ${path.basename(file)} has the chart's texts`, shown.length > 2 && missing.length === 0, missing);
        }
    }
}

/** Where it is told what the command line says: the same figures as in the JSON report of the same run. */
async function checkFigures({name, page}, runs) {
    const grouped = (number) => number.toLocaleString('en-US');
    await tab(page, 'overview');
    const rows = await page.$$eval('#figures tbody tr', (list) =>
        list.map((row) => [...row.cells].map((cell) => cell.textContent)),
    );
    for (const [i, run] of runs.entries()) {
        const wanted = [run.isa, grouped(run.instructions), grouped(run.cycles), grouped(run.code_bytes)];
        const found = [rows[i][0], rows[i][2], rows[i][4], rows[i][8]];
        check(`${name}: figures of ${run.isa} as in JSON`, JSON.stringify(found) === JSON.stringify(wanted), [found, wanted]);
    }
    const parts = await page.$$eval('#cycle-parts tbody tr', (list) =>
        list.map((row) => [...row.cells].map((cell) => cell.textContent)),
    );
    for (const [part, ...cells] of parts)
        runs.forEach((run, i) => {
            const [figure, share] = cells.slice(2 * i, 2 * i + 2);
            const wanted = [
                grouped(run.cycle_stack[part] ?? 0),
                `${((100 * (run.cycle_stack[part] ?? 0)) / run.cycles).toFixed(1)}\u202f%`,
            ];
            check(`${name}: ${part} of ${run.isa}`, figure === wanted[0] && share === wanted[1], [figure, share, wanted]);
        });
}

/** A comparison has a bar for each figure, labelled with it. */
async function useComparison({name, page}) {
    await tab(page, 'compare');
    await settle(page);
    const figures = await page.$$eval('#compare-0 tbody td.number', (cells) => cells.map((cell) => cell.textContent));
    const labels = await page.$$eval('.chart >> nth=0', ([chart]) =>
        [...chart.querySelectorAll('text')].map((text) => text.textContent),
    );
    const whole = figures.filter((figure) => figure.includes(','));
    check(
        `${name}: figures of the table are at the bars`,
        whole.length > 2 && whole.every((figure) => labels.some((label) => label.startsWith(figure))),
        [whole, labels],
    );
    await tab(page, 'provenance');
    const provenance = await page.textContent('#panel-provenance');
    for (const part of ['hybridsim compare --isa hybrid', 'PYTHONHASHSEED=0', 'CPython 3.11', 'ISA stack', 'ISA hybrid'])
        check(`${name}: provenance has ${part}`, provenance.includes(part));
}

/** What is odd opens like anything else. */
async function openOdd(name) {
    const report = await open(name);
    for (const id of await report.page.$$eval('[role=tab]', (tabs) => tabs.map((button) => button.id))) {
        await report.page.click('#' + id);
        await settle(report.page);
    }
    check(`${name}: no markup out of a name or a text`, (await report.page.$$('#panel-overview b, h1 b, #evil')).length === 0);
    await finish(report);
}

async function narrow({name, page}) {
    await page.setViewportSize({width: 390, height: 800});
    for (const id of await page.$$eval('[role=tab]', (tabs) => tabs.map((button) => button.id))) {
        await page.click('#' + id);
        await settle(page);
        const wide = await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
        check(`${name}: ${id} fits a narrow screen`, wide <= 0, wide);
    }
    await page.setViewportSize({width: 1280, height: 900});
}

async function finish({name, page, troubles, requests}) {
    check(`${name}: nothing on the console`, troubles.length === 0, troubles);
    check(
        `${name}: nothing was asked of the network`,
        requests.every((address) => address.startsWith(page.url().split('#')[0]) || address.startsWith('blob:')),
        requests,
    );
    await page.close();
}

const tools = {check, settle, tab, texts};
const jsonOf = (name) => JSON.parse(readFileSync(path.join(folder, name)));

for (const [name, searched] of [
    ['small', 'quicksort'],
    ['large', 'function_99'],
]) {
    const report = await open(name);
    for (const id of ['flame', 'functions', 'source', 'instructions', 'pairs', 'provenance', 'overview']) {
        await report.page.evaluate((to) => {
            location.hash = to;
        }, id); // no input: every shift would count
        await report.page.waitForTimeout(120);
    }
    const shifts = await report.page.evaluate(() => window.shifts);
    check(`${name}: no layout shift`, shifts.length === 0, shifts);
    const elements = await report.page.evaluate(() => document.querySelectorAll('*').length);
    check(`${name}: only what can be seen is built`, elements < 9000, elements);
    await useTables(report);
    await useFlameGraph(report, searched);
    await useSource(report);
    await useTheme(report);
    if (name === 'small') {
        await checkFigures(report, jsonOf('small.json').runs);
        await useKeyboard(report);
        await saveCharts(report, ['overview', 'flame']);
        for (const theme of ['light', 'dark']) {
            await report.page.emulateMedia({colorScheme: theme});
            await checkRules(report, tools, theme, theme === 'dark' ? ['color-contrast'] : undefined);
            await tab(report.page, 'flame');
            await checkContrast(report, tools, '.names text', '.frame rect', theme);
        }
        await narrow(report);
    }
    await checkPaper(report, tools);
    await finish(report);
}

const sweep = await open('branch');
await useSweep(sweep, tools, jsonOf('branch.json'));
await useTheme(sweep);
await saveCharts(sweep, ['overview', 'parallel-tab', 'heat', 'axes']);
for (const theme of ['dark', 'light']) {
    await sweep.page.emulateMedia({colorScheme: theme});
    await tab(sweep.page, 'heat');
    await settle(sweep.page);
    await checkContrast(sweep, tools, '#panel-heat .chart text', '#panel-heat .cell', theme);
}
await checkRules(sweep, tools, 'light');
await narrow(sweep);
await checkPaper(sweep, tools);
await finish(sweep);

const comparison = await open('compare');
await useComparison(comparison);
await saveCharts(comparison, ['compare', 'categories', 'cycles']);
await checkRules(comparison, tools, 'light');
await narrow(comparison);
await checkPaper(comparison, tools);
await finish(comparison);

for (const name of ['odd-name', 'raises', 'empty', 'no-source', 'command']) await openOdd(name);

await context.close();
console.log(`checks: ${checks} failed: ${failed}`);
process.exit(failed ? 1 : 0);
