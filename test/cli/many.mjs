// Runs many command lines of the built program in one process: cases as lines of JSON on stdin, their ends as lines on stdout. Each case has a folder of its own.
import { main } from '../../dist/bundle/src/cli/front.js';

const texts = [];
for await (const chunk of process.stdin) texts.push(chunk);

// What the program says on its own is no part of an answer; a stray rejection is a fault of the case that is under way.
let stray = '';
process.on('unhandledRejection', (error) => { stray = `stray: ${error instanceof Error ? error.stack : String(error)}`; });

for (const line of Buffer.concat(texts).toString('utf8').split('\n').filter((text) => text !== '')) {
  const { dir, argv } = JSON.parse(line);
  process.chdir(dir);
  let out = '', err = '';
  stray = '';
  const io = { stdout: { write: (text) => { out += text; } }, stderr: { write: (text) => { err += text; } }, isTTY: false, columns: 80, env: {}, cwd: dir };
  const code = await main(argv, io);
  await new Promise((done) => { setImmediate(done); });
  process.stdout.write(`${JSON.stringify({ code: stray === '' ? code : 1, out, err: err + stray })}\n`);
}
process.exit(0);
