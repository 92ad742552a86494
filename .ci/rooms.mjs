// Who may import whom, as data: the linter and a test both read this table. Rooms are found by the longest path that fits.

/** What every room may know: the clock port, the errors, the tables of options and metrics, seeded randomness. */
const PORTS = ['src/clock.ts', 'src/errors.ts'];
const TABLES = ['src/options.ts', 'src/random.ts', 'src/observe/metrics.ts'];
const PRODUCTION = ['src', 'src/engines', 'src/index.ts', ...PORTS, ...TABLES];
const KERNEL = ['sim/kernel', 'sim/random'];
const LABORATORY = ['sim', 'sim/index.ts', 'sim/measure', 'sim/workload', 'sim/experiment', 'sim/check', 'sim/worlds/live.ts', 'sim/results.ts', 'sim/trace-results.ts', ...KERNEL];

/**
 * `uses`: rooms; '*' is all of them; `room:types` allows `import type` alone.
 * `packages`: packages and Node modules by name; `node:` is every Node module; '*' is all.
 * `computed`: import() of a path that is put together at run time.
 */
export const ROOMS = {
  'src/clock.ts': { uses: [], packages: [] },
  'src/errors.ts': { uses: [], packages: [] },
  'src/options.ts': { uses: ['src/errors.ts'], packages: ['fastest-levenshtein'] },
  'src/random.ts': { uses: [], packages: ['seedrandom'] },
  'src/observe/metrics.ts': { uses: ['src/errors.ts', 'src/options.ts'], packages: [] },
  'src/index.ts': { uses: PRODUCTION, packages: [] },
  'src': { uses: PRODUCTION, packages: [] },
  'src/engines': { uses: PRODUCTION, packages: ['undici', 'eventsource-parser'] },
  'src/cli': { uses: [...PRODUCTION, ...LABORATORY, 'src/cli', 'scenarios', 'reports'], packages: ['node:', 'yargs-parser', 'yaml'], computed: true },

  'sim/kernel': { uses: [...KERNEL, ...PORTS], packages: [] },
  'sim/random': { uses: [...KERNEL, ...PORTS], packages: ['seedrandom'] },
  // The laboratory measures, so it hands the metric dictionary on.
  'sim/index.ts': { uses: [...LABORATORY, 'src/observe/metrics.ts'], packages: [] },
  'sim/results.ts': { uses: ['src/options.ts:types', 'src/observe/metrics.ts:types'], packages: [] },
  'sim/trace-results.ts': { uses: [], packages: [] },
  'sim': { uses: [...PRODUCTION, ...LABORATORY], packages: [] },
  'sim/measure': { uses: [...PRODUCTION, ...LABORATORY], packages: ['simple-statistics'] },
  'sim/workload': { uses: [...PRODUCTION, ...LABORATORY], packages: ['node:', 'csv-parse'] },
  'sim/experiment': { uses: [...PRODUCTION, ...LABORATORY], packages: ['node:', 'csv-stringify', 'amaro'], computed: true },
  'sim/check': { uses: [...PRODUCTION, ...LABORATORY], packages: ['fast-check'] },
  'sim/worlds/live.ts': { uses: [...PRODUCTION, ...LABORATORY], packages: ['node:'] },

  'scenarios': { uses: ['scenarios', 'src/index.ts', 'sim/index.ts'], packages: [] },
  'reports': { uses: ['reports', 'reports/runtime', 'src/observe/metrics.ts', 'src/options.ts:types', 'sim/results.ts:types', 'sim/trace-results.ts:types'], packages: ['vega', 'vega-lite', 'node:crypto'] },
  'reports/runtime': { uses: ['reports', 'reports/runtime'], packages: ['vega', 'vega-interpreter', 'node:', 'esbuild'], computed: true },

  'bench': { uses: '*', packages: '*', computed: true },
  'test': { uses: '*', packages: '*', computed: true },
};

const NAMES = Object.keys(ROOMS).sort((a, b) => b.length - a.length);

/** The room of a path from the root of the repository; nothing where it is in none. */
export function roomOf(file) { return NAMES.find((name) => file === name || file.startsWith(`${name}/`)); }

/** The package that a specifier names: `vega-lite/build/x` is vega-lite, `@a/b/c` is @a/b, `node:fs/promises` is node:fs. */
function packageOf(specifier) {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0];
}

/** What is wrong with an import of `file`, in words; nothing where it is allowed. `isType`: it vanishes when types are stripped. */
export function complaint(file, specifier, isType) {
  const room = roomOf(file);
  if (room === undefined) return `${file} is in no room`;
  const { uses, packages } = ROOMS[room];
  if (specifier === 'schedlab' || specifier.startsWith('schedlab/')) return uses === '*' ? undefined : `import the file itself, not the package (${specifier})`;
  if (!specifier.startsWith('.')) {
    const name = packageOf(specifier);
    const isAllowed = packages === '*' || packages.includes(name) || (name.startsWith('node:') && packages.includes('node:')) || (name.startsWith('node:') && isType);
    return isAllowed ? undefined : `${room} may not use the package ${name}`;
  }
  const parts = file.split('/').slice(0, -1);
  for (const step of specifier.split('/')) {
    if (step === '..') parts.pop();
    else if (step !== '.') parts.push(step);
  }
  const to = roomOf(parts.join('/'));
  if (uses === '*') return undefined;
  if (to === undefined) return `${specifier} leads out of the rooms`;
  if (uses.includes(to)) return undefined;
  if (uses.includes(`${to}:types`)) return isType ? undefined : `${room} may import only types from ${to} (${specifier})`;
  return `${room} may not import ${to} (${specifier})`;
}
