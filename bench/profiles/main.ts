// Makes the presets that come from measured profiles: `npm run presets -- FOLDER`, the folder with one profile each. Writes sim/engine/presets/NAME.json.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { MADE, makePreset, presetText } from './make.ts';

const [folder = path.join('..', 'shared', 'data', 'profiles')] = process.argv.slice(2);
for (const name of Object.keys(MADE)) {
  const file = path.join('sim', 'engine', 'presets', `${name}.json`), text = presetText(makePreset(name, folder));
  writeFileSync(file, text);
  process.stdout.write(`${file}  ${text.length} bytes\n`);
}
