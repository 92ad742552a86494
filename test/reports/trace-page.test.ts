// The pages of a described and of a fitted trace in a real Chromium: silent, offline, nothing cut or overlapping, readable in both themes.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fitPage } from '../../reports/fit-page.ts';
import { bundleRuntime } from '../../reports/runtime/bundle.ts';
import { describePage } from '../../reports/trace-page.ts';
import { describeTrace } from '../../sim/workload/describe/describe.ts';
import { fitTrace } from '../../sim/workload/fit/fit-trace.ts';
import { sharedData } from '../workload/shared.ts';
import { axeViolations, badText, chromiumPath, enliven, launch, open, sideways } from './browser-page.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'schedlab-trace-page-'));
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

/** Programs of two tenants, with tools, contents, and a name that looks like markup. */
function programs(): string {
  const lines = ['{"schema":"schedlab/trace@1","start":"2026-11-21T14:02:00Z"}'];
  for (let p = 0; p < 60; p++) for (let k = 0; k <= p % 7; k++) lines.push(JSON.stringify({ id: `${p}.${k}`, program: `p${p}`, agent: '</script><img src=x onerror=alert(1)>', ...(k === 0 ? { arrival: ((p * 7919) % 1000) / 5 } : { parents: [`${p}.${k - 1}`], after_s: 0.2 }), prompt: [['system', 900], [`own ${p}`, 300 * k], [null, 40]], output_tokens: (p * 31 + k * 17) % 300, tool_s: ((p * 13) % 50) / 10 }));
  return `${lines.join('\n')}\n`;
}
const SMALL = { 'programs': programs(), 'two calls': 'arrival,prompt_tokens,output_tokens\n0,5,0\n3,7,0\n', 'one instant': 'arrival,prompt_tokens,output_tokens\n0,5,1\n0,5,1\n0,5,1\n', 'one call': 'arrival,prompt_tokens,output_tokens\n0,5,1\n' };

const RECORDED: Readonly<Record<string, { readonly path: string; readonly absent: boolean }>> = { mooncake: sharedData('traces/mooncake-conversation.jsonl'), azure: sharedData('traces/azure-llm-2023-code.csv') };
const SHOWN = ['programs', 'laws of programs', ...Object.keys(RECORDED).filter((name) => !RECORDED[name].absent).flatMap((name) => (name === 'azure' ? [`laws of ${name}`] : [name]))];

async function pages(names: readonly string[], runtime: string | null): Promise<Record<string, string>> {
  const made: Record<string, string> = {};
  for (const name of names) {
    const of = name.replace('laws of ', ''), file = Object.hasOwn(SMALL, of) ? path.join(folder, `${of.replace(' ', '-')}.txt`) : RECORDED[of].path;
    if (Object.hasOwn(SMALL, of)) writeFileSync(file, SMALL[of as keyof typeof SMALL]);
    const described = (await describeTrace(file))!, redo = `npx schedlab trace inspect ${of} --page page.html`;
    made[name] = name === of ? await describePage(described.description, redo, runtime) : await fitPage(fitTrace(described), redo, runtime);
  }
  return made;
}

describe('a page about a trace', () => {
  it('is static without the runtime, names its one style by hash, says every name as text, and is the same each time', async () => {
    const { programs: page } = await pages(['programs'], null);
    expect(/script-src &#39;none&#39;/.test(page) && !/<script|<img/.test(page)).toBe(true);
    expect(page.includes('What is programs.txt like?')).toBe(true);
    expect((await pages(['programs'], null))['programs'] === page).toBe(true);
  });

  it('is made of the least that a trace can be', async () => { expect(Object.keys(await pages(['two calls', 'one instant', 'one call'], null))).toHaveLength(3); });
});

const chromium = chromiumPath();
if (!chromium) console.warn('skipped: the pages of traces in a browser, because no Chromium was found');

describe.skipIf(!chromium)('pages about traces in Chromium', { timeout: 90_000, retry: 1 }, () => {
  let browser: Browser, made: Record<string, string>;
  beforeAll(async () => {
    made = await pages(SHOWN, await bundleRuntime(path.dirname(fileURLToPath(import.meta.resolve('../../reports/runtime/bundle.ts')))));
    browser = await launch(chromium!);
  }, 120_000);
  afterAll(async () => { await browser?.close(); });

  it.each([[1440, 'light', SHOWN], [900, 'dark', ['programs']], [360, 'light', SHOWN.filter((name) => !name.startsWith('laws of p'))]] as const)('show everything at %i px, %s: nothing cut, overlapping, logged or requested', async (width, colorScheme, names) => {
    for (const name of names) {
      const html = made[name];
      const file = path.join(folder, `${name.replace(/\W/g, '-')}.html`);
      writeFileSync(file, html);
      const { page, messages, requests, close } = await open(browser, pathToFileURL(file).href, { viewport: { width, height: 900 }, colorScheme });
      await enliven(page);
      expect([name, await badText(page), await sideways(page), messages, requests]).toEqual([name, [], 0, [], []]);
      expect(await page.locator('.panel[data-live] .live svg').count(), name).toBeGreaterThan(0);
      await close();
    }
  });

  it.each([['light', 1440, 'programs'], ['dark', 360, 'laws of programs']] as const)('have no serious axe violation, tables open, %s at %i px: %s', async (colorScheme, width, name) => {
    const file = path.join(folder, 'axe.html');
    writeFileSync(file, made[name]);
    const { page, close } = await open(browser, pathToFileURL(file).href, { viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
    await enliven(page);
    await page.evaluate('for (const d of document.querySelectorAll("details")) d.open = true');
    expect(await axeViolations(page)).toEqual([]);
    await close();
  });
});
