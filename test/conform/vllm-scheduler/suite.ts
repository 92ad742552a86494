// The suite of recorded scheduler cases: each file is one run of a real scheduler, and every field of every step must come out.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { batchConfig } from '../../../sim/engine/batch/config.ts';
import { plainOnly } from '../../../sim/engine/batch/plain-only.ts';
import { RULE_SETS, ruleSet, type Rules, type RuleSetName } from '../../../sim/engine/batch/rules.ts';
import { Differences } from '../differences.ts';
import { mismatch } from '../shape.ts';
import { FormatError, type ConformCase, type ConformSuite } from '../suite.ts';
import { CASE_SHAPE, type RecordedCase, type RecordedStep } from './format.ts';
import { lockstep } from './lockstep.ts';
import { configOf, play, type PlayedStep } from './play.ts';

/** Differences of one case that are told; the first explains the rest. */
const TOLD = 5;

export const vllmSchedulerSuite: ConformSuite = { name: 'vllm-scheduler', folder: 'vllm-scheduler-cases', cases: caseFiles };

/** Every `.json` file of a folder is one case. */
function caseFiles(dir: string): readonly ConformCase[] {
  if (!existsSync(dir) || !statSync(dir).isDirectory()) throw new FormatError(`no folder ${dir}. Give the folder that holds the cases: npm run conform -- vllm-scheduler DIR.`);
  const files = readdirSync(dir).filter((name) => name.endsWith('.json')).sort();
  if (files.length === 0) throw new FormatError(`${dir} holds no cases: expected .json files with one case each.`);
  const read = files.map((file) => {
    const id = file.replace(/\.json$/, '');
    try { const recorded = readCase(join(dir, file), file); return { id, check: () => differencesOf(recorded) }; }
    catch (error) { if (error instanceof FormatError) return { id, error, check: () => [error.message] }; throw error; }
  });
  // A file that cannot be judged fails alone, by name: the verdict on the others stands. Where there is no other, the folder is at fault.
  const [first] = read;
  if ('error' in first && first.error && read.every((one) => 'error' in one)) throw first.error;
  return read;
}

/** The rules of the version that recorded a case. Throws FormatError for one that is not modelled. */
function rulesOf(version: string): Rules {
  const [, minor] = /^v?(\d+\.\d+)(?:[.+-]|$)/.exec(version) ?? [], name = `vllm-${minor}`;
  if (Object.hasOwn(RULE_SETS, name)) return ruleSet(name as RuleSetName);
  throw new FormatError(`vllm_version ${JSON.stringify(version)} is not modelled. Modelled: ${Object.keys(RULE_SETS).map((one) => one.replace('vllm-', '')).join(', ')}.`);
}

/** Reads and checks one file. Throws FormatError. */
export function readCase(path: string, file: string): RecordedCase {
  let recorded: unknown;
  try { recorded = JSON.parse(readFileSync(path, 'utf8')); } catch (error) { throw new FormatError(`${file} is not JSON: ${(error as Error).message}`); }
  const wrong = mismatch(recorded, CASE_SHAPE, 'case');
  if (wrong) throw new FormatError(`${file}: ${wrong}.`);
  return recorded as RecordedCase;
}

/** Where the engine decides otherwise than the recording; and its bulk form, where that serves, otherwise than the plain one. */
export function differencesOf(recorded: RecordedCase): readonly string[] {
  const rules = rulesOf(recorded.vllm_version), found = new Differences(), { steps, summary } = play(recorded.config, recorded.requests, { rules });
  for (let i = 0; i < Math.max(steps.length, recorded.steps.length) && found.found.length < TOLD; i++) compare(found, steps[i], recorded.steps[i]);
  found.exact('summary', summary, recorded.summary);
  const config = batchConfig(configOf(recorded.config, rules));
  if (plainOnly(config) === undefined) try { lockstep(config, recorded.requests); } catch (error) { found.found.push(`bulk form, ${(error as Error).message}`); }
  return found.found.length > TOLD ? [...found.found.slice(0, TOLD), `and more`] : found.found;
}

function compare(found: Differences, played: PlayedStep | undefined, recorded: RecordedStep | undefined): void {
  if (!played || !recorded) { found.found.push(played ? `step ${played.step} was not recorded` : `step ${recorded!.step} was recorded, and not played`); return; }
  const at = `step ${recorded.step}`;
  found.exact(`${at}, number`, played.step, recorded.step);
  for (const key of ['aborted', 'added', 'new', 'resumed', 'preempted', 'running', 'waiting', 'tokens', 'finished'] as const) found.exact(`${at}, ${key}`, played[key], recorded[key] ?? []);
  found.exact(`${at}, scheduled`, Object.entries(Object.fromEntries(played.scheduled)), Object.entries(recorded.scheduled ?? {}));
  found.exact(`${at}, hit_tokens`, Object.fromEntries(played.hit_tokens), recorded.hit_tokens ?? {});
  found.exact(`${at}, free_blocks`, played.free_blocks, recorded.free_blocks);
  // The result of a step without work says nothing: a recorder may leave it out.
  if (played.isOutputEmpty && recorded.free_blocks_end === undefined) return;
  found.exact(`${at}, free_blocks_end`, played.free_blocks_end ?? null, recorded.free_blocks_end ?? null);
  if (recorded.output_of_step !== undefined) found.exact(`${at}, output_of_step`, played.output_of_step, recorded.output_of_step);
}
