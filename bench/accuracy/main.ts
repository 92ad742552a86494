// Replays every validation case and writes reports/accuracy.md and reports/accuracy.html: `npm run accuracy [-- FOLDER]`, the folder of shared data.
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { accuracyHtml, accuracyMarkdown } from '../../reports/accuracy/page.ts';
import { sharedFolder } from '../../test/conform/suite.ts';
import { accuracyFigures } from './figures.ts';

const [folder = path.join(sharedFolder(), 'data')] = process.argv.slice(2);
if (!existsSync(path.join(folder, 'real-runs'))) {
  process.stderr.write(`${folder} holds no real-runs. Give the folder of the shared data: npm run accuracy -- FOLDER.\n`);
  process.exitCode = 2;
} else {
  const figures = accuracyFigures(folder);
  for (const [file, text] of [['reports/accuracy.md', accuracyMarkdown(figures)], ['reports/accuracy.html', await accuracyHtml(figures)]] as const) {
    writeFileSync(file, text);
    process.stdout.write(`${file}  ${text.length} bytes\n`);
  }
}
