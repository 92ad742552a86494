// The page in a real Chromium: silent, offline, readable without scripts, nothing cut or overlapping, no serious axe violation.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildReport } from '../../reports/index.ts';
import { bundleRuntime } from '../../reports/runtime/bundle.ts';
import { axeViolations, badText, chromiumPath, enliven, launch, open, sideways } from './browser-page.ts';
import { alphaSweep, evilNames, gridAndBeside, hardlyDifferent, invalidRun, manyCells, policyPair, singleRun } from './fixtures.ts';

const chromium = chromiumPath();
if (!chromium) console.warn('skipped: the report in a browser, because no Chromium was found (set SCHEDLAB_CHROMIUM, or install Debian’s package)');

const INPUTS = { 'alpha sweep': alphaSweep, 'grid of two keys': gridAndBeside, 'policy pair on a trace': () => policyPair(), 'pair that hardly differs': hardlyDifferent, 'single run': singleRun, 'invalid run': invalidRun, '60 cells over a number': () => manyCells(true), '60 cells of names': () => manyCells(false), 'names that look like markup': evilNames };
type Name = keyof typeof INPUTS;
const NAMES = Object.keys(INPUTS) as Name[];

// A browser on a machine with more work than cores now and then misses a click for a minute; what is wrong is wrong twice.
describe.skipIf(!chromium)('the report in Chromium', { timeout: 90_000, retry: 1 }, () => {
  let browser: Browser, folder: string;
  const url = {} as Record<Name, string>;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'schedlab-report-'));
    const runtime = await bundleRuntime(path.dirname(fileURLToPath(import.meta.resolve('../../reports/runtime/bundle.ts'))));
    for (const name of NAMES) {
      const file = path.join(folder, `${name.replace(/\W+/g, '-')}.html`);
      writeFileSync(file, (await buildReport(INPUTS[name](), { runtime })).html);
      url[name] = pathToFileURL(file).href;
    }
    browser = await launch(chromium!);
  }, 120_000);
  afterAll(async () => { await browser?.close(); rmSync(folder, { recursive: true, force: true }); });

  for (const name of NAMES) for (const [width, colorScheme] of [[1440, 'light'], [900, 'dark'], [360, 'light']] as const) {
    if (width === 900 && !name.startsWith('alpha') && !name.startsWith('grid') && !name.startsWith('60 cells over')) continue;
    it(`shows the ${name} at ${width} px, live, with nothing cut, overlapping, logged or requested`, async () => {
      const { page, messages, requests, close } = await open(browser, url[name], { viewport: { width, height: 900 }, colorScheme });
      await enliven(page);
      expect(await page.locator('.panel[data-live] .live svg').count()).toBeGreaterThan(0);
      expect(await badText(page)).toEqual([]);
      expect(await sideways(page)).toBe(0);
      expect(messages).toEqual([]);
      expect(requests).toEqual([]);
      await close();
    });
  }

  for (const name of ['alpha sweep', 'single run'] as const) {
    it(`is readable with scripts off: ${name}`, async () => {
      for (const width of [1440, 360]) {
        const { page, messages, requests, close } = await open(browser, url[name], { viewport: { width, height: 900 }, javaScriptEnabled: false, colorScheme: 'dark' });
        expect(await page.locator('h1').innerText()).not.toBe('');
        expect(await page.locator('button:visible, select:visible').count()).toBe(0);
        expect(await page.locator('.panel > svg:visible').count()).toBeGreaterThan(0);
        expect([...messages, ...requests]).toEqual([]);
        await close();
      }
    });
  }

  it.each([['light', 1440, 'alpha sweep'], ['dark', 1440, 'single run'], ['light', 360, 'invalid run'], ['dark', 360, 'policy pair on a trace']] as const)('has no serious axe violation, tables open, %s at %i px: %s', async (colorScheme, width, name) => {
    const { page, close } = await open(browser, url[name], { viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
    await enliven(page);
    await page.evaluate('for (const d of document.querySelectorAll("details")) d.open = true');
    expect(await axeViolations(page)).toEqual([]);
    await close();
  }, 120_000);

  it('lights up one setting in every chart and table, and lets go of it again', async () => {
    const { page, messages, close } = await open(browser, url['alpha sweep'], { viewport: { width: 1440, height: 900 } });
    await enliven(page);
    const faint = (): Promise<number> => page.evaluate('[...document.querySelectorAll(".live svg [opacity]")].filter((e) => Number(e.getAttribute("opacity")) < 0.2).length');
    const before = await faint(), button = page.locator('.key button').first();
    await button.focus();
    await page.keyboard.press('Enter');
    await expect.poll(faint, { timeout: 20_000 }).toBeGreaterThan(before + 20);
    expect(await button.getAttribute('aria-pressed')).toBe('true');
    expect(await page.locator('tr.lit').count()).toBeGreaterThan(2);
    await page.keyboard.press('Escape');
    await expect.poll(faint, { timeout: 20_000 }).toBe(before);
    expect(messages).toEqual([]);
    await close();
  });

  it('shows the numbers of a point beside the pointer', async () => {
    const { page, close } = await open(browser, url['alpha sweep'], { viewport: { width: 1440, height: 900 } });
    await enliven(page);
    const at: { x: number; y: number } = await page.evaluate(`(() => { document.querySelector('#curve').scrollIntoView(); const box = document.querySelector('[data-panel="curve-1-w"] .live .mark-symbol path').getBoundingClientRect(); return { x: box.x + box.width / 2, y: box.y + box.height / 2 }; })()`);
    await page.mouse.move(at.x, at.y);
    await expect.poll(() => page.locator('.tip').textContent(), { timeout: 20_000 }).toMatch(/^alpha 0: 0\.\d+\u00a0±\u00a00\.\d+, n = 20$/);
    await close();
  });

  it('changes the theme by its button, and keeps the drawings in the colours of the theme', async () => {
    const { page, close } = await open(browser, url['alpha sweep'], { viewport: { width: 1440, height: 900 }, colorScheme: 'light' });
    await enliven(page);
    const color = (): Promise<string> => page.evaluate('getComputedStyle(document.querySelector(".panel .live svg text")).fill');
    const light = await color();
    await page.getByRole('button', { name: /dark theme/ }).click();
    expect(await page.evaluate('getComputedStyle(document.documentElement).backgroundColor')).toBe('rgb(20, 23, 28)');
    expect(await color()).not.toBe(light);
    await close();
  });

  it('copies the command that redoes it', async () => {
    const { page, close } = await open(browser, url['alpha sweep'], { viewport: { width: 1440, height: 900 }, permissions: ['clipboard-read', 'clipboard-write'] });
    await page.locator('.redo').getByRole('button', { name: 'Copy' }).click();
    await expect.poll(() => page.locator('[data-copy=redo]').innerText(), { timeout: 20_000 }).toBe('Copied');
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(await page.locator('#redo').innerText());
    await page.locator('#who').getByRole('button', { name: 'Copy' }).click();
    await expect.poll(() => page.evaluate('navigator.clipboard.readText()'), { timeout: 5000 }).toMatch(/^npx schedlab run --from results\/made-up --cell \w{12} --rep \d+$/);
    await close();
  });

  it('prints light, with the drawings and the tables and without controls', async () => {
    const { page, close } = await open(browser, url['alpha sweep'], { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' });
    await enliven(page);
    await page.emulateMedia({ media: 'print' });
    expect(await page.evaluate('getComputedStyle(document.documentElement).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(await page.locator('table:visible').count()).toBeGreaterThan(5);
    expect(await page.locator('.panel > svg:visible').count()).toBeGreaterThan(5);
    expect(await page.locator('.live:visible, nav:visible, #theme:visible, select:visible').count()).toBe(0);
    await close();
  });

  it('leaves names that look like markup as text', async () => {
    const { page, close } = await open(browser, url['names that look like markup'], { viewport: { width: 1440, height: 900 } });
    expect(await page.locator('img, script[src], main script').count()).toBe(0);
    expect(await page.locator('h1').innerText()).toContain('<img src=x onerror=alert(1)></script>');
    await close();
  });
});
