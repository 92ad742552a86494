// `node test/determinism/nodes.mjs`: fetches the other supported Nodes once, runs the table of digests under each, and compares. Exit code 5: a difference.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { binary, bundle, CACHE, digestsUnder, MAJORS } from './bundle.mjs';

for (const major of MAJORS) {
  if (binary(major)) continue;
  const folder = path.join(CACHE, String(major)), name = `node-${process.platform}-${process.arch}@${major}`;
  mkdirSync(folder, { recursive: true });
  try { execFileSync('npm', ['install', '--prefix', folder, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', name], { stdio: 'ignore' }); } catch { console.log(`skipped: Node ${major}: ${name} cannot be installed here`); }
}
const file = await bundle(), own = digestsUnder(process.execPath, file);
console.log(`Node ${process.versions.node}: ${own.length} digests`);
for (const major of MAJORS) {
  const node = binary(major);
  if (!node) continue;
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim(), differing = digestsUnder(node, file).filter((row, i) => JSON.stringify(row) !== JSON.stringify(own[i]));
  console.log(`Node ${version.slice(1)}: ${differing.length === 0 ? 'equal' : `${differing.length} differ: ${differing.map((row) => row.name).join(', ')}`}`);
  if (differing.length > 0) process.exitCode = 5;
}
rmSync(file);
