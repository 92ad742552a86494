// The Mooncake trace in the words of BLIS: a header and a table of requests, each with at most one shared prefix, for that is what its format can say.

interface Row { readonly timestamp: number; readonly input_length: number; readonly output_length: number; readonly hash_ids: readonly number[] }

const TOKENS_PER_ID = 512, US_PER_MS = 1000;

/** The columns that its reader asks for, in this order; those of real servers stay at zero. */
const COLUMNS = [
  'request_id', 'client_id', 'tenant_id', 'slo_class', 'session_id', 'round_index', 'prefix_group', 'prefix_length', 'streaming', 'input_tokens', 'output_tokens',
  'text_tokens', 'image_tokens', 'audio_tokens', 'video_tokens', 'reason_ratio', 'model', 'deadline_us', 'server_input_tokens',
  'arrival_time_us', 'send_time_us', 'first_chunk_time_us', 'last_chunk_time_us', 'num_chunks', 'status', 'error_message', 'finish_reason',
];

export interface BlisTrace {
  readonly header: string;
  readonly data: string;
  readonly requests: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** Blocks of 512 tokens that could be found again with a cache without end: as the trace tells it, and as the flat prefixes keep it. */
  readonly reusable: number;
  readonly kept: number;
}

/**
 * `jsonl` is the trace as published: one object a line, and equal ids mean equal prefixes up to and with that block. Of the prefixes that a request shares
 * with others it is given the one by which most blocks are found again per request that has it: the depth times (requests − 1) over requests; of equals the deeper one.
 * A prompt keeps at least one token that is its own. O(ids).
 */
export function blisTrace(jsonl: string): BlisTrace {
  const rows = jsonl.split('\n').filter((line) => line.trim() !== '').map((line) => JSON.parse(line) as Row);
  const sharers = new Map<number, number>();
  for (const { hash_ids: ids } of rows) for (const id of ids) sharers.set(id, (sharers.get(id) ?? 0) + 1);
  const lines = [COLUMNS.join(',')], seenIds = new Set<number>(), seenGroups = new Set<number>();
  let promptTokens = 0, outputTokens = 0, reusable = 0, kept = 0;
  for (const [n, { timestamp, input_length: input, output_length: output, hash_ids: ids }] of rows.entries()) {
    const depth = bestDepth(ids, sharers, Math.floor((input - 1) / TOKENS_PER_ID)), prefix = depth * TOKENS_PER_ID, group = depth === 0 ? '' : `p${ids[depth - 1]}`;
    const atUs = timestamp * US_PER_MS;
    lines.push([n, 'all', '', '', '', 0, group, prefix, false, input - prefix, output, 0, 0, 0, 0, 0, '', 0, 0, atUs, atUs, 0, 0, 0, 'ok', '', ''].join(','));
    promptTokens += input;
    outputTokens += output;
    let run = 0;
    while (run < ids.length && seenIds.has(ids[run])) run++;
    reusable += run;
    for (const id of ids) seenIds.add(id);
    if (depth > 0 && seenGroups.has(ids[depth - 1])) kept += depth;
    if (depth > 0) seenGroups.add(ids[depth - 1]);
  }
  const header = 'trace_version: 2\ntime_unit: microseconds\nmode: generated\nwarm_up_requests: 0\n';
  return { header, data: `${lines.join('\n')}\n`, requests: rows.length, promptTokens, outputTokens, reusable, kept };
}

function bestDepth(ids: readonly number[], sharers: ReadonlyMap<number, number>, most: number): number {
  let best = 0, bestGain = 0;
  for (let depth = 1; depth <= Math.min(most, ids.length); depth++) {
    const requests = sharers.get(ids[depth - 1])!, gain = depth * (requests - 1) / requests;
    if (gain > 0 && gain >= bestGain) { best = depth; bestGain = gain; }
  }
  return best;
}
