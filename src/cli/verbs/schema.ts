// `schema`: JSON Schema of the files that go in and come out, for completion in an editor and for readers of results.
import { SchedlabError } from '../../errors.ts';
import { unknownName } from '../../options.ts';
import type { ScenarioDefinition } from '../../../sim/scenario.ts';
import { entry, hang } from '../fold.ts';
import type { Io } from '../io.ts';
import { parse } from '../parse.ts';
import type { Schema } from '../schema/json.ts';

interface Kind { readonly title: string; make(): Promise<Schema> }

export const SCHEMAS: Readonly<Record<string, Kind>> = {
  scenario: {
    title: 'a scenario file in YAML: names, parameters and values of everything that ships',
    make: async () => {
      const [{ scenarioSchema }, { SCENARIOS }] = await Promise.all([import('../schema/scenario.ts'), import('../../../scenarios/index.ts') as Promise<{ SCENARIOS: Readonly<Record<string, ScenarioDefinition>> }>]);
      return scenarioSchema(SCENARIOS);
    },
  },
  trace: { title: 'one line of a trace in the format schedlab/trace@1', make: async () => (await import('../schema/trace.ts')).traceSchema() },
  results: { title: 'any file of a folder of results: summary, manifest, a replication, a call', make: async () => (await import('../schema/results.ts')).resultsSchema() },
  summary: { title: 'summary.json alone', make: async () => (await import('../schema/results.ts')).summarySchema() },
};

const USE = ['schedlab schema scenario > scenario.schema.json', '# yaml-language-server: $schema=scenario.schema.json'];

export async function verb(args: readonly string[], io: Io): Promise<number> {
  const { positionals: [word, ...more] } = parse('schema', args), names = Object.keys(SCHEMAS);
  if (more.length > 0) throw new SchedlabError('ERR_USAGE', `schema takes one word, received ${[word, ...more].map((w) => JSON.stringify(w)).join(', ')}. Valid: ${names.join(', ')}.`);
  if (word !== undefined) {
    if (!Object.hasOwn(SCHEMAS, word)) throw unknownName('schema', word, names, '', 'ERR_USAGE');
    io.stdout.write(`${JSON.stringify(await SCHEMAS[word]!.make(), null, 2)}\n`);
    return 0;
  }
  const columns = io.width ?? Infinity;
  io.stdout.write([...Object.entries(SCHEMAS).map(([name, { title }]) => entry(`  ${name}`, title, 12, columns)), '',
    hang('For completion in an editor, write the schema beside your scenario file, and name it in the first line of that file:', columns), ...USE.map((line) => `  ${line}`), ''].join('\n'));
  return 0;
}
