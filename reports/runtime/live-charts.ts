// Turns drawn charts into live ones when they come into sight: the same picture, with tooltips and one setting lit up.
import { parse, View } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { browser, type Element } from './dom.ts';
import { tooltip } from './tooltip.ts';
import { unpack } from './unpack.ts';

const views: View[] = [];
let chosen: string | null = null;

/** Expressions are walked, never compiled, so that the page needs no `unsafe-eval`. */
async function enliven(panel: Element, spec: unknown): Promise<void> {
  const drawn = panel.querySelector('svg')!,
    stage = browser.document.createElement('div');
  stage.className = 'live';
  stage.setAttribute('role', 'img');
  stage.setAttribute('aria-label', drawn.getAttribute('aria-label') ?? '');
  panel.append(stage);
  try {
    const view = new View(parse(spec as never, undefined, { ast: true } as never), {
      expr: expressionInterpreter,
      renderer: 'svg',
      container: stage as never,
      hover: false,
      tooltip: tooltip as never,
    } as never);
    view.signal('chosen', chosen);
    await view.runAsync();
    const live = stage.querySelector('svg');
    live?.setAttribute('aria-hidden', 'true');
    live?.removeAttribute('role');
    views.push(view);
    if (chosen !== (view.signal('chosen') as unknown)) await view.signal('chosen', chosen).runAsync();
    panel.dataset.live = '';
  } catch {
    stage.remove(); // The drawing stays as it is.
  }
}

export function startCharts(library: Parameters<typeof unpack>[0]): void {
  const watcher = new browser.IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        watcher.unobserve(target);
        const spec = unpack(library, target.dataset.panel ?? '');
        if (spec) void enliven(target, spec);
      }
    },
    { rootMargin: '300px' },
  );
  for (const panel of browser.document.querySelectorAll('[data-panel]')) watcher.observe(panel);
}

/** Lights up one setting in every chart; null: all of them. */
export function lightCharts(setting: string | null): void {
  chosen = setting;
  for (const view of views) void view.signal('chosen', setting).runAsync();
}
