// Every command that a page shows is understood: scenario, keys, values and flags. Nothing is run but what is cheap.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FLAGS } from '../../src/cli/flags.ts';
import type { Flag, VerbName } from '../../src/cli/flags.ts';
import { main } from '../../src/cli/front.ts';
import { parse } from '../../src/cli/parse.ts';
import { balancerCode } from '../../src/cli/templates/balancer.ts';
import { metricCode } from '../../src/cli/templates/metric.ts';
import { policyCode } from '../../src/cli/templates/policy.ts';
import { scenarioCode } from '../../src/cli/templates/scenario.ts';
import { fakeIo } from '../cli/fake-io.ts';
import { PAGES, ROOT, blocksOf, commandsOf, read, words, type Command } from './pages.ts';

const program = path.join(ROOT, 'dist/bundle/src/cli/main.js'), isBuilt = existsSync(program);
const cwd = mkdtempSync(path.join(tmpdir(), 'schedlab-pages-'));
afterAll(() => { rmSync(cwd, { recursive: true, force: true }); });

/** Files that the pages speak of without showing them. */
const TRACE = 'arrival,prompt_tokens,output_tokens\n0,800,100\n0.5,1600,50\n';

beforeAll(() => {
  for (const page of PAGES) for (const { file, text } of blocksOf(page)) if (file !== undefined) writeFileSync(path.join(cwd, file), text);
  for (const name of ['requests.csv', 'FILE']) writeFileSync(path.join(cwd, name), TRACE);
  writeFileSync(path.join(cwd, 'fairness.yaml'), blocksOf('docs/cli.md').find(({ language }) => language === 'yaml')?.text ?? '');
  writeFileSync(path.join(cwd, 'agents.jsonl'), blocksOf('docs/bring-a-trace.md').find(({ language }) => language === 'jsonl')?.text ?? '');
  writeFileSync(path.join(cwd, 'fitted.yaml'), 'scenario: fitted-load\n');
  // What `init` writes, under the names that it gives.
  for (const [name, code] of Object.entries({ 'my-scenario': scenarioCode, 'my-policy': policyCode, 'my-balancer': balancerCode, 'my-metric': metricCode })) writeFileSync(path.join(cwd, `${name}.ts`), code(name));
  writeFileSync(path.join(cwd, 'mine.ts'), blocksOf('README.md').find(({ file }) => file?.endsWith('.ts'))?.text ?? '');
});

/** Checks without running: values are resolved and shown; verbs that need results are parsed alone. */
function check({ args }: Command): readonly string[] | undefined {
  const [verb, ...rest] = args;
  if ((verb === 'run' || verb === 'sweep') && !rest.includes('--from')) return [verb, ...rest.filter((word) => !['--open', '--resume', '--watch'].includes(word)), '--show-config'];
  if (verb === 'validate' || verb === 'list' || verb === '--version' || verb === '--help' || verb === 'help') return args;
  parse(verb as VerbName, rest);
  return undefined;
}

const commands = PAGES.flatMap((page) => commandsOf(page));
/** Files of code and of data are found from the folder of the process. */
const usesFiles = ({ args }: Command): boolean => args.some((word) => /\.ts$|^trace=|^bursts\.yaml$/.test(word));

describe('the commands of the pages', () => {
  test('are found', () => { expect(commands.length).toBeGreaterThan(10); });

  test.each(commands.filter((command) => !usesFiles(command)).map((command) => [`${command.page}:${command.line} schedlab ${command.args.join(' ')}`, command] as const))('%s', async (_name, command) => {
    const args = check(command);
    if (args === undefined) return;
    const io = fakeIo({ cwd });
    expect([await main(args, io), io.err().replace(/^(note|warning).*\n/gm, '')]).toEqual([0, expect.not.stringContaining('error') as string]);
  });

  test.skipIf(!isBuilt).each(commands.filter(usesFiles).map((command) => [`${command.page}:${command.line} schedlab ${command.args.join(' ')}${isBuilt ? '' : ' (skipped: dist is not built)'}`, command] as const))('%s', async (_name, command) => {
    const args = check(command);
    if (args === undefined) return;
    await new Promise<void>((done, refuse) => {
      execFile(process.execPath, [program, ...args], { cwd, env: { PATH: process.env['PATH'] ?? '' } }, (error, _out, err) => { if (error) refuse(new Error(err)); else done(); });
    });
  });
});

describe('the flags that docs/cli.md shows', () => {
  const rows = [...read('docs/cli.md').matchAll(/^\| `(?:-\w, )?--([\w-]+)[^`]*` \|.*\| `([^`]+)` \|$/gm)].map(([, name, example]) => ({ name, example }));

  test('are all of run and sweep, and compare', () => {
    const shown = new Set(rows.map(({ name }) => name));
    for (const verb of ['run', 'sweep', 'compare'] as const) {
      for (const flag of FLAGS[verb] as readonly Flag[]) if (!flag.later && flag.name !== 'help') expect(shown, `--${flag.name} of ${verb}`).toContain(flag.name);
    }
  });

  test.each(rows)('--$name: $example', ({ name, example }) => {
    const args = words(example), verb = (['sweep', 'run', ...(Object.keys(FLAGS) as VerbName[])] as const).find((one) => (FLAGS[one] as readonly Flag[]).some((flag) => flag.name === name));
    expect(parse(verb!, args).has(name)).toBe(true);
  });
});
