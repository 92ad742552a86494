// The scheduler's rules once more, written to be read: tokens as text, blocks as objects, lists searched from the front. Compared with the engine.
import type { RecordedConfig, RecordedRequest } from '../../conform/vllm-scheduler/format.ts';
import type { PlayedStep } from '../../conform/vllm-scheduler/play.ts';

interface Block { users: number; holds: string | null }
interface Life {
  readonly spec: RecordedRequest; readonly tokens: string[]; readonly most: number; state: 'waiting' | 'running' | 'preempted' | 'over'; computed: number; generated: number;
  underway: number; blocks: Block[]; entered: number; times: number;
}
interface Line { readonly life: Life; readonly tokens: number; samples: boolean }

/** What is decided, in the words of a recording; `unhashedFirst` false: as vLLM 0.19 keeps its free list. */
export function restate(config: RecordedConfig, requests: readonly RecordedRequest[], unhashedFirst: boolean): { steps: PlayedStep[]; free: (string | null)[] } {
  const size = config.block_size, byPriority = config.policy === 'priority', free: Block[] = Array.from({ length: config.num_gpu_blocks - 1 }, () => ({ users: 0, holds: null }));
  const cached = new Map<string, Block[]>(), lives = new Map<string, Life>(), steps: PlayedStep[] = [], underway: { step: number; lines: Line[] }[] = [];
  let running: Life[] = [], waiting: Life[] = [], left = [...requests], someoneEnded = false;

  const rank = (a: Life, b: Life): number => a.spec.priority - b.spec.priority || a.spec.arrival_time - b.spec.arrival_time;
  const ordered = (): Life[] => (byPriority ? [...waiting].sort((a, b) => rank(a, b) || (a.spec.id < b.spec.id ? -1 : 1)) : waiting);
  const prefix = (life: Life, blocks: number): string => life.tokens.slice(0, blocks * size).join(' ');
  const take = (): Block => {
    const block = free.shift()!;
    if (block.holds !== null) { cached.set(block.holds, cached.get(block.holds)!.filter((other) => other !== block)); block.holds = null; }
    block.users = 1;
    return block;
  };
  const enter = (life: Life, upTo: number): void => {
    if (!config.enable_prefix_caching) return;
    for (const full = Math.floor(Math.min(upTo, life.tokens.length) / size); life.entered < full; life.entered++) {
      const block = life.blocks[life.entered], key = prefix(life, life.entered + 1);
      block.holds = key;
      cached.set(key, [...(cached.get(key) ?? []), block]);
    }
  };
  const giveBack = (life: Life): void => {
    for (const block of life.blocks.reverse()) {
      if (--block.users > 0) continue;
      if (block.holds === null && unhashedFirst) free.unshift(block); else free.push(block);
    }
    life.blocks = [];
    life.entered = 0;
  };
  const hitOf = (life: Life): Block[] => {
    const found: Block[] = [];
    if (!config.enable_prefix_caching) return found;
    while ((found.length + 1) * size < life.tokens.length) {
      const block = cached.get(prefix(life, found.length + 1))?.[0];
      if (!block) break;
      found.push(block);
    }
    return found;
  };

  for (let step = 0; left.length > 0 || running.length + waiting.length + underway.length > 0; step++) {
    const aborted: string[] = [], added: string[] = [], plan: Line[] = [], fresh: string[] = [], resumed: string[] = [], preempted: string[] = [], hits: [string, number][] = [];
    for (const spec of requests) {
      const life = lives.get(spec.id);
      if (spec.abort_step !== step || !life || life.state === 'over') continue;
      running = running.filter((other) => other !== life);
      waiting = waiting.filter((other) => other !== life);
      giveBack(life);
      life.state = 'over';
      someoneEnded = true;
      aborted.push(spec.id);
    }
    for (const spec of left.filter((one) => one.arrival_step === step)) {
      const tokens = spec.prompt.flatMap(([segment, n]) => Array.from({ length: n }, (_, i) => `${segment}.${i}`));
      const life: Life = { spec, tokens, most: Math.min(spec.output_len, config.max_model_len - tokens.length), state: 'waiting', computed: 0, generated: 0, underway: 0, blocks: [], entered: 0, times: 0 };
      lives.set(spec.id, life);
      waiting.push(life);
      added.push(spec.id);
    }
    left = left.filter((one) => one.arrival_step !== step);

    const isPlanned = running.length + waiting.length > 0 || someoneEnded;
    if (isPlanned) {
      someoneEnded = false;
      let budget = config.max_num_batched_tokens;
      const present = running.length + waiting.length;
      let limit = config.long_prefill_token_threshold;
      if (limit > 0 && config.long_prefill_token_threshold_adaptive) limit = Math.max(limit, Math.floor(config.max_num_batched_tokens / Math.max(1, present)));
      if (limit === 0 || (present <= 1 && unhashedFirst)) limit = Infinity;
      let isShort = false;
      for (let at = 0; at < running.length && budget > 0 && !isShort; at++) {
        const life = running[at];
        if (life.underway > 0 && life.generated + life.underway >= life.most) continue;
        const tokens = Math.min(life.tokens.length + life.underway - life.computed, limit, budget, config.max_model_len - 1 - life.computed);
        if (tokens <= 0) continue;
        const missing = (): number => Math.ceil((life.computed + tokens) / size) - life.blocks.length;
        while (!isShort && missing() > free.length) {
          let victim = running.at(-1)!;
          if (byPriority) victim = running.reduce((worst, one) => (rank(one, worst) > 0 ? one : worst));
          const line = plan.findIndex((one) => one.life === victim), place = running.indexOf(victim);
          running.splice(place, 1);
          // The walk only steps back for a victim that had been scheduled in this step.
          if (line >= 0) { budget += plan[line].tokens; plan.splice(line, 1); at--; }
          giveBack(victim);
          victim.state = 'preempted';
          victim.computed = 0;
          victim.times++;
          waiting.unshift(victim);
          preempted.push(victim.spec.id);
          isShort = victim === life;
        }
        if (isShort) break;
        for (let n = missing(); n > 0; n--) life.blocks.push(take());
        enter(life, life.computed + tokens);
        plan.push({ life, tokens, samples: false });
        budget -= tokens;
      }
      const seats = config.max_num_active_seqs ?? config.max_num_seqs;
      while (preempted.length === 0 && waiting.length > 0 && budget > 0 && running.length < seats) {
        const life = ordered()[0], found = hitOf(life), hit = found.length * size;
        let tokens = Math.min(life.tokens.length - hit, limit);
        if (!config.enable_chunked_prefill && tokens > budget) break;
        tokens = Math.min(tokens, budget);
        const needed = Math.ceil((hit + tokens) / size) - found.length, whole = Math.ceil(life.tokens.length / size) - found.length;
        const kept = running.length > 0 ? Math.floor(config.watermark * config.num_gpu_blocks) : 0, pulled = found.filter((block) => block.users === 0).length;
        if ((config.scheduler_reserve_full_isl ? whole : needed) + pulled > free.length - kept) break;
        for (const block of found) { if (block.users++ === 0) free.splice(free.indexOf(block), 1); life.blocks.push(block); }
        for (let n = 0; n < needed; n++) life.blocks.push(take());
        life.entered = found.length;
        life.computed = hit;
        enter(life, hit + tokens);
        waiting = waiting.filter((one) => one !== life);
        running.push(life);
        (life.state === 'preempted' ? resumed : fresh).push(life.spec.id);
        life.state = 'running';
        if (hit > 0) hits.push([life.spec.id, hit]);
        plan.push({ life, tokens, samples: false });
        budget -= tokens;
      }
      for (const line of plan) {
        line.life.computed += line.tokens;
        line.samples = line.life.computed === line.life.tokens.length + line.life.underway;
        if (line.samples) line.life.underway++;
      }
      underway.push({ step, lines: plan });
    }
    const names = (list: Life[]): string[] => list.map(({ spec }) => spec.id);
    const decided = {
      step, aborted, added, scheduled: plan.map(({ life, tokens }) => [life.spec.id, tokens] as const), new: fresh, resumed, preempted,
      hit_tokens: [...hits.filter(([id]) => fresh.includes(id)), ...hits.filter(([id]) => resumed.includes(id))], running: names(running), waiting: names(ordered()), free_blocks: free.length,
    };
    const tokens: string[] = [], finished: string[] = [];
    const due = underway.length >= (config.async_scheduling ? 2 : 1) || plan.length === 0 ? underway.shift() : undefined;
    for (const { life, samples } of due?.lines ?? []) {
      if (life.state === 'over' || !samples) continue;
      life.underway--;
      life.tokens.push(`${life.spec.out_seed}.${life.generated++}`);
      tokens.push(life.spec.id);
      if (life.state === 'running') enter(life, life.computed - life.underway);
      if (life.generated < life.most) continue;
      running = running.filter((other) => other !== life);
      waiting = waiting.filter((other) => other !== life);
      giveBack(life);
      life.state = 'over';
      someoneEnded = true;
      finished.push(life.spec.id);
    }
    const isOutputEmpty = (due?.lines.length ?? 0) === 0;
    if (aborted.length + added.length + plan.length + preempted.length + tokens.length + finished.length === 0 && isOutputEmpty) continue;
    steps.push({ ...decided, ...(due ? { output_of_step: due.step, free_blocks_end: free.length } : {}), isOutputEmpty, tokens, finished });
  }
  return { steps, free: free.map(({ holds }) => holds) };
}
