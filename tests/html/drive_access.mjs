// drive_access.mjs - whether everybody can read a report: by the rules of axe-core, by the contrast of drawings, on paper. Run by
// drive.mjs.
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const LEAST_CONTRAST = 4.5;
const PAPER = {width: 688, height: 970}; // A4 without its margins

const tabsOf = (page) => page.$$eval('[role=tab]', (tabs) => tabs.map((button) => button.id));

/** Every tab breaks none of axe-core's rules; where only colours are others, these rules. */
export async function checkRules({name, page}, {check, settle}, theme, only) {
    await page.evaluate(axe);
    for (const id of await tabsOf(page)) {
        await page.click('#' + id);
        await settle(page);
        const broken = await page.evaluate(async (runOnly) => {
            const options = {resultTypes: ['violations'], ...(runOnly ? {runOnly} : {})};
            const {violations} = await window.axe.run(document, options);
            return violations.map((rule) => [rule.id, rule.nodes[0].html.slice(0, 200)]);
        }, only);
        check(`${name}, ${theme}: ${id} can be used by everybody`, broken.length === 0, broken);
    }
}

/** Of texts in a drawing, the least contrast to the rectangle that they lie on; axe-core does not know drawings. */
export async function checkContrast({name, page}, {check}, texts, rectangles, theme) {
    const least = await page.evaluate(
        ([wantedTexts, wantedRectangles]) => {
            const luminance = (colour) => {
                const parts = colour.match(/[\d.]+/g).slice(0, 3);
                const [red, green, blue] = parts.map((part) => {
                    const light = part / 255;
                    return light <= 0.04045 ? light / 12.92 : ((light + 0.055) / 1.055) ** 2.4;
                });
                return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
            };
            const fill = (element) => luminance(getComputedStyle(element).fill);
            const inks = [...document.querySelectorAll(wantedTexts)];
            const places = [...document.querySelectorAll(wantedRectangles)].map((element) => [
                element.getBoundingClientRect(),
                element,
            ]);
            return inks.reduce((worst, ink) => {
                const box = ink.getBoundingClientRect();
                const [x, y] = [box.x + 2, box.y + box.height / 2];
                const under = places.find(
                    ([place]) => place.left <= x && x <= place.right && place.top <= y && y <= place.bottom,
                );
                if (!under) return worst;
                const [low, high] = [fill(ink), fill(under[1])].sort((a, b) => a - b);
                return Math.min(worst, (high + 0.05) / (low + 0.05));
            }, Infinity);
        },
        [texts, rectangles],
    );
    check(`${name}, ${theme}: contrast of ${texts}`, least >= LEAST_CONTRAST && least < Infinity, least);
}

/** On paper everything is there, light, and nothing is cut. */
export async function checkPaper({name, page}, {check, settle}) {
    const screen = page.viewportSize();
    await page.setViewportSize(PAPER);
    await page.emulateMedia({media: 'print'});
    await settle(page);
    const hidden = await page.$$eval(
        '[role=tabpanel]',
        (panels) => panels.filter((panel) => !panel.getClientRects().length || panel.children.length < 2).length,
    );
    check(`${name}: paper has every part`, hidden === 0, hidden);
    const visible = [];
    for (const selector of ['[role=tablist]', '#theme', '.toolbar', '.export'])
        if (await page.locator(selector).filter({visible: true}).count()) visible.push(selector);
    check(`${name}: no tabs and buttons on paper`, visible.length === 0, visible);
    const charts = await page.$$eval('.chart svg', (list) => list.length);
    check(`${name}: charts on paper`, charts === (await page.$$('.chart')).length && charts > 0, charts);
    const wide = await page.evaluate((width) => {
        const elements = [...document.querySelectorAll('table, .chart svg, .flame, .row, pre, p')];
        const wider = elements.filter((element) => element.getBoundingClientRect().right > width + 1);
        return wider.map((element) => `${element.tagName} ${element.textContent.slice(0, 60)}`).slice(0, 5);
    }, PAPER.width);
    check(`${name}: nothing is wider than the paper`, wide.length === 0, wide);
    const folded = await page.$$eval('details:not([open])', (list) => list.length);
    check(`${name}: nothing is folded away on paper`, folded === 0, folded);
    const paper = await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
    check(`${name}: paper is light`, paper === 'light', paper);
    await page.emulateMedia({media: 'screen'});
    await page.setViewportSize(screen);
    await settle(page);
}
