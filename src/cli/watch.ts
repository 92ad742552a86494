// `--watch`: the command again at every save of a file behind it, each time in a process of its own, so that nothing of the old code is left; the new number beside the old.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SchedlabError } from '../errors.ts';
import { compareFolders } from '../../sim/experiment/compare.ts';
import { readFolder } from '../../sim/experiment/folder.ts';
import { partUrl } from '../../sim/experiment/places.ts';
import type { ResultsFolder } from '../../sim/experiment/types.ts';
import type { Asked } from './request.ts';
import { compareTable } from './compare-table.ts';
import { forReader, hasColour } from './io.ts';
import type { Io } from './io.ts';
import { duration } from './progress.ts';
import { cellTable, colourPaint, plainPaint, resultTable } from './result-table.ts';
import { droppedSentence } from './table.ts';
import { FileWatch, namedFiles } from './watched-files.ts';

/** How often saves are looked for, in ms. */
const LOOK_MS = 50;
/** Cells that are shown one by one. */
const MOST_CELLS = 8;
/** What has no meaning where a command runs again and again, and keeps nothing. */
const AGAINST = ['out', 'resume', 'json', 'open', 'calls', 'decisions', 'trace', 'dry-run', 'show-config', 'from'] as const;

/** Watches until Ctrl-C; answers 0 then. Throws ERR_OPTION_CONFLICT, and ERR_USAGE where no file of the user's is behind the command. */
export async function watch(asked: Asked, io: Io): Promise<number> {
  const other = AGAINST.find((name) => asked.parsed.has(name) || asked.parsed.text(name) !== undefined);
  if (other !== undefined) throw new SchedlabError('ERR_OPTION_CONFLICT', `--watch and --${other} in ${asked.verb} do not go together: what runs under --watch is not kept. Leave one of them out.`, { name: other });
  const named = namedFiles(asked, io);
  if (named.length === 0) throw new SchedlabError('ERR_USAGE', `--watch in ${asked.verb} has nothing to watch: ${asked.scenarioText} ships, and no policy, balancer or metric comes from a file. Write schedlab init policy, and policy=./my-policy.ts.`);
  return new Watching(asked, io, named).run();
}

class Watching {
  readonly #asked: Asked;
  readonly #io: Io;
  readonly #files: FileWatch;
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'schedlab-watch-'));
  #runs = 0;
  #last: ResultsFolder | undefined;
  #child: ChildProcess | undefined;
  #isOver = false;
  /** Saved since the last look, and saved for good: what is still being written is not run. */
  #settling: readonly string[] = [];
  #saved: readonly string[] = [];
  #wake: () => void = () => { /* nobody waits yet */ };

  constructor(asked: Asked, io: Io, named: readonly string[]) { this.#asked = asked; this.#io = io; this.#files = new FileWatch(named); }

  async run(): Promise<number> {
    const { stderr, cwd } = this.#io, timer = setInterval(() => { this.#look(); }, LOOK_MS);
    const stopListening = this.#io.onInterrupt?.(() => { this.#isOver = true; this.#child?.kill('SIGKILL'); this.#wake(); });
    const shown = this.#files.files.map((file) => path.relative(cwd, file));
    stderr.write(`${forReader(this.#io, `watching ${shown.slice(0, 6).join(', ')}${shown.length > 6 ? ` and ${shown.length - 6} more` : ''}; Ctrl-C ends it`)}\n`);
    try {
      for (let saved: readonly string[] = []; !this.#isOver; saved = await this.#nextSave()) await this.#once(saved);
    } finally {
      clearInterval(timer);
      stopListening?.();
      rmSync(this.#folder, { recursive: true, force: true });
    }
    stderr.write(`\nwatched ${this.#runs} run${this.#runs === 1 ? '' : 's'}\n`);
    return 0;
  }

  /** A save is taken when a look later it is still the same; a run that it overtakes is given up. */
  #look(): void {
    const news = this.#files.look();
    if (news.length > 0) { this.#settling = [...new Set([...this.#settling, ...news])]; return; }
    if (this.#settling.length === 0) return;
    this.#saved = [...new Set([...this.#saved, ...this.#settling])];
    this.#settling = [];
    this.#child?.kill('SIGKILL');
    this.#wake();
  }

  async #nextSave(): Promise<readonly string[]> {
    while (!this.#isOver && this.#saved.length === 0) await new Promise<void>((done) => { this.#wake = done; });
    const saved = this.#saved;
    this.#saved = [];
    return saved;
  }

  /** Runs the command and tells what came out, or what is wrong; nothing where it was overtaken. */
  async #once(saved: readonly string[]): Promise<void> {
    const { stderr, cwd } = this.#io, startedMs = performance.now(), dir = path.join(this.#folder, String(this.#runs++));
    if (saved.length > 0) stderr.write(`\n${(this.#io.now?.() ?? new Date()).toTimeString().slice(0, 8)}  saved ${saved.map((file) => path.relative(cwd, file)).join(', ')}\n`);
    const { code, said } = await this.#spawn(dir);
    this.#child = undefined;
    if (this.#isOver || this.#saved.length > 0) return;
    if (code === 0 || code === 3 || code === 4) this.#tell(dir, said, (performance.now() - startedMs) / 1000);
    else stderr.write(`${said}still watching${this.#last === undefined ? '' : ': the last good run stays the one to compare with'}\n`);
  }

  #spawn(dir: string): Promise<{ readonly code: number; readonly said: string }> {
    const args = this.#asked.args.filter((arg) => arg !== '--watch'), program = fileURLToPath(partUrl('src/cli/main'));
    let said = '';
    return new Promise((done, fail) => {
      const child = this.#child = spawn(process.execPath, [program, this.#asked.verb, ...args, '--quiet', '--no-report', '--out', dir], { cwd: this.#io.cwd, env: { ...this.#io.env, ...(hasColour(this.#io) ? {} : { NO_COLOR: '1' }) }, stdio: ['ignore', 'ignore', 'pipe'] });
      child.stderr!.setEncoding('utf8').on('data', (text: string) => { said += text; });
      child.on('error', fail);
      child.on('close', (code) => { done({ code: code ?? 1, said }); });
    });
  }

  #tell(dir: string, said: string, tookS: number): void {
    const io = this.#io, { stderr } = io, folder = readFolder(dir), before = this.#last, { summary, manifest } = folder;
    stderr.write(said);
    if (summary === undefined) return;
    const headline = manifest.headline ?? [], paint = hasColour(io) ? colourPaint : plainPaint;
    if (before === undefined) {
      const table = summary.cells.length === 1 ? cellTable(summary.cells[0], headline, io.columns) : resultTable(summary, headline, io.columns, paint);
      stderr.write(`\n${[...table.lines, droppedSentence(table, io.columns)].filter((line) => line !== '').join('\n')}\n`);
    } else this.#compare(before, folder);
    stderr.write(`${duration(tookS)}${before === undefined ? '' : ' from the save to this number'}\n`);
    this.#last = folder;
  }

  #compare(before: ResultsFolder, now: ResultsFolder): void {
    const { stderr } = this.#io;
    let result;
    try { result = compareFolders(before, now); } catch (error) {
      // Other cells or other metrics than before: there is nothing to put beside.
      stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      return;
    }
    const rows = result.rows.filter((row) => row.verdict !== 'equal'), cells = [...new Set(result.rows.map((row) => row.cell))], changed = cells.filter((cell) => rows.some((row) => row.cell === cell)), same = cells.filter((cell) => !changed.includes(cell));
    // A table a cell: so the old number, the new one and their difference fit beside each other.
    for (const cell of changed.slice(0, MOST_CELLS)) {
      const table = compareTable({ rows: rows.filter((row) => row.cell === cell) }, this.#io, ['before', 'now', 'now − before']);
      stderr.write(`${[...(cells.length > 1 ? [cell] : []), ...table.lines].join('\n')}\n`);
    }
    if (changed.length > MOST_CELLS) stderr.write(`and ${changed.length - MOST_CELLS} more cells changed\n`);
    if (changed.length === 0) stderr.write('equal in every replication: nothing has changed\n');
    else if (same.length > 0) stderr.write(`${forReader(this.#io, `equal in every replication: ${same.slice(0, MOST_CELLS).join(', ')}${same.length > MOST_CELLS ? ` and ${same.length - MOST_CELLS} more` : ''}`)}\n`);
  }
}
