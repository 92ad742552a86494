// What holds for the front door as a whole: a light way in, and every scenario with every policy and balancer.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { BALANCERS } from '../../src/balancers/registry.ts';
import { POLICIES } from '../../src/policies/registry.ts';
import { SCENARIOS } from '../../scenarios/index.ts';
import { FLAGS } from '../../src/cli/flags.ts';
import type { Flag } from '../../src/cli/flags.ts';
import { main } from '../../src/cli/front.ts';
import { verbNames } from '../../src/cli/verbs.ts';
import { fakeIo } from './fake-io.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** Everything that is imported when `file` is, types aside. */
function reached(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  if (!existsSync(file)) return seen;
  for (const [, spec] of readFileSync(file, 'utf8').matchAll(/^(?:import (?!type\b)(?:[^'";]* from )?|export (?!type\b)[^'";=]* from )'([^']+)';/gm)) {
    if (spec.startsWith('.')) reached(path.resolve(path.dirname(file), spec), seen); else seen.add(spec);
  }
  return seen;
}

describe('the way in', () => {
  it('answers --help without a parser, a scenario or a chart', () => {
    const files = [...reached(path.join(root, 'src/cli/main.ts')), ...reached(path.join(root, 'src/cli/front.ts'))].map((file) => path.relative(root, file));
    expect(files.length).toBeGreaterThan(8);
    expect(files.filter((file) => /yargs-parser|yaml|vega|^sim|^reports|^scenarios/.test(file))).toEqual([]);
  });
});

describe('the page of the command line', () => {
  const page = readFileSync(path.join(root, 'docs/cli.md'), 'utf8');
  it('names every verb and every flag that works', () => {
    for (const verb of verbNames()) {
      expect(page).toContain(`| \`${verb}`);
      for (const flag of FLAGS[verb] as readonly Flag[]) if (!flag.later) expect(page).toContain(`--${flag.name}`);
    }
  });
  it('names no flag that is not possible yet', () => {
    for (const flag of FLAGS.sweep as readonly Flag[]) if (flag.later) expect(page).not.toMatch(new RegExp(`--${flag.name}\\b`));
  });
});

describe('every scenario', () => {
  const names = Object.keys(SCENARIOS).filter((name) => name !== 'trace-replay');
  it.each(names.map((name) => [name]))('%s plans with every policy and balancer', async (name) => {
    const { params } = SCENARIOS[name];
    const knows = Object.hasOwn(params, 'knowledge'), axes = [['policy', Object.values(POLICIES).filter(({ knowledge }) => knows || knowledge === 'none').map((policy) => policy.name)], ['balancer', Object.keys(BALANCERS)], ['knowledge', ['oracle']]] as const;
    const tokens = axes.filter(([key]) => Object.hasOwn(params, key)).map(([key, values]) => `${key}=${values.join(',')}`);
    const io = fakeIo();
    expect([await main(['validate', name, ...tokens], io), io.err()]).toEqual([0, expect.stringContaining('is valid') as string]);
  });
});
