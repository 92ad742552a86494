// What the browser tests look for on a page: text that is cut or overlaps in a chart, sideways scroll, axe, messages, requests.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

const ARGS = ['--disable-background-networking', '--disable-component-update', '--disable-domain-reliability', '--disable-sync', '--no-first-run', '--disable-dev-shm-usage', '--force-color-profile=srgb', '--font-render-hinting=none'];

/** Path of a Chromium, or undefined where there is none. */
export const chromiumPath = (): string | undefined => [process.env['SCHEDLAB_CHROMIUM'], '/usr/bin/chromium'].find((p) => p !== undefined && existsSync(p));

export async function launch(executablePath: string): Promise<Browser> {
  const { chromium } = await import('playwright-core');
  return chromium.launch({ executablePath, chromiumSandbox: false, args: ARGS });
}

export interface Opened { readonly page: Page; readonly messages: string[]; readonly requests: string[]; close(): Promise<void> }

/** Opens a file with no network and notes every console message, error and request but that for the page itself. */
export async function open(browser: Browser, url: string, options: BrowserContextOptions): Promise<Opened> {
  const context = await browser.newContext({ offline: true, deviceScaleFactor: 1, reducedMotion: 'reduce', locale: 'en-GB', timezoneId: 'UTC', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const messages: string[] = [], requests: string[] = [];
  page.on('console', (m) => messages.push(`${m.type()}: ${m.text()}`));
  page.on('pageerror', (e) => messages.push(`error: ${e.message}`));
  page.on('request', (r) => { if (r.url() !== url) requests.push(r.url()); });
  await page.goto(url);
  return { page, messages, requests, close: () => context.close() };
}

/** Scrolls through the page, so that every chart in sight becomes live, and waits until it has. */
export async function enliven(page: Page): Promise<void> {
  await page.evaluate(`(async () => {
    for (let y = 0; y < document.documentElement.scrollHeight; y += 500) { scrollTo(0, y); await new Promise((done) => setTimeout(done, 15)); }
    const shown = () => [...document.querySelectorAll('[data-panel]')].filter((p) => p.offsetParent !== null);
    for (let i = 0; i < 200 && !shown().every((p) => p.dataset.live === ''); i++) await new Promise((done) => setTimeout(done, 15));
    scrollTo(0, 0);
  })()`);
}

/** Texts of visible charts that leave their drawing or touch each other. */
export async function badText(page: Page): Promise<string[]> {
  return page.evaluate(`(() => {
    const bad = [];
    for (const svg of document.querySelectorAll('.panel svg')) {
      const frame = svg.getBoundingClientRect();
      if (frame.width === 0) continue;
      const where = svg.closest('[data-panel]').dataset.panel;
      const texts = [...svg.querySelectorAll('text')].filter((t) => t.textContent.trim()).map((t) => ({ text: t.textContent, box: t.getBoundingClientRect() })).filter((t) => t.box.width > 0);
      texts.forEach((a, i) => {
        if (a.box.left < frame.left - 1 || a.box.right > frame.right + 1 || a.box.top < frame.top - 1 || a.box.bottom > frame.bottom + 1) bad.push(where + ': cut: ' + a.text);
        for (const b of texts.slice(i + 1)) {
          const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left), high = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
          if (wide > 1 && high > 3.5) bad.push(where + ': overlap: ' + a.text + ' | ' + b.text);
        }
      });
    }
    return bad;
  })()`);
}

export const sideways = (page: Page): Promise<number> => page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

/** Violations of level serious or critical. The page must have been opened with bypassCSP. */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.addScriptTag({ content: readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8') });
  return page.evaluate(`axe.run(document, { resultTypes: ['violations'] }).then((r) => r.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical').map((v) => v.id + ': ' + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(' ; ')))`);
}
