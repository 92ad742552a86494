// Whose fault it is: an error of a scenario written by the user is theirs, told with its place, and no bug of this program.
import { fileURLToPath } from 'node:url';
import { SchedlabError } from '../errors.ts';
import type { Asked } from './request.ts';

/** `file:line:column` of the first line of the stack that lies in the user's file. */
function placeIn(stack: string, file: string): string | undefined {
  for (const line of stack.split('\n')) {
    const match = /(file:\/\/[^)\s]+|\/[^)\s]*?|[A-Za-z]:\\[^)]*?):(\d+):(\d+)\)?$/.exec(line);
    if (!match) continue;
    let path = match[1];
    if (path.startsWith('file:')) { try { path = fileURLToPath(path.replace(/\?.*$/, '')); } catch { continue; } }
    if (path === file) return `${match[2]}:${match[3]}`;
  }
  return undefined;
}

/** Runs `work`. Errors that name a place of the scenario file get its line; errors thrown by the user's code become ERR_SCENARIO_FILE. */
export function blame<T>(asked: Asked, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof SchedlabError && error.exitCode !== 1) {
      const place = asked.places.find((p) => error.message.includes(`(${p.file}:${p.line}:${p.column})`));
      throw place && !error.details.place ? new SchedlabError(error.code, error.message, { ...error.details, place }) : error;
    }
    const { source } = asked.found;
    if (source.kind === 'file' && error instanceof Error) {
      const at = placeIn(error.stack ?? '', source.path);
      const name = error instanceof SchedlabError ? '' : `${error.name}: `;
      if (at) throw new SchedlabError('ERR_SCENARIO_FILE', `${name}${error.message.replace(/\.$/, '')} (${asked.found.file ? source.path : asked.scenarioText}:${at}). The scenario threw this; correct it there.`, { cause: error });
    }
    throw error;
  }
}
