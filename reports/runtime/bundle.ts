// Build step: bundles the page's script with the parts of Vega that the charts use. `node dist/reports/runtime/bundle.js` writes bundled.js beside it.
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Plugin } from 'esbuild';

const HERE = path.dirname(fileURLToPath(import.meta.url));

/** The licences of what is inside ask for this line. */
const NOTICE = '/* With Vega, (c) 2015-2023 University of Washington Interactive Data Lab, BSD-3-Clause; D3, (c) 2010-2023 Mike Bostock, ISC. */';

/** Parts of Vega that no chart of the report uses: maps, trees, forces, clouds. */
const UNUSED = /^vega-(geo|force|hierarchy|label|regression|voronoi|wordcloud|crossfilter|projection)$/;

const leaveOut: Plugin = {
  name: 'leave-out',
  setup(build) {
    build.onResolve({ filter: UNUSED }, ({ path: name }) => ({ path: name, namespace: 'unused' }));
    build.onLoad({ filter: /.*/, namespace: 'unused' }, () => ({ contents: 'module.exports = {}', loader: 'js' }));
  },
};

/** The script as text, the same bytes for the same sources. Needs esbuild, which is a tool of the build and no dependency of the package. */
export async function bundleRuntime(folder = HERE): Promise<string> {
  const { build } = await import('esbuild');
  const source = path.join(folder, 'browser.ts'),
    entry = existsSync(source) ? source : path.join(folder, 'browser.js');
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    legalComments: 'none',
    banner: { js: NOTICE },
    logLevel: 'silent',
    plugins: [leaveOut],
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  // Inside a script element neither of these may stand.
  return result.outputFiles[0].text
    .replace(/<\/script/gi, '<\\/script')
    .replace(/<!--/g, '\\x3c!--')
    .trim();
}

/** bundled.js: one export, so that the report imports its script like any module. */
export const asModule = (script: string): string =>
  `// Made by the build from reports/runtime/browser.ts.\nexport const RUNTIME = ${JSON.stringify(script)};\n`;

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  writeFileSync(path.join(HERE, 'bundled.js'), asModule(await bundleRuntime()));
