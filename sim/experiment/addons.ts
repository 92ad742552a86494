// Add-ons by the name that a parameter gives them, and their own parameters: `addons=a+b`, `a.every=5`.
import { ADDONS, type AddonDefinition } from '../../src/addons/registry.ts';
import { SchedlabError } from '../../src/errors.ts';
import { unknownName, type ParamTable } from '../../src/options.ts';
import { NO_ADDONS } from '../chosen-addons.ts';

/** Reads `none`, `a` or `a+b`. Throws ERR_ADDON_UNKNOWN with the nearest name, ERR_OPTION_CONFLICT for two that decide the same. */
export function addonsNamed(text: string, where: string): readonly AddonDefinition[] {
  if (text === NO_ADDONS || text === '') return [];
  const found: AddonDefinition[] = [];
  for (const name of text.split('+')) {
    if (name === NO_ADDONS) throw new SchedlabError('ERR_OPTION_CONFLICT', `addons=${text} names ${NO_ADDONS} beside others. Leave ${NO_ADDONS} out, or write addons=${NO_ADDONS} alone.`, { key: 'addons' });
    if (!Object.hasOwn(ADDONS, name)) throw unknownName('add-on', name, [NO_ADDONS, ...Object.keys(ADDONS)], where, 'ERR_ADDON_UNKNOWN');
    const definition = ADDONS[name], other = found.find(({ kind }) => kind === definition.kind);
    if (other !== undefined) throw new SchedlabError('ERR_OPTION_CONFLICT', `addons=${text} names ${other === definition ? `${name} twice` : `${other.name} and ${name}, which decide the same`}. Name one of each kind: admission, retention.`, { key: 'addons' });
    found.push(definition);
  }
  // The order in which they are named means nothing.
  return found.sort((a, b) => (a.kind < b.kind ? -1 : 1));
}

/** The key of an add-on's parameter: two of them, or a policy, may each have one of the same name. */
export const addonKey = (addon: AddonDefinition, name: string): string => `${addon.name}.${name}`;

/** The parameters of an add-on by their keys. */
export function addonTable(addon: AddonDefinition): ParamTable {
  return Object.fromEntries(Object.entries(addon.params).map(([name, spec]) => [addonKey(addon, name), spec]));
}

/** Those of all that ship. */
export function addonTables(): ParamTable[] { return Object.values(ADDONS).map(addonTable); }
