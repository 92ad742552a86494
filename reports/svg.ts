// Vega-Lite to SVG, the one file that loads Vega: warnings throw, colours become CSS variables, the same spec gives the same bytes.
import { config } from './charts/config.ts';
import { escapeHtml } from './html.ts';
import { textWidth } from './text-width.ts';
import { themed } from './tokens.ts';

/** A Vega-Lite spec. Text of users stands in its data and titles only, never in an expression. */
export type Spec = Readonly<Record<string, unknown>>;
/** A compiled Vega spec, as the page's runtime wants it. */
export type VegaSpec = Record<string, unknown>;

export interface Rendered {
  readonly svg: string;
  readonly spec: VegaSpec;
  readonly width: number;
  readonly height: number;
}

interface TextItem {
  readonly fontSize?: number;
  readonly fontWeight?: number | string;
}
type Libraries = readonly [vega: typeof import('vega'), lite: typeof import('vega-lite')];
let libraries: Promise<Libraries> | undefined;

/** Loads Vega once, when the first report is made, and gives it text metrics that do not depend on fonts or on a canvas. */
function load(): Promise<Libraries> {
  libraries ??= Promise.all([import('vega'), import('vega-lite')]).then(([vega, lite]) => {
    const metrics = (vega as unknown as { textMetrics: { width: (item: TextItem, text: unknown) => number } }).textMetrics;
    metrics.width = (item, text) => textWidth(String(text ?? ''), item.fontSize ?? 12, Number(item.fontWeight ?? 400) > 500);
    return [vega, lite] as const;
  });
  return libraries;
}

function thrower(name: string): unknown {
  const fail = (...message: readonly unknown[]): never => {
    throw new Error(`chart ${name}: ${message.join(' ')}`);
  };
  const logger = { warn: fail, error: fail, info: () => logger, debug: () => logger, level: () => logger };
  return logger;
}

const TAG = /<(?:[^<>"']|"[^"]*"|'[^']*')*>/g;
const DROPPED = / (?:aria-[a-z]+|role|class|font-family|pointer-events|stroke-miterlimit|xmlns(?::xlink)?|version)="[^"]*"/g;

/** Rewrites the tags of Vega's SVG and leaves its text alone, so that no label can be mistaken for markup. */
function finish(name: string, raw: string, label: string): { svg: string; width: number; height: number } {
  const size = /<svg[^>]* width="([\d.]+)" height="([\d.]+)"/.exec(raw);
  if (!size) throw new Error(`chart ${name}: no size in the SVG`);
  const width = Number(size[1]),
    height = Number(size[2]);
  const body = raw
    .replace(/^<svg[^>]*>/, '')
    .replace(/<\/svg>$/, '')
    .replace(TAG, (tag) => {
      if (/^<path (?:aria-hidden="true" )?class="(?:background|foreground)"/.test(tag) && /d="(?:M0,0h0v0h0Z)?"/.test(tag)) return '';
      const slim = tag
        .replace(DROPPED, '')
        .replace(/ opacity="1"/, '')
        .replace(/\b(id="|url\(#)((?:clip|gradient_)\d+)/g, `$1${name}-$2`)
        .replace(/(\d+\.\d{2})\d+/g, '$1');
      return slim.replace(/(fill|stroke)="(#[0-9a-fA-F]{3,8}|rgba?\([^"]*\)|[a-z]+)"/g, (whole, attribute: string, color: string) => {
        if (color === 'none' || color === 'transparent') return whole;
        const variable = themed(color);
        if (!variable) throw new Error(`chart ${name}: ${attribute} ${color} is not one of the report's colours`);
        return `${attribute}="${variable}"`;
      });
    });
  return {
    svg: `<svg role="img" aria-label="${escapeHtml(label)}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${body}</svg>`,
    width,
    height,
  };
}

/** Renders one panel at one width. Throws where the spec warns, names a colour outside the tokens, or misses its width. */
export async function render(name: string, spec: Spec, label: string, width: number): Promise<Rendered> {
  const [vega, lite] = await load();
  const compiled = lite.compile({ ...spec, config } as never, { logger: thrower(name) as never }).spec as unknown as VegaSpec;
  vega.resetSVGDefIds();
  const view = new vega.View(vega.parse(compiled as never), { renderer: 'none', logger: thrower(name) as never });
  const raw = await view.toSVG();
  view.finalize();
  const drawn = finish(name, raw, label);
  if (drawn.width !== width) throw new Error(`chart ${name}: ${drawn.width} px wide instead of ${width}`);
  return { ...drawn, spec: compiled };
}
