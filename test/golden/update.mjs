// `node test/golden/update.mjs`: writes the golden table of digests anew. Say in the change why digests moved.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { bundle, digestsUnder, GOLDEN } from '../determinism/bundle.mjs';

const file = await bundle(), rows = digestsUnder(process.execPath, file);
rmSync(file);
let before = [];
try { before = JSON.parse(readFileSync(GOLDEN, 'utf8')); } catch { /* the first table */ }
const known = new Map(before.map((row) => [`${row.name} ${row.seed}`, row]));
for (const row of rows) {
  const old = known.get(`${row.name} ${row.seed}`);
  if (!old) console.log(`new: ${row.name}, seed ${row.seed}`);
  else if (old.order !== row.order || old.results !== row.results) console.log(`moved: ${row.name}, seed ${row.seed}${old.order === row.order ? ' (results only)' : ''}`);
}
writeFileSync(GOLDEN, `[\n${rows.map((row) => `  ${JSON.stringify(row)}`).join(',\n')}\n]\n`);
console.log(`${rows.length} digests written`);
