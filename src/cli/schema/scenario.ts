// The schema of a scenario file in YAML, put together from the registries: an editor completes names, parameters and values, and marks what is none.
import { BALANCERS } from '../../balancers/registry.ts';
import type { ParamSpec, ParamTable } from '../../options.ts';
import { POLICIES } from '../../policies/registry.ts';
import { addonTables } from '../../../sim/experiment/addons.ts';
import type { ScenarioDefinition } from '../../../sim/scenario.ts';
import { document, list, scalar, told, type Schema } from './json.ts';

const CODE = '\\.[mc]?[jt]s$';
const SWITCH: Schema = { anyOf: [{ type: 'boolean' }, { enum: ['on', 'off'] }] };

/** A name of a registry, or a file of one's own. */
const named = (names: readonly string[], what: string): Schema => ({ anyOf: [{ enum: names }, { type: 'string', pattern: CODE, description: `a file that exports a ${what}` }] });

const defaultText = (value: unknown): string => (typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value));

/** One value of a parameter. */
function valueOf(name: string, spec: ParamSpec): Schema {
  const description = `${spec.help}${spec.unit ? ` (${spec.unit})` : ''}${spec.default === '' ? '' : `; default ${defaultText(spec.default)}`}`;
  const more = { description, ...(spec.suggest ? { examples: spec.suggest } : {}) };
  if (name === 'policy') return { ...named(Object.keys(POLICIES), 'policy'), ...more };
  if (name === 'balancer') return { anyOf: [...named(Object.keys(BALANCERS), 'balancer')['anyOf'] as Schema[], { enum: ['', 'none'] }], ...more };
  switch (spec.kind) {
    case 'flag': return { ...SWITCH, ...more };
    case 'choice': return { enum: spec.values, ...more };
    case 'number': case 'numberOrWord': {
      const range = { type: spec.integer ? 'integer' : 'number', ...(spec.min === undefined ? {} : { minimum: spec.min }), ...(spec.max === undefined ? {} : { maximum: spec.max }) };
      return spec.words?.length ? { anyOf: [range, { enum: spec.words }], ...more } : { ...range, ...more };
    }
    default: return { ...scalar, ...more };
  }
}

/** Several values: a list, a range in words, or one. */
function valuesOf(value: Schema): Schema {
  const { description, ...bare } = value;
  return { anyOf: [bare, list(bare, { minItems: 1, uniqueItems: true }), { type: 'string', description: 'a list or a range: 0,0.5 · 0:0.5:0.05 · lin:0:1:11 · log:1:64:7' }], ...(description === undefined ? {} : { description }) };
}

/** Parameters that a scenario may be given: its own, and those of every policy and balancer. Equal names with other ranges are one of them. */
function parametersOf(own: ParamTable): Readonly<Record<string, Schema>> {
  const found: Record<string, Schema[]> = {};
  const add = (table: ParamTable): void => { for (const [name, spec] of Object.entries(table)) (found[name] ??= []).push(valueOf(name, spec)); };
  add(own);
  for (const { params } of [...Object.values(POLICIES), ...Object.values(BALANCERS)]) add(params);
  if (Object.hasOwn(own, 'addons')) addonTables().forEach(add);
  return Object.fromEntries(Object.entries(found).map(([name, schemas]) => {
    const apart = [...new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values()];
    return [name, apart.length === 1 ? apart[0]! : { anyOf: apart }];
  }));
}

const fileNamed = (key: string): Schema => ({ properties: { [key]: { anyOf: [{ type: 'string', pattern: CODE }, { type: 'array', contains: { type: 'string', pattern: CODE } }] } }, required: [key] });
/** True where a policy or balancer comes from a file: which parameters it has, the file alone knows. */
const USES_FILES: Schema = {
  anyOf: ['params', 'sweep', 'zip'].map((part) => ({ properties: { [part]: { anyOf: [fileNamed('policy'), fileNamed('balancer')] } }, required: [part] }))
    .concat([{ properties: { also: { contains: { anyOf: [fileNamed('policy'), fileNamed('balancer')] } } }, required: ['also'] } as never]),
};

const open = (part: string): Schema => ({ $ref: `#/$defs/${part}` });

function partsOf(params: Readonly<Record<string, Schema>>, more: Schema): Schema {
  const lists = Object.fromEntries(Object.entries(params).map(([name, schema]) => [name, valuesOf(schema)]));
  const values = { type: ['object', 'null'], properties: params, ...more }, several = { type: ['object', 'null'], properties: lists, ...more };
  return { properties: { params: values, sweep: several, zip: several, also: { type: ['array', 'null'], items: { ...values, type: 'object' } } } };
}

/** The whole schema. `scenarios`: those that ship. */
export function scenarioSchema(scenarios: Readonly<Record<string, ScenarioDefinition>>): Schema {
  const names = Object.keys(scenarios);
  return document('scenario:1', 'A scenario file of schedlab: sets up a scenario that ships, or one of your own code', {
    description: 'Write this line at the top of the file: # yaml-language-server: $schema=scenario.schema.json',
    type: 'object',
    additionalProperties: false,
    required: ['scenario'],
    properties: {
      scenario: { anyOf: [...names.map((name) => ({ const: name, description: scenarios[name]!.title })), { type: 'string', pattern: CODE, description: 'a file whose default export is defineScenario({…}); a path starts at this file' }], description: 'a scenario that ships, or a file of code' },
      params: told(open('values'), 'one value for a parameter of the scenario, its policy or its balancer'),
      sweep: told(open('lists'), 'keys that multiply: a list or a range each'),
      zip: told(open('lists'), 'keys that go in step: lists of the same length'),
      also: { type: ['array', 'null'], items: { type: 'object', additionalProperties: scalar }, description: 'cells beside the grid: each is the base with these keys changed' },
      reps: { type: 'integer', minimum: 1, maximum: 1_000_000, description: 'replications of each cell' },
      seed: { ...scalar, description: 'any text; the same seed is the same result, to the byte; default 1' },
      until: { type: 'string', pattern: '^ci=(\\d+\\.?\\d*|\\.\\d+)%?$', description: 'add replications until every interval of the first metric is that narrow', examples: ['ci=5%'] },
      maxReps: { type: 'integer', minimum: 2, maximum: 1_000_000, description: 'where until gives up; default 50' },
      baseline: { ...scalar, description: 'the cell that the others are compared with', examples: ['policy=fcfs'] },
      metrics: { type: ['array', 'null'], items: scalar, description: 'metrics to show first: names of the dictionary, or files that define one' },
      thresholds: { type: ['array', 'null'], items: scalar, description: 'what must hold in every cell, else exit code 4', examples: [['wait.p95 < 30']] },
    },
    allOf: names.map((name) => ({
      if: { properties: { scenario: { const: name } } },
      then: { if: USES_FILES, then: open(`${name} with code`), else: open(name) },
    })),
    $defs: {
      values: { type: ['object', 'null'], additionalProperties: scalar },
      lists: { type: ['object', 'null'], additionalProperties: { anyOf: [scalar, list(scalar, { minItems: 1, uniqueItems: true })] } },
      ...Object.fromEntries(names.flatMap((name) => {
        const params = parametersOf(scenarios[name]!.params);
        return [[name, partsOf(params, { additionalProperties: false })], [`${name} with code`, partsOf(params, {})]];
      })),
    },
  });
}
