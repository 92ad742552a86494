// Opens the files of `engine=vllm:FILE`: a command line or YAML, and the configuration that it names.
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseDocument } from 'yaml';
import { SchedlabError } from '../errors.ts';
import type { ServeFiles } from '../../sim/engine/vllm/engine.ts';

const MAX_BYTES = 1_000_000;

/** Paths are relative to the file that names them; the first to the working folder. */
export const serveFiles: ServeFiles = {
  readText(name, from) {
    const file = from === undefined ? name : path.resolve(path.dirname(from), name);
    try {
      if (statSync(file).size > MAX_BYTES) throw new Error(`larger than ${MAX_BYTES / 1e6} MB`);
      return readFileSync(file, 'utf8');
    } catch (cause) {
      throw new SchedlabError('ERR_SCENARIO_FILE', `${JSON.stringify(name)}${from === undefined ? '' : `, which ${from} names,`} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}. Give a file with a vllm serve command, or its YAML.`, { file, cause });
    }
  },
  parseYaml(text, name) {
    const document = parseDocument(text, { prettyErrors: true, uniqueKeys: true }), [error] = document.errors;
    if (error) throw new SchedlabError('ERR_SCENARIO_FILE', `${name} is no YAML: ${error.message.split('\n')[0]}. Correct it there.`, { file: name });
    const value: unknown = document.toJS();
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    throw new SchedlabError('ERR_SCENARIO_FILE', `${name} is not a table of keys and values. Write model: NAME, max-num-seqs: 256, and so on.`, { file: name });
  },
};
