// The command that repeats one replication, for whatever sticks out: with its trace or its calls where that shows why.
import type { Setting } from './settings.ts';
import type { Study } from './study.ts';

/** A sentence and the command that shows it; the sentence ends with a colon. */
export interface Repeat {
  readonly text: string;
  readonly command: string;
}

/** A word as a POSIX shell leaves it. */
const word = (text: string): string => (/^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** Null: the folder is not known, or was recorded live and does not come again. */
export function repeatCommand(study: Study, setting: Setting, replication: number, ...more: readonly string[]): string | null {
  const { folders, manifest } = study.input,
    folder = folders?.[setting.cell.id];
  if (folder === undefined || manifest.target !== 'sim') return null;
  return ['npx', 'schedlab', 'run', '--from', folder, '--cell', setting.cell.id, '--rep', String(replication), ...more].map(word).join(' ');
}

/** One sentence with its command; none where there is no command. */
export function repeat(text: string, command: string | null): Repeat[] {
  return command === null ? [] : [{ text, command }];
}

/** A table cell: empty where there is no command. */
export const commandCell = (study: Study, setting: Setting | undefined, replication: number | undefined): string =>
  setting === undefined || replication === undefined ? '' : (repeatCommand(study, setting, replication) ?? '');
