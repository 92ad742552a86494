// KV time to live in its plainest form: everything that was seen is kept, and every answer is worked out anew from it.
import type { ToolStart } from '../../src/addons/retention.ts';
import type { TtlRules } from '../../src/addons/ttl-book.ts';

interface Pin { readonly program: number; readonly tokens: number; readonly programUs: number; readonly endUs: number; isQueued: boolean }

const mean = (list: readonly number[]): number => (list.length === 0 ? 0 : list.reduce((a, b) => a + b, 0) / list.length);

export class PlainTtl {
  readonly rules: TtlRules;
  readonly tools = new Map<number, { tool: number; sinceUs: number }>();
  pins: Pin[] = [];
  readonly times: { tool: number; us: number }[] = [];
  readonly lostWaits: number[] = [];
  readonly turns: number[] = [];
  /** Programs whose pin ended since the last question. */
  gone: number[] = [];

  constructor(rules: TtlRules) { this.rules = rules; }

  get pinnedTokens(): number { return this.pins.reduce((sum, { tokens }) => sum + tokens, 0); }

  /** −Pearson's correlation, from all pairs. */
  get eta(): number {
    const pairs = this.turns.flatMap((n) => Array.from({ length: n }, (_, i) => [i + 1, n - i - 1] as const)), x = mean(pairs.map(([k]) => k)), y = mean(pairs.map(([, left]) => left));
    let xx = 0, yy = 0, xy = 0;
    for (const [k, left] of pairs) { xx += (k - x) ** 2; yy += (left - y) ** 2; xy += (k - x) * (left - y); }
    return xx < 1e-9 || yy < 1e-9 ? 1 : Math.min(1, Math.max(0, -xy / Math.sqrt(xx * yy)));
  }

  ttlUs(tool: number, reloadUs: number): number {
    const { fixedUs, samples, priorMeanUs, window } = this.rules;
    if (!Number.isNaN(fixedUs)) return fixedUs;
    const waitUs = mean(this.lostWaits);
    if (this.times.length <= samples) return waitUs + reloadUs > priorMeanUs ? Math.round(priorMeanUs * Math.log((waitUs + reloadUs) / priorMeanUs)) : 0;
    const own = this.times.filter((one) => one.tool === tool && tool >= 0), seen = (own.length > samples ? own : this.times).slice(-window).map(({ us }) => us), gainUs = waitUs * this.eta + reloadUs;
    let best = 0, bestUs = 0;
    for (const t of [...seen].sort((a, b) => a - b)) {
      const value = (seen.filter((us) => us <= t).length / seen.length) * gainUs - t;
      if (value > best + 1e-6) { best = value; bestUs = t; }
    }
    return bestUs;
  }

  arrive(program: number, nowUs: number): void {
    const tool = this.tools.get(program);
    if (tool !== undefined) { this.times.push({ tool: tool.tool, us: nowUs - tool.sinceUs }); this.tools.delete(program); }
    for (const pin of this.pins) if (pin.program === program) pin.isQueued = true;
  }

  schedule(program: number, waitUs: number, isFollowUp: boolean): void {
    if (this.pins.some((pin) => pin.program === program)) this.#end(program);
    else if (isFollowUp) this.lostWaits.push(waitUs);
  }

  toolStart(program: number, known: ToolStart, nowUs: number): boolean {
    this.pins = this.pins.filter((pin) => pin.program !== program);
    this.tools.set(program, { tool: known.tool, sinceUs: nowUs });
    const ttlUs = this.ttlUs(known.tool, known.reloadUs);
    if (ttlUs <= 0 || known.tokens <= 0) return false;
    const pin: Pin = { program, tokens: known.tokens, programUs: known.programUs, endUs: nowUs + ttlUs, isQueued: false };
    while (this.pinnedTokens + known.tokens > this.rules.budgetTokens) {
      const latest = this.latest([...this.pins, pin])!;
      if (latest === pin) return false;
      this.#end(latest.program);
    }
    this.pins.push(pin);
    return true;
  }

  programEnd(program: number, calls: number): void {
    this.turns.push(calls);
    const tool = this.tools.get(program);
    if (tool !== undefined) { this.times.push({ tool: tool.tool, us: Infinity }); this.tools.delete(program); }
    if (this.pins.some((pin) => pin.program === program)) this.#end(program);
  }

  expire(nowUs: number): void { for (const pin of [...this.pins]) if (!pin.isQueued && pin.endUs < nowUs) this.#end(pin.program); }

  latest(pins: readonly Pin[]): Pin | undefined { return [...pins].sort((a, b) => b.programUs - a.programUs || b.program - a.program)[0]; }

  giveWay(): number {
    const latest = this.latest(this.pins);
    if (latest === undefined) return -1;
    this.pins = this.pins.filter((pin) => pin !== latest);
    return latest.program;
  }

  #end(program: number): void { this.pins = this.pins.filter((pin) => pin.program !== program); this.gone.push(program); }
}
