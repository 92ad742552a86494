// What may stand after `key=`, and which keys there are: from the tables of scenarios, policies and balancers.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ParamSpec, ParamTable } from '../../options.ts';
import type { Offer } from './offer.ts';
import { offers } from './offer.ts';
import { paths } from './paths.ts';
import type { Named, Tables } from './tables.ts';

const CODE = /\.m?[jt]s$/;

/** The scenario that a word names, or that a YAML file builds on. A file of code is not run for this. */
function scenarioOf(word: string, { scenarios }: Tables, cwd: string): Named[string] | undefined {
  let name = word;
  if (/\.ya?ml$/.test(word)) {
    try { name = /^scenario:\s*['"]?([^\s'"#]+)/m.exec(readFileSync(path.resolve(cwd, word), 'utf8'))?.[1] ?? ''; } catch { return undefined; }
  }
  return Object.hasOwn(scenarios, name) ? scenarios[name] : undefined;
}

/** Names that `key=a,b` in these words sets, else the default. */
function chosen(key: string, words: readonly string[], fallback: unknown): string[] {
  const given = words.find((word) => word.startsWith(`${key}=`))?.slice(key.length + 1);
  return given === undefined ? [String(fallback ?? '')] : given.split(',');
}

const tablesOf = (registry: Named, names: readonly string[]): ParamTable[] => names.flatMap((name) => (Object.hasOwn(registry, name) ? [registry[name]!.params] : []));

/** Every parameter that the scenario, and the policies and balancers that the words choose, have. Without a scenario all of the registries. */
export function parameters(word: string, words: readonly string[], all: Tables, cwd: string): ParamTable {
  const scenario = scenarioOf(word, all, cwd), own = scenario?.params ?? {};
  const parts = scenario
    ? [...tablesOf(all.policies, chosen('policy', words, own['policy']?.default)), ...tablesOf(all.balancers, chosen('balancer', words, own['balancer']?.default)), ...tablesOf(all.addons, chosen('addons', words, own['addons']?.default).flatMap((one) => one.split('+')))]
    : [...Object.values(all.policies), ...Object.values(all.balancers), ...Object.values(all.addons)].map(({ params }) => params);
  return Object.assign({}, ...parts.toReversed(), own) as ParamTable;
}

const titled = (registry: Named): Offer[] => Object.entries(registry).map(([word, { title }]) => ({ word, help: title }));

/** Values of one parameter. `start`: what is written of it so far. */
export function valuesOf(key: string, spec: ParamSpec | undefined, start: string, all: Tables, cwd: string, home?: string): Offer[] {
  if (key === 'policy') return [...titled(all.policies), ...paths(start, cwd, 'files', CODE, home)];
  if (key === 'balancer') return [...titled(all.balancers), ...paths(start, cwd, 'files', CODE, home)];
  if (spec === undefined) return [];
  switch (spec.kind) {
    case 'flag': return offers(['on', 'off'], spec.help);
    case 'choice': return offers(spec.values, spec.help);
    case 'file': return paths(start, cwd, 'files', /$/, home);
    default: return [...new Set([...('words' in spec ? spec.words ?? [] : []), ...(spec.suggest ?? []), ...(spec.default === '' ? [] : [String(spec.default)])])].map((word) => ({ word, help: spec.help }));
  }
}
