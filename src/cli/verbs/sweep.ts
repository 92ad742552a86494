// `sweep`: a grid of cells.
import { execute } from '../execute.ts';
import type { Io } from '../io.ts';
import { ask } from '../request.ts';

export async function verb(args: readonly string[], io: Io): Promise<number> {
  return execute(await ask('sweep', args, io), io);
}
