// `npm run pack-check`: packs the package, lints the tarball, installs it in an empty folder, and uses it there as a stranger would.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const DOORS = ['schedlab', 'schedlab/sim', 'schedlab/testing'];
/** What each door is known by. */
const NAMES = { 'schedlab': 'createDispatcher', 'schedlab/sim': 'defineScenario', 'schedlab/testing': 'virtualClock' };

const USE = `import { createDispatcher, definePolicy, type Policy } from 'schedlab';
import { defineScenario, runReplication, type Model } from 'schedlab/sim';
import { scriptedEngine, virtualClock } from 'schedlab/testing';
const clock = virtualClock(), engine = scriptedEngine<string>(clock, { takesMs: 5, answer: 'a' }), dispatcher = createDispatcher({ clock });
export const answer: Promise<string> = clock.run(() => dispatcher.run({ agent: 1 }, (lease) => engine.serve({ lease })));
export const used = [definePolicy, defineScenario, runReplication] as const;
export type Used = [Policy, Model];
// @ts-expect-error: an option that there is not
createDispatcher({ window: [1] });
`;

/** Settings under which a package's types are found: by Node's rules, old and new, and by a bundler's. */
const RESOLUTIONS = { node16: { module: 'node16' }, nodenext: { module: 'nodenext' }, bundler: { module: 'esnext', moduleResolution: 'bundler' }, 'nodenext, without the types of a browser or of Node': { module: 'nodenext', lib: ['es2023'] } };

const quiet = { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] };
const bin = (root, name) => path.join(root, 'node_modules/.bin', name);

/** The checks in order, each by name; a check throws where it fails and may answer with a word. */
function checksOf(root, work) {
  const app = path.join(work, 'app'), node = (...args) => execFileSync(process.execPath, args, { ...quiet, cwd: app });
  const program = (...args) => execFileSync(path.join(app, 'node_modules/.bin/schedlab'), args, { ...quiet, cwd: app });
  let tarball = '';
  return {
    'npm pack': () => {
      const [{ filename, size, unpackedSize, entryCount }] = JSON.parse(execFileSync('npm', ['pack', '--json', '--silent', '--pack-destination', work], { ...quiet, cwd: root }));
      tarball = path.join(work, filename);
      return `${Math.round(size / 1000)} kB, unpacked ${Math.round(unpackedSize / 1000)} kB, ${entryCount} files`;
    },
    'publint': () => { execFileSync(bin(root, 'publint'), ['run', tarball, '--strict'], { ...quiet, cwd: root }); },
    // CommonJS gets the same modules by require(esm); that is what the one rule left out would complain of.
    'types resolve (attw)': () => { execFileSync(bin(root, 'attw'), [tarball, '--profile', 'node16', '--ignore-rules', 'cjs-resolves-to-esm', '--format', 'ascii', '--no-emoji'], { ...quiet, cwd: root }); },
    'installs in an empty folder': () => {
      mkdirSync(app);
      writeFileSync(path.join(app, 'package.json'), '{"name": "app", "private": true, "type": "module"}\n');
      execFileSync('npm', ['install', '--no-audit', '--no-fund', tarball], { ...quiet, cwd: app });
      return `${readdirSync(path.join(app, 'node_modules')).filter((name) => !name.startsWith('.')).length} folders`;
    },
    'names no script, and every link of its pages leads to one of its files': () => {
      const folder = path.join(app, 'node_modules/schedlab'), { scripts, devDependencies } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
      if (scripts || devDependencies) throw new Error('package.json holds scripts or tools of the clone');
      const pages = readdirSync(folder, { recursive: true }).map(String).filter((name) => name.endsWith('.md'));
      const dead = pages.flatMap((name) => [...readFileSync(path.join(folder, name), 'utf8').matchAll(/\]\((?![a-z]+:|#)([^)#]+)[^)]*\)/g)].filter(([, to]) => !existsSync(path.join(folder, path.dirname(name), to))).map(([, to]) => `${name}: ${to}`));
      if (dead.length > 0) throw new Error(`links to nothing: ${dead.join(', ')}`);
      return `${pages.length} pages`;
    },
    'every door by import': () => { for (const door of DOORS) node('--input-type=module', '-e', `import { ${NAMES[door]} as it } from '${door}'; if (typeof it !== 'function') throw new Error('${door}');`); },
    'every door by require': () => { for (const door of DOORS) node('--input-type=commonjs', '-e', `if (typeof require('${door}').${NAMES[door]} !== 'function') throw new Error('${door}');`); },
    ...Object.fromEntries(Object.entries(RESOLUTIONS).map(([name, options]) => [`types under ${name}`, () => {
      const config = path.join(app, `tsconfig.${name.replace(/\W+/g, '-')}.json`);
      writeFileSync(path.join(app, 'use.ts'), USE);
      writeFileSync(config, JSON.stringify({ compilerOptions: { target: 'es2022', strict: true, skipLibCheck: false, noEmit: true, types: [], ...options }, files: ['use.ts'] }));
      try { execFileSync(process.execPath, [path.join(root, 'node_modules/typescript/bin/tsc'), '-p', config], { ...quiet, cwd: app }); } catch (error) { throw new Error(error.stdout, { cause: error }); }
    }])),
    'schedlab --version': () => program('--version').trim(),
    'schedlab demo': () => {
      program('demo', '--quiet', '--out', 'results/demo');
      return `${Math.round(statSync(path.join(app, 'results/demo/report.html')).size / 1000)} kB of report`;
    },
    'schedlab sweep with a policy of one\'s own': () => {
      const { text } = policyOf(root);
      writeFileSync(path.join(app, 'mine.ts'), text);
      program('sweep', 'queueing', 'policy=fcfs,./mine.ts', 'calls=2000', '--reps', '4', '--jobs', '2', '--no-report', '--quiet', '--out', 'results/mine');
      return `${JSON.parse(readFileSync(path.join(app, 'results/mine/summary.json'), 'utf8')).cells.length} cells`;
    },
    'an empty folder: install, init policy, check, edit, sweep': () => {
      const folder = path.join(work, 'empty'), own = (...args) => execFileSync(path.join(folder, 'node_modules/.bin/schedlab'), args, { ...quiet, cwd: folder });
      mkdirSync(folder);
      execFileSync('npm', ['install', '--no-audit', '--no-fund', tarball], { ...quiet, cwd: folder });
      return tries(own, folder);
    },
    'an empty folder: the same with a global install': () => {
      const prefix = path.join(work, 'global'), folder = path.join(work, 'bare');
      mkdirSync(folder);
      execFileSync('npm', ['install', '--no-audit', '--no-fund', '--global', '--prefix', prefix, tarball], { ...quiet, cwd: folder });
      return tries((...args) => execFileSync(path.join(prefix, 'bin/schedlab'), args, { ...quiet, cwd: folder }), folder);
    },
  };
}

/** From nothing to a number of one's own: every kind is written, held against its contract and used; the policy is edited before its sweep. */
function tries(schedlab, folder) {
  for (const kind of ['scenario', 'policy', 'balancer', 'metric']) { schedlab('init', kind, '--quiet'); schedlab('check', `./my-${kind}.ts`, `./my-${kind}.test.ts`, '--histories', '50'); }
  const policy = path.join(folder, 'my-policy.ts'), text = readFileSync(policy, 'utf8'), edited = text.replace('default: 1, min: 1', 'default: 8, min: 1');
  if (edited === text) throw new Error('init policy writes no quantum to edit');
  writeFileSync(policy, edited);
  schedlab('sweep', './my-scenario.ts', 'policy=loco,./my-policy.ts', '--metric', './my-metric.ts', '--quiet', '--out', 'results/mine');
  const { cells } = JSON.parse(readFileSync(path.join(folder, 'results/mine/summary.json'), 'utf8'));
  return cells.map(({ label, metrics }) => `${label} ${metrics.my_metric.mean.toFixed(3)}`).join(', ');
}

/** The complete policy that CONTRIBUTING.md shows. */
function policyOf(root) {
  const text = /^```ts\n(\/\/ newest-first\.ts\n[\s\S]*?)^```$/m.exec(readFileSync(path.join(root, 'CONTRIBUTING.md'), 'utf8'))?.[1];
  if (text === undefined) throw new Error('CONTRIBUTING.md shows no newest-first.ts');
  return { text };
}

/** Answers with the exit code; the last line is `N passed, N failed`. */
export function packCheck(root) {
  const work = mkdtempSync(path.join(tmpdir(), 'schedlab-pack-'));
  let passed = 0, failed = 0;
  try {
    for (const [name, check] of Object.entries(checksOf(root, work))) {
      const started = performance.now();
      try {
        const said = check();
        passed++;
        console.log(`ok      ${name}${said ? `: ${said}` : ''} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
      } catch (error) {
        failed++;
        console.log(`failed  ${name}: ${[error.stdout, error.stderr].filter(Boolean).join('\n').trim() || error.message}`);
      }
    }
  } finally { rmSync(work, { recursive: true, force: true }); }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}
