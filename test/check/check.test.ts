// The contracts have teeth: whatever ships keeps every clause, and each of the files that are broken on purpose gets exactly its clause named.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { BALANCERS } from '../../src/balancers/registry.ts';
import type { BalancerDefinition } from '../../src/balancers/balancer.ts';
import { POLICIES } from '../../src/policies/registry.ts';
import type { PolicyDefinition } from '../../src/policies/policy.ts';
import { resolveOptions } from '../../src/options.ts';
import { heapMeter, setTraps } from '../../src/cli/traps.ts';
import { BALANCER_CLAUSES, checkBalancer, checkPolicy, POLICY_CLAUSES, type Verdict } from '../../sim/check/index.ts';

const folder = path.join(import.meta.dirname, 'broken');
// Set before a broken file is loaded, as the command does it.
const traps = setTraps(folder), heap = heapMeter();
afterAll(() => { traps.release(); });

/** As many histories as the command tries where a fault must be found; fewer where there is none. */
const few = { seed: '1', histories: 60, heap }, settings = { ...few, histories: 300 };
const brokenOf = (verdicts: readonly Verdict[]): readonly string[] => verdicts.filter(({ holds }) => holds === false).map(({ clause }) => clause.id);

describe('what ships', () => {
  test.each(Object.values(POLICIES).map((definition) => [definition.name, definition] as const))('policy %s keeps every clause', async (name, definition) => {
    const verdicts = await checkPolicy({ definition, options: resolveOptions(definition.params, {}, name), watcher: traps }, few);
    expect(verdicts.filter(({ holds }) => holds !== true)).toEqual([]);
    expect(verdicts.length).toBe(POLICY_CLAUSES.length);
  });
  test.each(Object.values(BALANCERS).map((definition) => [definition.name, definition] as const))('balancer %s keeps every clause', async (name, definition) => {
    const verdicts = await checkBalancer({ definition, options: resolveOptions(definition.params, {}, name), watcher: traps }, few);
    expect(verdicts.filter(({ holds }) => holds !== true)).toEqual([]);
    expect(verdicts.length).toBe(BALANCER_CLAUSES.length);
  });
});

describe('what is broken on purpose', () => {
  const files = readdirSync(folder).sort(), clauseOf = (file: string): string => /^\/\/ Breaks ([\w-]+): /.exec(readFileSync(path.join(folder, file), 'utf8'))![1];

  test('covers every clause of both contracts but the one that only policies can break here', () => {
    expect(new Set(files.filter((file) => file.startsWith('policy-')).map(clauseOf))).toEqual(new Set(POLICY_CLAUSES.map(({ id }) => id)));
    expect([...BALANCER_CLAUSES.map(({ id }) => id)].filter((id) => !files.filter((file) => file.startsWith('balancer-')).map(clauseOf).includes(id))).toEqual(['throws']);
  });

  test.each(files.map((file) => [file, clauseOf(file)] as const))('%s: exactly %s is named, with a history', async (file, clause) => {
    const { default: definition } = await import(path.join(folder, file)) as { default: PolicyDefinition | BalancerDefinition };
    const verdicts = file.startsWith('policy-') ? await checkPolicy({ definition: definition as PolicyDefinition, options: {}, watcher: traps }, settings) : await checkBalancer({ definition: definition as BalancerDefinition, options: {}, watcher: traps }, settings);
    expect(brokenOf(verdicts)).toEqual([clause]);
    const { shown } = verdicts.find(({ holds }) => holds === false)!;
    expect(shown!.why).not.toBe('');
    // Shrunk: nobody needs more than a handful of steps to see it. What lies outside of the object does not come again, and cannot be shrunk.
    if (file === 'policy-tools.ts') expect(shown!.lines).toEqual(expect.arrayContaining(['a tool of its program starts', 'the tool ends']));
    if (clause !== 'again') expect(shown!.lines.length).toBeLessThanOrEqual(8);
  });
});
