// Plays deliberate faults: each mutant of test/mutants changes one piece of one source file as it is loaded, and its test must fail. Files stay as they are.
// `npm run mutants -- WORD…` plays those whose list or name holds one of the words.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

/** Longest time in which no test file ends; beyond it a mutant hangs. */
const PATIENCE_MS = 180_000;

/** The lists, bundled in memory because Node does not read them as they are. */
async function listsOf(root) {
  const { outputFiles } = await build({ entryPoints: [path.join(root, 'test/mutants/registry.ts')], bundle: true, format: 'esm', platform: 'node', write: false, logLevel: 'silent' });
  return (await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`)).MUTANTS;
}

/** What keeps a mutant from being played, in words; nothing where all is well. */
export function faultOf(root, { file, was, is }) {
  const parts = readFileSync(path.join(root, file), 'utf8').split(was).length - 1;
  if (parts !== 1) return `${JSON.stringify(was)} stands ${parts} times in ${file}, not once`;
  return was === is ? 'it changes nothing' : undefined;
}

/** Changes one file on its way into the tests. */
const mutation = (root, { file, was, is }) => ({
  name: 'mutant', enforce: 'pre',
  load(id) { return id.split('?')[0] === path.join(root, file) ? readFileSync(path.join(root, file), 'utf8').replace(was, () => is) : undefined; },
});

const failed = (module) => [...module.children.allTests('failed')].map((test) => test.fullName);

/** Answers with the exit code: 0 where every mutant is killed by the test that it names. */
export async function mutants(root, words) {
  const lists = Object.entries(await listsOf(root));
  const chosen = lists.flatMap(([list, all]) => all.map((mutant) => ({ ...mutant, list }))).filter(({ list, name }) => words.length === 0 || words.some((word) => list === word || name.includes(word)));
  if (chosen.length === 0) { console.log(`no mutant is meant by ${words.join(' ')}. Lists: ${lists.map(([list]) => list).join(', ')}.`); return 2; }
  const playable = [];
  let lost = 0;
  for (const mutant of chosen) {
    const fault = faultOf(root, mutant);
    if (fault === undefined) playable.push(mutant);
    else { lost++; console.log(`cannot be played   ${mutant.name}: ${fault}`); }
  }
  // The same tests with nothing changed come first: a test that fails anyway kills nothing.
  const plain = [...new Set(playable.map(({ test }) => test))].map((test) => ({ name: `nothing changed: ${test}`, test }));
  const plays = [...plain, ...playable].map((mutant, k) => ({ mutant, project: String(k) })), byProject = new Map(plays.map(({ mutant, project }) => [project, mutant]));
  let killed = 0, dog;
  const watch = () => { clearTimeout(dog); dog = setTimeout(() => { console.log(`no test file has ended for ${PATIENCE_MS / 1000} s: a mutant hangs. Give it a change that ends.`); process.exit(1); }, PATIENCE_MS); };
  const judge = (module) => {
    watch();
    const mutant = byProject.get(module.project.name), names = failed(module), isLoaded = module.errors().length === 0 && [...module.children.allTests()].length > 0;
    if (mutant.file === undefined) { if (names.length > 0 || !isLoaded) { lost++; console.log(`fails unchanged    ${mutant.test}: ${names.join('; ') || 'it could not be loaded'}`); } return; }
    if (!isLoaded) { lost++; console.log(`does not load      ${mutant.name}`); return; }
    if (names.some((name) => name.includes(mutant.kills))) { killed++; console.log(`killed             ${mutant.name}`); return; }
    lost++;
    console.log(`${names.length === 0 ? 'SURVIVES          ' : 'killed by another '} ${mutant.name}${names.length === 0 ? '' : `: ${names.join('; ')}`}`);
  };
  // A mutant that only thousands of random cases find is not one that a test holds.
  process.env.SCHEDLAB_RUNS ??= '300';
  const { startVitest } = await import('vitest/node');
  watch();
  const vitest = await startVitest('test', [], {
    root, config: false, watch: false, reporters: [{ onTestModuleEnd: judge }],
    projects: plays.map(({ mutant, project }) => ({ root, plugins: mutant.file === undefined ? [] : [mutation(root, mutant)], test: { name: project, include: [mutant.test], pool: 'forks', testTimeout: 60_000 } })),
  });
  clearTimeout(dog);
  await vitest.close();
  console.log(`${killed} of ${chosen.length} mutants killed`);
  process.exitCode = 0;
  return lost === 0 && killed === chosen.length ? 0 : 1;
}
