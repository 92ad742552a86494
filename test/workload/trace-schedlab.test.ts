// The format of our own: what a bad row is told, and where.
import { describe, expect, it } from 'vitest';
import { gzipSync } from 'node:zlib';
import { errorText } from '../../src/cli/say.ts';
import { SchedlabError } from '../../src/errors.ts';
import { readTraceBytes } from '../../sim/workload/traces/read.ts';

const HEADER = '{"schema":"schedlab/trace@1"}';
const LONE = '{"id":"lone","arrival":0,"prompt":[],"output_tokens":1}';
const GOOD = '{"id":"a","program":"p","arrival":0,"prompt":[[1,5]],"output_tokens":1}';
const read = (...lines: string[]) => readTraceBytes('t.jsonl', Buffer.from(lines.join('\n')));

function complaint(run: () => unknown): SchedlabError {
  try { run(); } catch (error) { if (error instanceof SchedlabError) return error; throw error; }
  throw new Error('no error was thrown');
}
const row = (text: string): string => `{"id":"z","program":"p",${text}}`;
const REST = '"arrival":0,"prompt":[],"output_tokens":1';

describe('a bad row of schedlab/trace@1', () => {
  it.each([
    ['{"id":', 'the line is no JSON object (t.jsonl:4:1)'],
    ['[1]', 'the line is no JSON object'],
    [row(`${REST},"tool_ms":5`), 'unknown key "tool_ms" (t.jsonl:4:'],
    ['{"arrival":0,"prompt":[],"output_tokens":1}', 'the call has no id'],
    ['{"id":1.5,"arrival":0,"prompt":[],"output_tokens":1}', 'id is text or a whole number'],
    [row(`${REST},"agent":null`), 'agent is text or a whole number'],
    [row(`${REST},"parents":"a"`), 'parents is a list of ids'],
    [row('"prompt":[],"output_tokens":1'), 'neither arrival nor after_s'],
    [row(`${REST},"after_s":1,"parents":["a"]`), 'both arrival and after_s'],
    [row('"arrival":-1,"prompt":[],"output_tokens":1'), 'arrival is a number of seconds from 0'],
    [row('"arrival":"0","prompt":[],"output_tokens":1'), 'arrival is a number of seconds from 0'],
    [row('"after_s":1,"prompt":[],"output_tokens":1'), 'after_s needs parents'],
    ['{"id":"z","parents":["a"],"after_s":1,"prompt":[],"output_tokens":1}', 'needs the program that they belong to'],
    [row('"parents":["b"],"after_s":1,"prompt":[],"output_tokens":1'), 'no line before has the id "b"'],
    ['{"id":"z","program":"q","parents":["a"],"after_s":1,"prompt":[],"output_tokens":1}', 'the parent "a" belongs to the program "p", the call to "q"'],
    [row('"parents":["lone"],"after_s":1,"prompt":[],"output_tokens":1'), 'the parent "lone" belongs to no program'],
    [row('"arrival":0,"output_tokens":1'), 'the call has no prompt'],
    [row('"arrival":0,"prompt":800,"output_tokens":1'), 'prompt is a list of [content_id, tokens]'],
    [row('"arrival":0,"prompt":[[1]],"output_tokens":1'), '[1] in prompt is no [content_id, tokens]'],
    [row('"arrival":0,"prompt":[[1,-2]],"output_tokens":1'), '[1,-2] in prompt is no'],
    [row('"arrival":0,"prompt":[[1,2147483647],[2,1]],"output_tokens":1'), 'the prompt has 2147483648 tokens'],
    [row('"arrival":0,"prompt":[]'), 'the call has no output_tokens'],
    [row('"arrival":0,"prompt":[],"output_tokens":1.5'), 'output_tokens is a whole number'],
    [row(`${REST},"tool_s":-1`), 'tool_s is a number of seconds'],
    [row(`${REST},"fields":{"a":1}`), 'fields is a table of texts'],
    [row(`${REST},"fields":{"agent":"x"}`), 'agent stands in fields'],
    [GOOD, 'the id "a" is that of line 3 too'],
  ])('is told: %s', (bad, said) => {
    const error = complaint(() => read(HEADER, LONE, GOOD, bad));
    expect(error).toMatchObject({ code: 'ERR_TRACE_ROW', exitCode: 2 });
    expect(error.message).toContain(said);
    expect(error.message).toContain('t.jsonl:4:');
  });

  it('is shown with its line, and a mark under the key at fault', () => {
    const bad = row('"arrival":0,"prompt":[],"output_tokens":1.5'), column = bad.indexOf('"output_tokens"') + 1;
    expect(errorText(complaint(() => read(HEADER, GOOD, bad)))).toBe([
      `error: output_tokens is a whole number from 0 to 2147483647 (t.jsonl:3:${column})`, `  3 | ${bad}`, `${' '.repeat('  3 | '.length + column - 1)}${'^'.repeat('"output_tokens"'.length)}`, '  Write "output_tokens": 120.', '',
    ].join('\n'));
  });

  it.each([
    ['{"schema":"schedlab/trace@2"}', 'this version reads "schedlab/trace@1"'],
    ['{"schema":"schedlab/trace@1","blocks":1}', 'unknown key "blocks"'],
    ['{"schema":"schedlab/trace@1","start":"yesterday"}', 'start is no date and time'],
    ['{"schema":"schedlab/trace@1","block_tokens":-1}', 'block_tokens is a whole number'],
    ['{"schema":"schedlab/trace@1","source":"here"}', 'source tells the format'],
  ])('so is a bad header: %s', (header, said) => { expect(complaint(() => read(header, GOOD)).message).toContain(said); });
});

describe('a good file', () => {
  it('needs no header, has blank lines where it likes, and may be packed', () => {
    expect(read(GOOD).file).toMatchObject({ format: 'schedlab', rowsRead: 1, rowsDropped: 0 });
    expect(readTraceBytes('t', gzipSync(`${HEADER}\n\n${GOOD}\r\n\n`)).trace.promptTokens[0]).toBe(5);
  });
  it('without calls has no row that can be used', () => { expect(complaint(() => read(HEADER)).code).toBe('ERR_TRACE_ROW'); });
  it('takes ids of contents as text or number for the same', () => { expect([...read('{"id":1,"arrival":0,"prompt":[["7",1],[7,1],["07",1]],"output_tokens":0}').trace.blocks!]).toEqual([7, 7, -2]); });
});
