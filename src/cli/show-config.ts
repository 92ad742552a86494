// What --show-config prints: every resolved value with where it came from.
import type { ExperimentOptions, Plan } from '../../sim/experiment/types.ts';
import type { Asked } from './request.ts';
import { layout } from './table.ts';

interface Line { readonly key: string; readonly value: unknown; readonly origin: string }

function lines(asked: Asked, plan: Plan, options: ExperimentOptions): { readonly parameters: Line[]; readonly settings: Line[] } {
  const swept = new Map([...(plan.request.swept ?? []), ...(plan.request.zip ?? [])].map((axis) => [axis.key, axis]));
  const fromFile = (where: string | undefined): boolean => /^(sweep|zip) \(/.test(where ?? '');
  const parameters = Object.entries(plan.base).map(([key, value]) => {
    const axis = swept.get(key);
    return { key, value: axis ? axis.text ?? axis.values : value, origin: axis && fromFile(axis.where) ? 'scenario' : plan.origins[key] ?? 'default' };
  });
  const resolved: Readonly<Record<string, unknown>> = {
    reps: options.reps, seed: options.seed, until: asked.settings.get('until')?.value ?? 'none', 'max-reps': options.maxReps ?? 'none', baseline: plan.baseline < 0 ? 'none' : plan.cells[plan.baseline].label,
    jobs: options.jobs, out: asked.settings.get('out')?.value ?? 'results/SCENARIO-DATE', calls: asked.settings.get('calls')?.value ?? 'none', shell: options.shell, target: asked.settings.get('target')?.value ?? 'sim',
  };
  const settings = Object.entries(resolved).map(([key, value]) => ({ key, value, origin: asked.settings.get(key)?.origin ?? 'default' }));
  return { parameters, settings };
}

const shown = (value: unknown): string => (typeof value === 'boolean' ? (value ? 'on' : 'off') : value === '' ? '(none)' : Array.isArray(value) ? value.join(',') : String(value));

export function configText(asked: Asked, plan: Plan, options: ExperimentOptions): string {
  const { parameters, settings } = lines(asked, plan, options);
  const table = (title: string, rows: readonly Line[]): readonly string[] => layout([
    { head: title, align: 'left', cells: rows.map((row) => row.key) },
    { head: 'value', align: 'left', cells: rows.map((row) => shown(row.value)) },
    { head: 'from', align: 'left', cells: rows.map((row) => row.origin) },
  ], Infinity).lines;
  return `${[`${plan.scenario.name} · ${plan.cells.length} cell${plan.cells.length === 1 ? '' : 's'}`, '', ...table('parameter', parameters), '', ...table('setting', settings)].join('\n')}\n`;
}

export function configJson(asked: Asked, plan: Plan, options: ExperimentOptions): unknown {
  const { parameters, settings } = lines(asked, plan, options);
  const table = (rows: readonly Line[]): Record<string, unknown> => Object.fromEntries(rows.map(({ key, value, origin }) => [key, { value, origin }]));
  return { scenario: plan.scenario.name, cells: plan.cells.length, parameters: table(parameters), settings: table(settings) };
}
