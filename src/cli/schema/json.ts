// JSON Schema, draft 2020-12, as plain data, and short ways to write the shapes that our files have.

export type Schema = Readonly<Record<string, unknown>>;

export const DRAFT = 'https://json-schema.org/draft/2020-12/schema';

export const text: Schema = { type: 'string' };
export const number: Schema = { type: 'number' };
export const whole: Schema = { type: 'integer', minimum: 0 };
export const yesNo: Schema = { type: 'boolean' };
/** A value of a parameter: numbers as numbers, switches as booleans. */
export const scalar: Schema = { type: ['number', 'string', 'boolean'] };

export const orNull = (schema: Schema): Schema => ({ ...schema, type: [schema['type'], 'null'].flat() });
export const list = (items: Schema, more: Schema = {}): Schema => ({ type: 'array', items, ...more });
export const tableOf = (values: Schema): Schema => ({ type: 'object', additionalProperties: values });
export const told = (schema: Schema, description: string): Schema => ({ ...schema, description });
export const hex = (digits: number): Schema => ({ type: 'string', pattern: `^[0-9a-f]{${digits}}$` });

/** A table of named parts; those whose names end in `?` may be missing. Further ones are accepted: a reader of results is older than the next version. */
export function table(parts: Readonly<Record<string, Schema>>, more: Schema = {}): Schema {
  const entries = Object.entries(parts).map(([name, schema]) => [name.replace(/\?$/, ''), schema] as const);
  return { type: 'object', properties: Object.fromEntries(entries), required: Object.keys(parts).filter((name) => !name.endsWith('?')), ...more };
}

export const document = (id: string, title: string, schema: Schema): Schema => ({ $schema: DRAFT, $id: `urn:schedlab:${id}`, title, ...schema });
