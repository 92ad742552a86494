// The schema of one line of schedlab/trace@1: a call, or the header that may stand first.
import { document, hex, list, told, type Schema } from './json.ts';

const TOKENS_MAX = 0x7fffffff;
const tokens: Schema = { type: 'integer', minimum: 0, maximum: TOKENS_MAX };
const seconds: Schema = { type: 'number', minimum: 0, maximum: 9e9 };
/** Text, or a number that is read as its text. */
const name: Schema = { type: ['string', 'integer'] };
const content: Schema = { anyOf: [{ type: 'string' }, tokens, { type: 'null' }] };

export function traceSchema(): Schema {
  return document('trace:1', 'One line of a trace in the format schedlab/trace@1: JSON lines, also gzipped', {
    oneOf: [{ $ref: '#/$defs/call' }, { $ref: '#/$defs/header' }],
    $defs: {
      header: {
        type: 'object', additionalProperties: false, required: ['schema'], description: 'the first line, where there is one',
        properties: {
          schema: { const: 'schedlab/trace@1' },
          start: told({ type: 'string' }, 'calendar time of arrival 0, such as 2026-11-21T14:02:00Z'),
          block_tokens: told(tokens, 'tokens of a block, where all but the last of a prompt have as many'),
          source: { type: 'object', additionalProperties: false, required: ['format', 'sha256'], properties: { format: { type: 'string' }, sha256: hex(64) }, description: 'the file that this one was made from' },
        },
      },
      call: {
        type: 'object', additionalProperties: false, required: ['id', 'prompt', 'output_tokens'], description: 'one call',
        oneOf: [{ required: ['arrival'], not: { required: ['after_s'] } }, { required: ['after_s', 'parents', 'program'], not: { required: ['arrival'] }, properties: { parents: { minItems: 1 } } }],
        // A call that waits for others belongs to a program with them.
        if: { required: ['parents'], properties: { parents: { minItems: 1 } } }, then: { required: ['program'], properties: { program: { minLength: 1 } } },
        properties: {
          id: told({ anyOf: [{ type: 'string', minLength: 1 }, { type: 'integer' }] }, 'a name of its own'),
          program: told(name, 'the program that the call is part of'),
          agent: told(name, 'over whom fairness is meant'),
          tenant: told(name, 'who pays'),
          class: told(name, 'a kind of call that is reported by itself'),
          parents: told(list(name), 'ids of the calls before it that must be done first'),
          arrival: told(seconds, 'seconds from the start of the trace'),
          after_s: told(seconds, 'seconds from when the last parent is done, its tool included'),
          prompt: told(list({ type: 'array', prefixItems: [content, tokens], items: false, minItems: 2 }), 'contents in order, each with its tokens: [[content_id, tokens], …]; null: content that no other call has'),
          output_tokens: tokens,
          tool_s: told(seconds, 'seconds from the end of the call until its tool has returned'),
          fields: told({ type: 'object', additionalProperties: { type: 'string' }, propertyNames: { not: { enum: ['program', 'agent', 'tenant', 'class'] } } }, 'texts of your own, for identity=field:NAME'),
        },
      },
    },
  });
}
