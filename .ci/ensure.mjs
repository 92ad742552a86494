// Installs what is missing, builds what is old, then does what was asked: `node .ci/ensure.mjs build|program|demo|test|mutants|conform|bench|accuracy|presets|prepack|postpack|pack-check|ci ARGS`.
// Plain Node without a dependency, because it runs before there are any. What it says of itself goes to stderr.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST = [20, 19];
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const say = (text) => { process.stderr.write(`schedlab: ${text}\n`); };

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  say(`needs Node ${OLDEST.join('.')} or newer, this is ${process.versions.node}. Install a newer Node.`);
  process.exit(1);
}

const { node } = await import('./child.mjs');
const { build, staleness } = await import('./build.mjs');
const { install } = await import('./install.mjs');
const { restore, strip } = await import('./manifest.mjs');

/** The compiler and its kind are needed where dist is old; to run what is built, they are not. */
async function ready({ development, stage = 'whole' }) {
  await install(root, say, { development: development || staleness(root, stage) !== undefined });
  await build(root, say, stage);
}

const PROGRAM = 'bundle/src/cli/main.js';

const program = (file) => async (args) => {
  await ready(file === PROGRAM ? { development: false, stage: 'program' } : { development: true });
  return node([path.join(root, 'dist', file), ...args], { cwd: root });
};

const ACTIONS = {
  async build() { await build(root, say); return 0; },
  /**
   * Called by npm at the end of an installation, so it never installs. `npx` in a clone calls it too, and would be left half done by a failure.
   * Who depends on the repository itself gets what it holds then, so types as well.
   */
  async program() {
    try {
      await build(root, say, process.env._PACOTE_NO_PREPARE_ ? 'whole' : 'program');
    } catch (error) {
      if (process.env.npm_command !== 'exec' || !existsSync(path.join(root, 'dist', PROGRAM))) throw error;
      say(`${error.message} Until then the program runs as it was built before.`);
    }
    return 0;
  },
  /** Called by npm around the making of a tarball: what ships is built, and its package.json names no script of the clone. */
  async prepack() { await build(root, say); strip(root); return 0; },
  async postpack() { restore(root); return 0; },
  demo: (args) => program(PROGRAM)(['demo', ...args]),
  conform: program('test/conform/main.js'),
  bench: program('bench/main.js'),
  /** Replays the validation cases and writes reports/accuracy.md and .html. */
  accuracy: program('bench/accuracy/main.js'),
  /** Makes the presets that come from measured profiles. */
  presets: program('bench/profiles/main.js'),
  /** The packed package in an empty folder: what a user gets. */
  async 'pack-check'() {
    await ready({ development: true });
    return (await import('./pack-check.mjs')).packCheck(root);
  },
  async test(args) {
    await ready({ development: true });
    return (await import('./tests.mjs')).test(root, args);
  },
  /** Deliberate faults that the tests must notice: see test/mutants. */
  async mutants(args) {
    await install(root, say, { development: true });
    return (await import('./mutants.mjs')).mutants(root, args);
  },
  /** All that must hold before a change is taken in. */
  async ci(args) {
    await ready({ development: true });
    const lint = await node([path.join(root, 'node_modules/eslint/bin/eslint.js'), '.'], { cwd: root });
    const types = await node([path.join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json'], { cwd: root });
    return (await (await import('./tests.mjs')).test(root, args)) || lint || types;
  },
};

const [name, ...args] = process.argv.slice(2);
if (!Object.hasOwn(ACTIONS, name ?? '')) {
  say(`unknown action ${JSON.stringify(name)}. Actions: ${Object.keys(ACTIONS).join(', ')}.`);
  process.exit(2);
}
try {
  // Left behind by a packing that was cut off.
  if (!['prepack', 'postpack', 'program'].includes(name)) restore(root);
  process.exitCode = await ACTIONS[name](args);
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  if (name === 'test' || name === 'ci') console.log('0 passed, 1 failed');
  process.exitCode = 1;
}
