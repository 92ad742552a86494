// Every list of mutants by name. To add one: a file beside this one, and a line here.
import { addons } from './addons.ts';
import { atlas } from './atlas.ts';
import { fair } from './fair.ts';
import { loco } from './loco.ts';
import type { Mutant } from './mutant.ts';
import { order } from './order.ts';
import { programs } from './programs.ts';

export const MUTANTS: Readonly<Record<string, readonly Mutant[]>> = {
  addons,
  atlas,
  fair,
  loco,
  order,
  programs,
};
