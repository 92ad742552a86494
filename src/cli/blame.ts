// Whose fault it is: an error of code written by the user is theirs, told with its place, and no bug of this program.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SchedlabError } from '../errors.ts';
import type { Laboratory } from '../../sim/experiment/types.ts';
import type { Asked } from './request.ts';
import { sentences } from './say.ts';
import { inSource } from './source-place.ts';
import { inYaml } from './yaml-place.ts';

/** A file of the user's code: where it lies, and how the user names it. */
interface UserFile { readonly full: string; readonly shown: string; readonly isScenario: boolean }

/** What of a request tells whose code it is, and where its file may be at fault. */
export type Blamed = Pick<Asked, 'found' | 'scenarioText' | 'places'> & Partial<Pick<Asked, 'parsed'>>;

/** The scenario and every policy and balancer that come from files. */
function filesOf({ found, scenarioText }: Blamed, laboratory: Laboratory | undefined): UserFile[] {
  const { source, file } = found;
  return [
    ...(source.kind === 'file' ? [{ full: source.path, shown: file ? source.path : scenarioText, isScenario: true }] : []),
    ...Object.keys(laboratory?.files ?? {}).map((shown) => ({ full: path.resolve(shown), shown, isScenario: false })),
  ];
}

/** The first line of the stack that lies in one of these files, as `file:line:column`. */
function placeIn(stack: string, files: readonly UserFile[]): { readonly file: UserFile; readonly at: string } | undefined {
  for (const line of stack.split('\n')) {
    const match = /(file:\/\/[^)\s]+|\/[^)\s]*?|[A-Za-z]:\\[^)]*?):(\d+):(\d+)\)?$/.exec(line);
    if (!match) continue;
    let full = match[1];
    if (full.startsWith('file:')) { try { full = fileURLToPath(full.replace(/\?.*$/, '')); } catch { continue; } }
    const file = files.find((one) => one.full === full);
    if (file) return { file, at: `${file.shown}:${match[2]}:${match[3]}` };
  }
  return undefined;
}

/** Something wrong that the user's code handed on: with the line that did. */
function located(error: SchedlabError, files: readonly UserFile[]): SchedlabError {
  const found = error.code === 'ERR_SCENARIO_FILE' || error.code === 'ERR_OPTION_RANGE' ? placeIn(error.stack ?? '', files) : undefined;
  if (!found || error.message.includes(`${found.at})`)) return error;
  const [first, rest] = sentences(error.message);
  return new SchedlabError(error.code, `${first} (${found.at}). ${rest}`, error.details);
}

/** What a scenario in code says wrong of itself has no stack: it is looked for in the text. */
function inDefinition(error: SchedlabError, { found }: Blamed, files: readonly UserFile[]): unknown {
  const scenario = files.find((file) => file.isScenario);
  return scenario === undefined || /\(\S+:\d+:\d+\)/.test(error.message) ? error : inSource(error, scenario.full, scenario.shown, found.definition.name);
}

/** Codes of a run that cannot go on: the scenario's doing where it, or its policy, is the user's; a broken invariant, where the policy is. */
function isTheirs(code: SchedlabError['code'], files: readonly UserFile[]): boolean {
  return code === 'ERR_STALLED' || code === 'ERR_ZENO' ? files.length > 0 : code === 'ERR_INVARIANT' && files.some((file) => !file.isScenario);
}

/** Runs `work`. Errors that name a place of the scenario file get its line; errors thrown by the user's code become ERR_SCENARIO_FILE. */
export function blame<T>(asked: Blamed, work: () => T, laboratory?: Laboratory): T {
  try {
    return work();
  } catch (error) {
    const files = filesOf(asked, laboratory);
    if (error instanceof SchedlabError && error.exitCode !== 1) {
      const place = asked.places.find((p) => error.message.includes(`(${p.file}:${p.line}:${p.column})`));
      if (error.details.place) throw error;
      if (place) throw new SchedlabError(error.code, error.message, { ...error.details, place });
      const told = inDefinition(located(error, files), asked, files);
      throw asked.parsed ? inYaml(told, asked.found, asked.parsed) : told;
    }
    if (files.length === 0) throw error;
    if (!(error instanceof Error)) throw new SchedlabError('ERR_SCENARIO_FILE', `${files.map((file) => file.shown).join(' or ')} threw ${JSON.stringify(error) ?? String(error)}, which is no Error. Throw new Error(…) there, so that its line is known.`);
    const { message, name, stack } = error;
    const found = placeIn(stack ?? '', files), code = error instanceof SchedlabError ? error.code : undefined;
    const what = `${code === undefined && name !== 'Error' ? `${name}: ` : ''}${message.replace(/\.$/, '')}`;
    if (found) throw new SchedlabError('ERR_SCENARIO_FILE', `${what} (${found.at}). The ${found.file.isScenario ? 'scenario' : 'file'} threw this; correct it there.`, { cause: error });
    if (code !== undefined && isTheirs(code, files)) {
      const [first, rest] = sentences(message);
      throw new SchedlabError('ERR_SCENARIO_FILE', `${first}, with ${files.map((file) => file.shown).join(', ')}. ${rest === '' ? '' : `${rest.replace(/[^.?]$/, '$&.')} `}Correct the file there: nothing that ships does this.`, { cause: error });
    }
    throw error;
  }
}

/** The same for work that takes time. */
export async function blameLater<T>(asked: Blamed, work: Promise<T>, laboratory?: Laboratory): Promise<T> {
  try { return await work; } catch (error) { return blame(asked, () => { throw error; }, laboratory); }
}
