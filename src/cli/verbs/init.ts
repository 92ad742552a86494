// `init`: a working example of a scenario, policy, balancer or metric with a test beside it. Overwrites nothing, and writes both files or none.
import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SchedlabError } from '../../errors.ts';
import { unknownName } from '../../options.ts';
import type { Io } from '../io.ts';
import { parse } from '../parse.ts';
import { command } from '../shell-words.ts';
import { balancerCode, balancerTest } from '../templates/balancer.ts';
import { metricCode, metricName, metricTest } from '../templates/metric.ts';
import { policyCode, policyTest } from '../templates/policy.ts';
import { scenarioCode, scenarioTest } from '../templates/scenario.ts';

interface Template { readonly code: (name: string) => string; readonly test: (name: string) => string; /** The command that shows whether it matters. */ readonly sweep: (file: string) => readonly string[] }

const TEMPLATES: Readonly<Record<string, Template>> = {
  scenario: { code: scenarioCode, test: scenarioTest, sweep: (file) => ['sweep', file, 'policy=loco,fcfs,round-robin'] },
  policy: { code: policyCode, test: policyTest, sweep: (file) => ['sweep', 'loco-fairness', `policy=loco,${file}`] },
  balancer: { code: balancerCode, test: balancerTest, sweep: (file) => ['sweep', 'queueing', 'servers=4', 'agents=8', 'calls=20000', `balancer=least-loaded,${file}`] },
  metric: { code: metricCode, test: metricTest, sweep: (file) => ['sweep', 'loco-fairness', 'alpha=0,0.25,1', 'guard=off', '--metric', file] },
};

export function verb(args: readonly string[], io: Io): Promise<number> {
  const parsed = parse('init', args), [kind, named, ...more] = parsed.positionals, kinds = Object.keys(TEMPLATES);
  if (kind === undefined) throw new SchedlabError('ERR_USAGE', `init needs a kind. Write schedlab init ${kinds.join('|')}.`);
  if (!Object.hasOwn(TEMPLATES, kind)) throw unknownName('kind', kind, kinds, 'init', 'ERR_USAGE');
  if (more.length > 0) throw new SchedlabError('ERR_USAGE', `init takes a kind and a name, received ${parsed.positionals.map((word) => JSON.stringify(word)).join(', ')}. Write schedlab init ${kind} my-${kind}.`);
  const { folder, name } = place(named ?? `my-${kind}`, kind), template = TEMPLATES[kind];
  const code = path.join(folder, `${name}.ts`), test = path.join(folder, `${name}.test.ts`);
  writeBoth([[code, template.code(name)], [test, template.test(name)]], io);
  const file = /^\.\.?[/\\]/.test(code) ? code : `./${code}`;
  if (!parsed.has('quiet')) io.stderr.write([
    `wrote ${code} and ${test}${kind === 'metric' ? `: the metric ${metricName(name)}` : ''}`,
    'next',
    `  ${command('check', file, file.replace(/\.ts$/, '.test.ts'))}`,
    `  ${command(...template.sweep(file))}`,
    `  ${command(...template.sweep(file), '--watch')}`,
    ''].join('\n'));
  return Promise.resolve(0);
}

/** Folder and name of what is asked for: `mine`, `study/mine`, `mine.ts`. */
function place(named: string, kind: string): { readonly folder: string; readonly name: string } {
  const name = path.basename(named).replace(/\.ts$/, ''), folder = path.dirname(named);
  if (!/^[a-z][a-z0-9-]*$/.test(name)) throw new SchedlabError('ERR_USAGE', `the name ${JSON.stringify(named)} in init is not understood: small letters, digits and hyphens, a letter first. Write schedlab init ${kind} my-${kind}.`, { name: named });
  return { folder: folder === '.' ? '' : folder, name };
}

/** Both files or none. Throws ERR_OUTPUT where one exists already or cannot be written. */
function writeBoth(files: readonly (readonly [file: string, text: string])[], io: Io): void {
  const folder = path.dirname(path.resolve(io.cwd, files[0][0]));
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new SchedlabError('ERR_OUTPUT', `there is no folder ${JSON.stringify(path.dirname(files[0][0]))}. Make it first.`, { folder });
  const there = files.filter(([file]) => existsSync(path.resolve(io.cwd, file))).map(([file]) => file);
  if (there.length > 0) throw new SchedlabError('ERR_OUTPUT', `${there.join(' and ')} ${there.length === 1 ? 'exists' : 'exist'} already, and init overwrites nothing. Choose another name.`, { there });
  const written: string[] = [];
  try {
    for (const [file, text] of files) { const full = path.resolve(io.cwd, file); writeFileSync(full, text, { flag: 'wx' }); written.push(full); }
  } catch (cause) {
    for (const full of written) rmSync(full, { force: true });
    throw new SchedlabError('ERR_OUTPUT', `cannot write into ${JSON.stringify(folder)}: ${cause instanceof Error ? cause.message : String(cause)}. Choose a folder that can be written.`, { folder, cause });
  }
}
