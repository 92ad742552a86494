// The command that does an experiment again, word by word, quoted for a shell.
import { valueText } from './grid.ts';
import type { Plan, SweptKey, UntilRule } from './types.ts';

/** What besides the plan decides the numbers. */
export interface RedoOptions { readonly reps: number; readonly seed: string; readonly shell: 'auto' | 'event' | 'promise'; readonly until?: UntilRule; readonly maxReps?: number; readonly target?: string }

/** A word for a POSIX shell: as it stands where that is safe, else in single quotes. */
export function quoteShell(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replace(/'/g, "'\\''")}'`;
}

const text = (value: unknown): string => (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string' ? valueText(value) : JSON.stringify(value));
const axis = (key: SweptKey): string => `${key.key}=${key.text ?? key.values.map(text).join(',')}`;

/**
 * The full command, such as `npx schedlab sweep loco-fairness guard=off alpha=0,0.25 --reps 20 --seed 1`. Values of a YAML file stay in the file;
 * those of the environment are written out, because another machine does not have them.
 */
export function redoCommand(plan: Plan, options: RedoOptions): string {
  const { request } = plan;
  const named = request.named ?? (request.source?.kind === 'file' ? request.source.path : plan.scenario.name);
  const fromFile = /\.ya?ml$/.test(named);
  const swept = (request.swept ?? []), zip = request.zip ?? [], also = request.also ?? [];
  const words = ['npx', 'schedlab', swept.length || zip.length || also.length ? 'sweep' : 'run', named];
  for (const [key, given] of Object.entries(request.given ?? {})) {
    const isSwept = swept.some((one) => one.key === key) || zip.some((one) => one.key === key);
    if (!isSwept && !(fromFile && given.origin === 'scenario')) words.push(`${key}=${text(given.value)}`);
  }
  // A sweep that stands in the file is not repeated; one from the command has no place in the file.
  const typed = (key: SweptKey): boolean => !(fromFile && (key.where?.startsWith(named) || key.where?.includes(`(${named}:`)));
  words.push(...swept.filter(typed).map(axis));
  for (const key of zip.filter(typed)) words.push('--zip', axis(key));
  for (const cell of also) words.push('--also', Object.entries(cell).map(([key, value]) => `${key}=${text(value)}`).join(','));
  for (const metric of request.metrics ?? []) if (!(fromFile && request.metricsOfFile?.includes(metric))) words.push('--metric', metric);
  words.push('--reps', String(options.reps), '--seed', options.seed);
  if (options.until) words.push('--until', `ci=${Number((options.until.relative * 100).toPrecision(12))}%`, '--max-reps', String(options.maxReps));
  if (request.baseline !== undefined) words.push('--baseline', request.baseline);
  if (options.target !== undefined && options.target !== 'sim') words.push('--target', options.target);
  else if (options.shell === 'promise') words.push('--shell', options.shell);
  return words.map(quoteShell).join(' ');
}
