// drive_sweep.mjs - the report of a sweep in the browser: its charts, tables, limits and the dialog of a point. Run by drive.mjs.

/**
 * @param {{name: string, page: import('playwright-core').Page}} report
 * @param {Object<string, Function>} tools drive.mjs's own: check, settle, tab, texts
 * @param {{spec: string, best: string, sensitivity: string, points: number}} expected what the command line says of the same file
 */
export async function useSweep({name, page}, {check, settle, tab, texts}, expected) {
    const choose = async (panel, label, option) => {
        await page.locator(`#panel-${panel} label.control:has-text("${label}") select`).first().selectOption(option);
        await settle(page);
    };
    const note = (id) => page.textContent(`#${id}-part > p.note`);

    const close = async () => {
        await page.keyboard.press('Escape');
        await page.waitForSelector('dialog', {state: 'detached'});
    };

    // The best point, and its spec, one click away.
    await tab(page, 'overview');
    await page.click('#best button.link');
    check(
        `${name}: the best point`,
        (await page.textContent('dialog h2')) === `Point ${expected.best}`,
        await page.textContent('dialog h2'),
    );
    check(`${name}: its spec is that of sweep spec`, (await page.textContent('dialog pre.spec')) === expected.spec);
    check(
        `${name}: the command that writes it`,
        (await page.textContent('dialog pre.command')).includes(`sweep spec ${name}.db ${expected.best} -o my.yaml`),
    );
    await close();
    check(`${name}: Escape closes it`, (await page.locator('dialog').count()) === 0);

    // The front of two metrics.
    const before = await note('pareto');
    check(`${name}: a front`, /\d+ points? on the front/.test(before), before);
    await choose('overview', 'Vertical', 'events.mispredicted');
    check(`${name}: another metric, another front`, (await note('pareto')) !== before, before);
    const front = page.locator('#panel-overview .chart path[fill="#c44536"]').first();
    await front.click({force: true});
    check(`${name}: a point of the chart opens`, (await page.locator('dialog[open]').count()) === 1);
    await close();
    await page.locator('.points-bar select').selectOption({index: 1});
    await settle(page);
    check(
        `${name}: one program's figures`,
        (await note('pareto')).startsWith(await page.locator('.points-bar select option').nth(1).textContent()),
    );
    await page.locator('.points-bar select').selectOption({index: 0});

    // Limits, by mouse and by keyboard.
    await tab(page, 'parallel-tab');
    await settle(page);
    const box = await page.locator('.dimension .brush').first().boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + 4);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2 - 10, {steps: 4});
    await page.mouse.up();
    await settle(page);
    const status = await page.textContent('.points-bar .status');
    check(`${name}: a limit was drawn`, /^\d+ of \d+ points are within/.test(status), status);
    const left = Number(status.split(' ')[0].replaceAll(',', ''));
    check(`${name}: it leaves some points out`, left > 0 && left < expected.points, status);
    await tab(page, 'points');
    check(
        `${name}: the table follows`,
        (await page.textContent('#points-table .status')).includes(`${left} rows`) || left > 50,
        await page.textContent('#points-table .status'),
    );
    await page.click('#clear-limits');
    await tab(page, 'parallel-tab');
    await page.locator('#parallel-part .toolbar select').nth(1).selectOption({index: 1});
    check(`${name}: a limit without the mouse`, /points are within/.test(await page.textContent('.points-bar .status')));
    await page.click('#clear-limits');

    await tab(page, 'heat');
    await settle(page);
    const cells = await page.locator('#panel-heat .cell').count();
    check(`${name}: cells of the heat map`, cells > 3, cells);
    const mean = await page.locator('#panel-heat .cell title').allTextContents();
    await choose('heat', 'Cells show', 'the best');
    check(
        `${name}: the best instead of the mean`,
        JSON.stringify(mean) !== JSON.stringify(await page.locator('#panel-heat .cell title').allTextContents()),
    );

    await tab(page, 'axes');
    await settle(page);
    const rows = await page.$$eval('#panel-axes table >> nth=0', (tables) =>
        [...tables[0].tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.textContent)),
    );
    for (const [axis, count, low, least, high, most, ratio, share] of rows) {
        const plain = (text) => Number(text.replaceAll(',', '')).toFixed(1);
        const wanted = [axis, count, plain(low), least, plain(high), most].map((text) => text.replaceAll('"', ''));
        const line = expected.sensitivity.split('\n').find((one) => one.trim().startsWith(axis + ' ')) ?? '';
        const [first, values, leastMean, , leastAt, mostMean, , mostAt, , percent] = line
            .trim()
            .replaceAll('"', '')
            .split(/\s+/);
        check(
            `${name}: sensitivity of ${axis} as in the terminal`,
            JSON.stringify(wanted) === JSON.stringify([first, values, leastMean, leastAt, mostMean, mostAt]) &&
                parseFloat(share) === parseFloat(percent),
            [line, wanted, ratio, share],
        );
    }
    check(`${name}: all axes`, rows.length > 1);

    await tab(page, 'points');
    await page.click('#points-table th button:text-is("cycles")');
    const cycles = (await texts(page, '#points-table tbody td:nth-child(2)')).map((text) => Number(text.replaceAll(',', '')));
    check(`${name}: points sorted`, cycles.length > 5 && cycles.every((value, i) => !i || value <= cycles[i - 1]), cycles);
    await page.focus('#points-table tbody button.link');
    await page.keyboard.press('Enter');
    check(`${name}: a point by keyboard`, (await page.locator('dialog[open]').count()) === 1);
    await close();
}
