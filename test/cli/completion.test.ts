// Completion: what is offered where, and that real shells take it.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { POLICIES } from '../../src/policies/registry.ts';
import { FLAGS } from '../../src/cli/flags.ts';
import type { Flag } from '../../src/cli/flags.ts';
import { main } from '../../src/cli/front.ts';
import { complete } from '../../src/cli/completion/complete.ts';
import { SCRIPTS } from '../../src/cli/completion/scripts.ts';
import { splitLine } from '../../src/cli/completion/split.ts';
import { verbNames } from '../../src/cli/verbs.ts';
import { SCENARIOS } from '../../scenarios/index.ts';
import { fakeIo } from './fake-io.ts';

const cwd = mkdtempSync(path.join(tmpdir(), 'schedlab-complete-'));
const program = path.resolve(import.meta.dirname, '../../dist/bundle/src/cli/main.js'), isBuilt = existsSync(program);
beforeAll(() => {
  mkdirSync(path.join(cwd, 'results/first run'), { recursive: true });
  writeFileSync(path.join(cwd, 'results/first run/summary.json'), JSON.stringify({ cells: [{ id: 'abc123', label: 'alpha=0' }, { id: 'def456', label: 'alpha=1' }] }));
  for (const name of ['mine.ts', 'fairness.yaml', 'requests.csv', '.hidden.ts']) writeFileSync(path.join(cwd, name), name === 'fairness.yaml' ? 'scenario: "queueing"\n' : '');
  mkdirSync(path.join(cwd, 'bin'));
  writeFileSync(path.join(cwd, 'bin/schedlab'), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
  chmodSync(path.join(cwd, 'bin/schedlab'), 0o755);
});
afterAll(() => { rmSync(cwd, { recursive: true, force: true }); });

const at = async (line: string): Promise<string[]> => (await complete(splitLine(line).words.slice(1), { cwd })).map(({ word }) => word);

describe('what is offered', () => {
  it('are the verbs first, by what is written of them', async () => {
    expect(await at('schedlab ')).toEqual([...verbNames(), '--help', '--version']);
    expect(await at('schedlab swe')).toEqual(['sweep']);
    expect(await at('schedlab help va')).toEqual(['validate']);
    expect(await at('schedlab nonsense x')).toEqual([]);
  });

  it('are the flags of the verb that are not there yet', async () => {
    const open = (FLAGS.sweep as readonly Flag[]).filter(({ later }) => !later).map(({ name }) => `--${name}`);
    expect(await at('schedlab sweep loco-fairness -')).toEqual([...open, '--help']);
    expect(await at('schedlab sweep loco-fairness -q --reps 5 --zip a=1,2 --')).toEqual([...open.filter((name) => !['--quiet', '--reps'].includes(name)), '--help']);
  });

  it('are values of flags', async () => {
    expect(await at('schedlab run x --shell ')).toEqual(['event', 'promise']);
    expect(await at('schedlab run x --shell=p')).toEqual(['--shell=promise']);
    expect(await at('schedlab run x --target ')).toEqual(['sim']);
    expect(await at('schedlab run x --out ')).toEqual(['bin/', 'results/']);
    expect(await at('schedlab compare a b --metric wait.p9')).toEqual(['wait.p90', 'wait.p95', 'wait.p99']);
    expect(await at("schedlab run --from 'results/first run' --cell ")).toEqual(['abc123', 'def456']);
    expect(await at('schedlab sweep loco-fairness --also policy=loco,al')).toEqual(['policy=loco,alpha=']);
  });

  it('are scenarios, files that can be one, and folders', async () => {
    expect(await at('schedlab run ')).toEqual([...Object.keys(SCENARIOS), 'bin/', 'fairness.yaml', 'mine.ts', 'results/']);
    expect(await at('schedlab run loco-f')).toEqual(['loco-fairness']);
    expect(await at('schedlab report results/')).toEqual(['results/first run/']);
    expect(await at('schedlab trace inspect req')).toEqual(['requests.csv']);
    expect(await at('schedlab list po')).toEqual(['policies']);
    expect(await at('schedlab list policies ')).toEqual([]);
  });

  it('are the parameters of this scenario and of the policy that it is given', async () => {
    expect(await at('schedlab run queueing l')).toEqual(['load=']);
    expect(await at('schedlab run fairness.yaml l')).toEqual(['load=']);
    expect(await at('schedlab run queueing al')).toEqual([]);
    expect(await at('schedlab run queueing policy=loco al')).toEqual(['alpha=']);
    expect(await at('schedlab run queueing load=0.5 lo')).toEqual([]);
    expect(await at('schedlab run ./mine.ts alph')).toEqual(['alpha=']);
  });

  it('are values, names and files after key=, also after a comma', async () => {
    expect(await at('schedlab run loco-fairness guard=')).toEqual(['guard=on', 'guard=off']);
    expect(await at('schedlab run queueing discipline=p')).toEqual(['discipline=preempt-resume', 'discipline=ps']);
    expect(await at('schedlab run queueing service=h')).toEqual(['service=hyperexponential:cv2=10']);
    expect(await at('schedlab sweep queueing policy=fcfs,')).toEqual([...Object.keys(POLICIES).filter((name) => name !== 'fcfs').map((name) => `policy=fcfs,${name}`), ...['bin/', 'mine.ts', 'results/'].map((name) => `policy=fcfs,${name}`)]);
    expect(await at('schedlab run trace-replay trace=re')).toEqual(['trace=requests.csv', 'trace=results/']);
    expect(await at('schedlab run trace-replay window=')).toEqual(['window=auto', 'window=none']);
  });

  it('always begins with what is written, and never throws', async () => {
    const word = fc.oneof(fc.constantFrom('run', 'sweep', 'loco-fairness', 'queueing', 'policy=', 'policy=loco,', '--also', '--zip', '--from', 'results/first run', '--cell', '--', '-', '', 'a=b', '__proto__', 'constructor', 'policy=__proto__', '--shell=', 'mine.ts'), fc.string({ maxLength: 8 }));
    await fc.assert(fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 6 }), async (words) => {
      const start = words.at(-1)!;
      return (await complete(words, { cwd })).every((offer) => offer.word.startsWith(start));
    }), { numRuns: 2000 });
  });
});

describe('a line', () => {
  it.each([
    ['schedlab run ', ['schedlab', 'run', '']],
    ['schedlab  run\ta', ['schedlab', 'run', 'a']],
    [`schedlab 'a b' "c d`, ['schedlab', 'a b', 'c d']],
    [String.raw`schedlab a\ b "x\"y" '' `, ['schedlab', 'a b', 'x"y', '', '']],
  ])('%j is split as a shell splits it', (line, words) => { expect(splitLine(line).words).toEqual(words); });
});

describe('the part of a word that bash replaces', () => {
  it.each([['schedlab run a=b', 2], ['schedlab run a=b:c', 4], ['schedlab run a=', 2], ["schedlab run 'a=b", 0], [String.raw`schedlab run a\=b`, 0], ['schedlab a=b c', 0]])('of %j begins at %i', (line, cut) => { expect(splitLine(line, '=:').cut).toBe(cut); });
});

describe('the verb', () => {
  const call = async (...args: string[]): Promise<[number, string, string]> => { const io = fakeIo({ cwd }); return [await main(['completion', ...args], io), io.out(), io.err()]; };
  it('prints a script that names how to load it', async () => {
    for (const shell of ['bash', 'zsh', 'fish']) expect(await call(shell)).toEqual([0, expect.stringContaining(`schedlab completion ${shell}`) as string, '']);
  });
  it('refuses other shells and further words with the nearest name', async () => {
    expect(await call('bsh')).toEqual([2, '', expect.stringContaining('Did you mean "bash"?') as string]);
    expect(await call('bash', 'zsh')).toEqual([2, '', expect.stringContaining('takes one word') as string]);
    expect(await call()).toEqual([2, '', expect.stringContaining('needs a shell') as string]);
  });
});

const found = (name: string): boolean => { try { execFileSync(name, ['--version'], { stdio: 'ignore' }); return true; } catch { return false; } };
const shell = (name: string, args: readonly string[], input: string): string => execFileSync(name, args, { cwd, encoding: 'utf8', input, env: { PATH: `${cwd}/bin:${process.env['PATH'] ?? ''}`, HOME: cwd, TERM: 'dumb' } });
const where = (name: string): string => (!isBuilt ? ' (skipped: dist is not built)' : found(name) ? '' : ` (skipped: no ${name} here)`);

describe.skipIf(where('bash') !== '')(`bash${where('bash')}`, () => {
  /** As readline does: the words cut at its break characters, the answer put in the place of the last of them. */
  const press = (line: string): string[] => {
    const pieces = [...line.matchAll(/[=:]+|(?:\\.|'[^']*'?|[^\s=:\\'])+/g)].map(([piece]) => piece), words = /\s$/.test(line) ? [...pieces, ''] : pieces;
    const quoted = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
    const out = shell('bash', ['--norc', '-s'], `eval "$(schedlab completion bash)"\nCOMP_WORDS=(${quoted})\nCOMP_CWORD=${words.length - 1}\nCOMP_LINE='${line.replaceAll("'", "'\\''")}'\nCOMP_POINT=\${#COMP_LINE}\n_schedlab\nprintf '[%s]\\n' "\${COMPREPLY[@]}"\n`);
    return out.trim().split('\n');
  };
  it('loads the script and has it called for schedlab', () => {
    expect(shell('bash', ['--norc', '-s'], 'set -eu\neval "$(schedlab completion bash)"\ncomplete -p schedlab\n').trim()).toBe('complete -o nospace -F _schedlab schedlab');
  });
  it.each([
    ['schedlab swe', ['[sweep ]']],
    ['schedlab run loco-f', ['[loco-fairness ]']],
    ['schedlab run loco-fairness alph', ['[alpha=]']],
    ['schedlab run loco-fairness guard=', ['[on ]', '[off ]']],
    ['schedlab run queueing discipline=ps', ['[ps ]']],
    ['schedlab run queueing service=hyperexponential:', ['[cv2=10 ]']],
    ['schedlab sweep queueing policy=fcfs,at', ['[fcfs,atlas ]']],
    ['schedlab run x --shell=e', ['[event ]']],
    ['schedlab run ./mi', ['[./mine.ts ]']],
    ['schedlab report results/f', ['[results/first\\ run/]']],
    ["schedlab report 'results/f", ['[results/first run/]']],
    ['schedlab zzz', ['[]']],
  ])('%s', (line, offered) => { expect(press(line)).toEqual(offered); });
});

describe.skipIf(where('fish') !== '')(`fish${where('fish')}`, () => {
  it.each([['schedlab swe', 'sweep'], ['schedlab run loco-fairness guard=o', 'guard=off'], ['schedlab sweep queueing policy=fcfs,at', 'policy=fcfs,atlas']])('%s', (line, offered) => {
    const out = shell('fish', ['--no-config', '-c', `schedlab completion fish | source; complete -C ${JSON.stringify(line)}`], '');
    expect(out.split('\n')[0]!.split('\t')[0]).toBe(offered);
  });
});

describe.skipIf(where('zsh') !== '')(`zsh${where('zsh')}`, () => {
  // The function is called with compadd in its place that prints what it is given.
  const press = (words: readonly string[]): string[] => shell('zsh', ['-f'], `compdef() { : }\neval "$(schedlab completion zsh)"\ncompadd() { local name=\${@[-1]}; print -rl -- "\${(@P)name}" }\nwords=(${words.map((word) => `'${word}'`).join(' ')})\nCURRENT=${words.length}\n_schedlab\n`).trim().split('\n');
  it.each([[['schedlab', 'swe'], ['sweep']], [['schedlab', 'run', 'loco-fairness', 'guard='], ['guard=on', 'guard=off']], [['schedlab', 'run', 'loco-fairness', ''], expect.arrayContaining(['alpha=', 'policy=']) as string[]]])('%j', (words, offered) => { expect(press(words)).toEqual(offered); });
  it('is a script that zsh reads without a word', () => { expect(shell('zsh', ['-fn'], SCRIPTS['zsh']!)).toBe(''); });
});
