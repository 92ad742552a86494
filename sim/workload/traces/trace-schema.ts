// The published JSON Schema of a line of schedlab/trace@1: a header, which is the first line if there is one, or a call.
import { TRACE_SCHEMA_NAME } from './schedlab.ts';

const TOKENS = { type: 'integer', minimum: 0, maximum: 2147483647 } as const;
const SECONDS = { type: 'number', minimum: 0, maximum: 9e9 } as const;
const NAME = { type: ['string', 'integer'] } as const;
/** Ids may be numbers; an empty one names nothing. */
const ID = { anyOf: [{ type: 'string', minLength: 1 }, { type: 'integer' }] } as const;

const header = {
  type: 'object', additionalProperties: false, required: ['schema'], title: 'header',
  properties: {
    schema: { const: TRACE_SCHEMA_NAME },
    start: { type: 'string', description: 'calendar time of arrival 0: 2026-11-21T14:02:00Z, up to nine digits of a fraction; UTC where no zone is named' },
    block_tokens: { ...TOKENS, description: 'tokens of every content but the last of a prompt, where all have as many' },
    source: { type: 'object', additionalProperties: false, required: ['format', 'sha256'], properties: { format: { type: 'string' }, sha256: { type: 'string' } }, description: 'the file that this one was converted from' },
  },
} as const;

const call = {
  type: 'object', additionalProperties: false, required: ['id', 'prompt', 'output_tokens'], title: 'call',
  properties: {
    id: { ...ID, description: 'its own, in the whole file' },
    program: { ...NAME, description: 'the program that it belongs to; without one it is a program of its own' },
    agent: { ...NAME, description: 'who asks' },
    tenant: { ...NAME, description: 'for whom the agent works' },
    class: { ...NAME, description: 'of which metrics are told apart' },
    parents: { type: 'array', items: NAME, description: 'calls of the same program that it comes after, on lines before it' },
    arrival: { ...SECONDS, description: 'seconds from the start of the trace' },
    after_s: { ...SECONDS, description: 'seconds from when the last parent is done: it has ended, and its tool has returned' },
    prompt: { type: 'array', items: { type: 'array', minItems: 2, prefixItems: [{ anyOf: [{ type: 'string' }, TOKENS, { type: 'null' }] }, TOKENS], items: false }, description: '[content_id, tokens] in order; equal ids are equal contents, null is content that no other call has' },
    output_tokens: TOKENS,
    tool_s: { ...SECONDS, description: 'seconds of the tool that the call asks for, from its end' },
    fields: { type: 'object', additionalProperties: { type: 'string' }, propertyNames: { not: { enum: ['program', 'agent', 'tenant', 'class'] } }, description: 'texts of your own, for identity=field:NAME' },
  },
  oneOf: [{ required: ['arrival'], not: { required: ['after_s'] } }, { required: ['after_s', 'parents'], not: { required: ['arrival'] }, properties: { parents: { minItems: 1 } } }],
  if: { required: ['parents'], properties: { parents: { minItems: 1 } } }, then: { required: ['program'] },
} as const;

/** JSON Schema, draft 2020-12, of one line. What lines say of each other (ids that differ, parents that exist) it cannot tell. */
export const TRACE_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema', $id: 'urn:schedlab:trace:1', title: `a line of ${TRACE_SCHEMA_NAME}`,
  if: { required: ['schema'] }, then: header, else: call,
} as const;
