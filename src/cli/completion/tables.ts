// Names and parameters of all that ships. The build writes them down, so that a shell need not wait for the modules; from the sources they are imported.
import { readFileSync } from 'node:fs';
import type { ParamTable } from '../../options.ts';

export type Named = Readonly<Record<string, { readonly name: string; readonly title: string; readonly params: ParamTable }>>;
/** Parameters of add-ons stand under their keys. */
export interface Tables { readonly scenarios: Named; readonly policies: Named; readonly balancers: Named; readonly addons: Named }

let known: Tables | undefined;

export async function tables(): Promise<Tables> { return known ??= written() ?? await imported(); }

/** What the build wrote beside the folder of this chunk. */
function written(): Tables | undefined {
  try { return JSON.parse(readFileSync(new URL('../tables.json', import.meta.url), 'utf8')) as Tables; } catch { return undefined; }
}

async function imported(): Promise<Tables> {
  const [{ SCENARIOS }, { POLICIES }, { BALANCERS }, { ADDONS }, { addonTable }] = await Promise.all([
    import('../../../scenarios/index.ts'), import('../../policies/registry.ts'), import('../../balancers/registry.ts'), import('../../addons/registry.ts'), import('../../../sim/experiment/addons.ts'),
  ]);
  const addons = Object.fromEntries(Object.entries(ADDONS).map(([name, addon]) => [name, { ...addon, params: addonTable(addon) }]));
  return { scenarios: SCENARIOS as Named, policies: POLICIES as Named, balancers: BALANCERS as Named, addons };
}
