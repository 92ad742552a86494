// The usual spellings of arrival and lengths in records of requests, and what to say of rows that lack one of them.
import type { TraceFormat } from './format.ts';
import { vllmBench } from './vllm-bench.ts';

/** What a row must tell, each by the first of these columns that it has; times in seconds. Columns of token ids count by their lengths. */
const SPELLINGS = {
  arrival: ['arrival_time', 'arrival', 'arrival_s', 'start_time'],
  prompt: ['prompt_len', 'input_len', 'input_tokens', 'prompt_tokens', 'input_toks', 'prompt_token_ids'],
  output: ['output_len', 'output_tokens', 'completion_tokens', 'output_toks', 'output_token_ids'],
} as const;
const IDS = ['request_id', 'id'], TOKEN_BLOCK = 16;

/** True where the column holds token ids, whose number is the length. */
export const isOfTokenIds = (column: string): boolean => column.endsWith('_token_ids');

interface Found { readonly arrival: string | undefined; readonly prompt: string | undefined; readonly output: string | undefined }

function found(columns: readonly string[]): Found {
  const first = (names: readonly string[]): string | undefined => names.find((name) => columns.includes(name));
  return { arrival: first(SPELLINGS.arrival), prompt: first(SPELLINGS.prompt), output: first(SPELLINGS.output) };
}

/** The format of records with these columns; undefined where they lack a time or a length. */
export function spelled(columns: readonly string[]): TraceFormat | undefined {
  const { arrival, prompt, output } = found(columns), id = IDS.find((name) => columns.includes(name));
  if (arrival === undefined || prompt === undefined || output === undefined) return undefined;
  const ids = columns.includes('prompt_token_ids') ? { blocks: { column: 'prompt_token_ids', tokens: TOKEN_BLOCK, ofTokenIds: true } } : {};
  return {
    ...vllmBench, shapes: ['csv', 'jsonl'], columns: [arrival, prompt, output], arrival, prompt, output, ...(id === undefined ? {} : { id }), ...ids,
    ignore: [...vllmBench.ignore ?? [], ...SPELLINGS.arrival, ...SPELLINGS.prompt, ...SPELLINGS.output, 'latency', 'ttft', 'tpot', 'itl', 'success'], rename: { session_id: 'session' },
    units: `${arrival} in s, ${prompt} and ${output} in tokens${'blocks' in ids ? `; token ids of prompts are kept as ${TOKEN_BLOCK}-token blocks of content` : ''}; measured times are not kept`,
  };
}

/** What rows with these columns lack, and how to give it; undefined where they look like no record of a request. */
export function lacking(columns: readonly string[]): string | undefined {
  if (columns.includes('input_lens') && columns.includes('output_lens')) {
    return 'it is one object with a list for each measure, as `vllm bench serve --save-detailed` writes it. Make rows of it: jq -c \'[.start_times, .input_lens, .output_lens] | transpose[] | {arrival: .[0], prompt_tokens: .[1], output_tokens: .[2]}\' FILE > rows.jsonl';
  }
  const { arrival, prompt, output } = found(columns), has = [arrival, prompt, output].filter((name) => name !== undefined);
  if ((prompt === undefined && output === undefined) || has.length === 3) return undefined;
  const lacks = [
    ...(arrival === undefined ? [`no time of arrival (${SPELLINGS.arrival.join(', ')}; in seconds): add one to each row, such as "arrival": 0 for all together, or k/5 in row k for five a second`] : []),
    ...(prompt === undefined ? [`no length of the prompt (${SPELLINGS.prompt.join(', ')})`] : []),
    ...(output === undefined ? [`no length of the output (${SPELLINGS.output.join(', ')})`] : []),
  ];
  return `its rows have ${has.join(' and ')}, and ${lacks.join('; and ')}`;
}
