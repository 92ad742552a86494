// The shape of a vector, written as a literal, and the check that a line has it. A line of another shape is a format error, not a failure.

/** `[shape]`: an array; an object: these keys (`key?` may be absent; others are let be, unless `only`); `{ '*': shape }`: any keys. */
export type Shape =
  | 'text' | 'number' | 'flag' | 'any'
  | { readonly oneOf: readonly unknown[] }
  | { readonly orNull: Shape }
  | { readonly array: Shape }
  | { readonly record: Shape }
  | { readonly fields: Readonly<Record<string, Shape>>; readonly isClosed?: boolean };

export const arrayOf = (array: Shape): Shape => ({ array });
export const recordOf = (record: Shape): Shape => ({ record });
export const fields = (of: Readonly<Record<string, Shape>>): Shape => ({ fields: of });
/** These keys and no others. */
export const only = (of: Readonly<Record<string, Shape>>): Shape => ({ fields: of, isClosed: true });
export const oneOf = (...values: readonly unknown[]): Shape => ({ oneOf: values });
export const orNull = (shape: Shape): Shape => ({ orNull: shape });

/** What is wrong with a value, and where; undefined where it has the shape. */
export function mismatch(value: unknown, shape: Shape, at: string): string | undefined {
  const found = (accepted: string): string => `${at} must be ${accepted}, found ${(JSON.stringify(value) ?? 'nothing').slice(0, 60)}`;
  if (shape === 'any') return undefined;
  if (shape === 'text') return typeof value === 'string' ? undefined : found('text');
  if (shape === 'number') return typeof value === 'number' ? undefined : found('a number');
  if (shape === 'flag') return typeof value === 'boolean' ? undefined : found('true or false');
  if ('oneOf' in shape) return shape.oneOf.includes(value) ? undefined : found(`one of ${shape.oneOf.map((v) => JSON.stringify(v)).join(', ')}`);
  if ('orNull' in shape) return value === null ? undefined : mismatch(value, shape.orNull, at);
  if ('array' in shape) {
    if (!Array.isArray(value)) return found('a list');
    return firstOf(value.map((item, i) => [item, shape.array, `${at}[${i}]`] as const));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return found('an object');
  if ('record' in shape) return firstOf(Object.entries(value).map(([key, item]) => [item, shape.record, `${at}.${key}`] as const));
  for (const [name, inner] of Object.entries(shape.fields)) {
    const key = name.endsWith('?') ? name.slice(0, -1) : name;
    if (!Object.hasOwn(value, key)) {
      if (key === name) return `${at}.${key} is missing`;
      continue;
    }
    const wrong = mismatch((value as Record<string, unknown>)[key], inner, `${at}.${key}`);
    if (wrong) return wrong;
  }
  const unknown = shape.isClosed ? Object.keys(value).find((key) => !Object.hasOwn(shape.fields, key) && !Object.hasOwn(shape.fields, `${key}?`)) : undefined;
  return unknown === undefined ? undefined : `${at}.${unknown} is unknown: what it asks for is not modelled`;
}

function firstOf(items: readonly (readonly [unknown, Shape, string])[]): string | undefined {
  for (const [item, shape, at] of items) {
    const wrong = mismatch(item, shape, at);
    if (wrong) return wrong;
  }
  return undefined;
}
