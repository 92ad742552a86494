// The parameters of one scenario, of its policy and of its balancer, each with its default, what it is and what it accepts.
import { BALANCERS } from '../balancers/registry.ts';
import type { ParamSpec, ParamTable } from '../options.ts';
import { POLICIES } from '../policies/registry.ts';
import { addonTable } from '../../sim/experiment/addons.ts';
import { partners } from '../../sim/experiment/parameters.ts';
import type { ScenarioDefinition } from '../../sim/scenario.ts';
import { findScenario, isPath } from './find-scenario.ts';
import { entry } from './fold.ts';

const shown = (value: ParamSpec['default']): string => (typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value));

/** What a value may be, where the help does not say it: `on or off`, `0 to 1`, `seeded or first`. */
function accepted(spec: ParamSpec): string {
  if (spec.kind === 'flag') return 'on or off';
  if (spec.kind === 'choice') return spec.values.join(', ');
  if (spec.kind !== 'number' && spec.kind !== 'numberOrWord') return '';
  const range = spec.min !== undefined && spec.max !== undefined && spec.max < 1e4 ? `${spec.min} to ${spec.max}` : '';
  return [range, ...(spec.words ?? []).filter((word) => !spec.help.includes(word))].filter(Boolean).join(', ');
}

function lines(table: ParamTable, defaults: Readonly<Record<string, unknown>>, columns: number): string[] {
  const rows = Object.entries(table).map(([name, spec]) => {
    const more = [spec.unit ?? '', accepted(spec)].filter(Boolean).join('; ');
    return [`  ${name}=${shown((defaults[name] ?? spec.default) as ParamSpec['default'])}`, `${spec.help}${more ? ` (${more})` : ''}`] as const;
  });
  const width = Math.min(30, Math.max(...rows.map(([left]) => left.length)) + 2);
  return rows.map(([left, right]) => entry(left, right, width, columns));
}

/** The policy and the balancer that ship and are named by default: a scenario of yours may name a file. */
function named(definition: ScenarioDefinition): readonly { readonly what: string; readonly name: string; readonly params: ParamTable }[] {
  try {
    const { policy, balancer, addons } = partners(definition, {}, { policies: POLICIES, balancers: BALANCERS });
    return [{ what: 'policy', ...policy }, { what: 'balancer', ...balancer }, ...addons.map((addon) => ({ what: 'add-on', name: addon.name, params: addonTable(addon) }))];
  } catch { return []; }
}

/** Text for help; undefined where the word names no scenario. Throws what loading a file throws. */
export async function parameterHelp(word: string, cwd: string, columns: number): Promise<string | undefined> {
  const { SCENARIOS } = await import('../../scenarios/index.ts');
  if (!isPath(word) && !Object.hasOwn(SCENARIOS, word)) return undefined;
  const { definition } = await findScenario(word, cwd, 'help'), defaults = definition.defaults ?? {};
  const part = (title: string, table: ParamTable): string[] => (Object.keys(table).length === 0 ? [] : ['', title, ...lines(table, defaults, columns)]);
  return [
    ...part(`parameters of ${definition.name}, with their defaults`, definition.params),
    ...named(definition).flatMap(({ what, name, params }) => part(`those of its ${what} ${name}`, params)), '',
  ].join('\n').slice(1);
}
