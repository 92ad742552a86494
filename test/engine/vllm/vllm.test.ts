// `engine=vllm:FILE`: what a real server is started with becomes a synthetic engine; what cannot be modelled is refused by name.
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { SchedlabError } from '../../../src/errors.ts';
import { vllmEngine } from '../../../sim/engine/vllm/engine.ts';
import { IGNORED, REFUSED, TAKEN, TIMED } from '../../../sim/engine/vllm/flags.ts';
import { modelKey, nearestPresets } from '../../../sim/engine/vllm/models.ts';
import { serveCommand } from '../../../sim/engine/vllm/words.ts';
import { PRESETS } from '../../../sim/engine/presets/registry.ts';
import { engineParams, engineParts } from '../../../sim/engines.ts';

const files = (texts: Readonly<Record<string, string>>): Parameters<typeof vllmEngine>[1] => ({
  readText: (path) => { if (!Object.hasOwn(texts, path)) throw new Error(`no ${path}`); return texts[path]; },
  parseYaml: (text) => parse(text) as Record<string, unknown>,
});
const engine = (text: string, name = 'serve.sh', suffix = ''): ReturnType<typeof vllmEngine> => vllmEngine(`${name}${suffix}`, files({ [name]: text }));
const refused = (text: string, name?: string): SchedlabError => { try { engine(text, name); } catch (error) { return error as SchedlabError; } throw new Error('was not refused'); };
const M = 'meta-llama/Llama-3.1-8B-Instruct';

describe('words', () => {
  test('are taken apart as a shell does: continued lines, quotes, comments, a prefix of environment', () => {
    const { words, environment } = serveCommand(`#!/bin/sh\n# the big one\nexport HF_HOME=/data\nVLLM_LOGGING_LEVEL=INFO exec vllm serve "${M}" \\\n  --max-num-seqs 128 --chat-template 'a b'  # end\n`, 'f');
    expect(words).toEqual([M, '--max-num-seqs', '128', '--chat-template', 'a b']);
    expect(environment).toEqual({ HF_HOME: '/data', VLLM_LOGGING_LEVEL: 'INFO' });
  });

  test.each([['vllm serve m', ['m']], ['python3 -m vllm.entrypoints.openai.api_server --model m', ['--model', 'm']], ['docker run --gpus all -p 8000:8000 vllm/vllm-openai:v0.19.0 --model m', ['--model', 'm']], ['--model m', ['--model', 'm']], ['cd /srv && .venv/bin/vllm serve m; echo done', ['m']], ['vllm serve m --port 1 > log.txt 2>&1 &', ['m', '--port', '1']], ['vllm serve m >>log 2> err </dev/null', ['m']], ['vllm serve m &>log | tee x', ['m']], ["vllm serve m --hf 'a > b'", ['m', '--hf', 'a > b']]])('%s begins where the server\'s arguments do', (text, words) => {
    expect(serveCommand(text, 'f').words).toEqual(words);
  });

  test.each([['echo hello', /holds no command/], ['vllm serve a\nvllm serve b', /holds 2 commands that serve a model/], ['vllm serve $MODEL', /only a shell can work out in f, line 1/], ['vllm serve "a', /a quote " that is never closed/]])('%s is refused', (text, message) => {
    expect(() => serveCommand(text, 'f')).toThrow(message);
  });
});

describe('flags', () => {
  test('that change scheduling or memory are taken, others are listed as ignored', () => {
    const { name, config, notes } = engine(`vllm serve ${M} --max-num-seqs=128 --max-num-batched-tokens 4096 --max-model-len 16k --num-gpu-blocks-override 20000 --no-enable-prefix-caching --scheduling-policy priority --port 8000 --trust-remote-code -tp 1`);
    expect(name).toBe('h100-llama-3.1-8b-tp1');
    expect(config).toMatchObject({ maxSeqs: 128, maxBatchedTokens: 4096, maxModelLen: 16000, blocks: 20000, prefixCaching: false, scheduling: 'priority', chunked: true });
    expect(notes.join('\n')).toContain('ignored, because they change neither scheduling nor memory: --port --trust-remote-code');
    expect(notes.join('\n')).toContain('KV cache: 20000 blocks of 16 tokens, one of them null (given as --num-gpu-blocks-override)');
  });

  test('that say nothing leave what the server takes by itself, which depends on the GPU', () => {
    expect(engine(`vllm serve ${M}`).config).toMatchObject({ maxSeqs: 1024, maxBatchedTokens: 8192, maxModelLen: 131072, blocks: 26312 });
    expect(engine(`vllm serve ${M} --max-model-len 8192`, 'f', ':gpu=rtx4090').config).toMatchObject({ maxSeqs: 256, maxBatchedTokens: 2048, blocks: 2588 });
    expect(engine(`vllm serve ${M}`, 'f', ':gpu=a100').config).toMatchObject({ maxSeqs: 256, maxBatchedTokens: 2048 });
  });

  test('of a configuration file fill in what the command line leaves open', () => {
    const texts = { 'serve.sh': `vllm serve ${M} --config c.yaml --max-num-seqs 64`, 'c.yaml': 'max-num-seqs: 512\nmax_num_batched_tokens: 1024\nenable-chunked-prefill: true\nserved-model-name: [a, b]\n' };
    const { config, notes } = vllmEngine('serve.sh', files(texts));
    expect(config).toMatchObject({ maxSeqs: 64, maxBatchedTokens: 1024 });
    expect(notes.join('\n')).toContain('--served-model-name');
  });

  test('may stand in YAML alone', () => {
    expect(engine(`model: ${M}\nmax-num-seqs: 32\nmax-num-batched-tokens: 512\nno-enable-prefix-caching: true\n`, 's.yaml').config).toMatchObject({ maxSeqs: 32, maxBatchedTokens: 512, prefixCaching: false });
  });

  test.each([
    ['--quantization fp8', /--quantization fp8 in serve\.sh changes what is simulated: the step times/], ['--speculative-config {"model":"x"}'.replace(/"/g, '\\"'), /speculative decoding is not modelled/],
    ['-pp 2', /pipeline stages are not modelled/], ['--data-parallel-size 2', /Simulate them as engines=N/], ['--kv-cache-dtype fp8', /16-bit values/], ['--enable-lora', /adapters/], ['--enforce-eager', /captured graphs/], ['--kv-transfer-config x', /transfer of KV blocks/],
    [`--compilation-config '{"cudagraph_mode":"NONE"}'`, /--compilation-config \{"cudagraph_mode":"NONE"\} in serve\.sh changes what is simulated: .*captured graphs/], ['--compilation-config.cudagraph_mode NONE', /--compilation-config\.cudagraph_mode NONE/],
    ['--compilation-config 0', /captured graphs/], [`--compilation-config '{"level": 0}'`, /captured graphs/], ['-O0', /captured graphs/], ['-O 0', /captured graphs/], ['-O=1', /captured graphs/], ['--optimization-level 0', /captured graphs/], ['--rope-scaling x', /--max-model-len/],
  ])('%s changes what is modelled and is refused', (flag, message) => {
    const error = refused(`vllm serve ${M} ${flag}`);
    expect([error.code, error.exitCode]).toEqual(['ERR_NOT_POSSIBLE', 2]);
    expect(error.message).toMatch(message);
  });

  test.each(['--pipeline-parallel-size 1', '--quantization none', '--no-enable-lora', '--kv-cache-dtype auto', '-O3'])('%s asks for what is modelled anyway', (flag) => {
    expect(() => engine(`vllm serve ${M} ${flag}`)).not.toThrow();
  });

  test('that may change step times are told apart from those that change nothing', () => {
    const { notes } = engine(`vllm serve ${M} --compilation-config 3 --max-cudagraph-capture-size 8 --disable-custom-all-reduce --port 1`);
    expect(notes).toContain('may change step times, which stay as they are: --compilation-config --max-cudagraph-capture-size --disable-custom-all-reduce');
    expect(notes).toContain('ignored, because they change neither scheduling nor memory: --port');
  });

  test.each([['', 'h100', /^synchronous scheduling, as these step times were fitted \(vLLM 0\.32 by itself schedules asynchronously/], ['--async-scheduling', 'h100', /^asynchronous scheduling, as given; these step times were fitted with synchronous/], ['--max-model-len 8192', 'rtx4090', /^asynchronous scheduling, as these step times were fitted$/]])('%s on %s say how steps are planned', (flags, gpu, sentence) => {
    expect(engine(`vllm serve ${M} ${flags}`, 'f', `:gpu=${gpu}`).notes.filter((note) => sentence.test(note))).toHaveLength(1);
  });

  test.each([[M, /^9 ms in front of the engine \(fitted/], ['Qwen/Qwen2.5-32B -tp 2', /^0 ms in front of the engine/]])('of %s leave the time in front of the engine, which is told', (model, sentence) => {
    expect(engine(`vllm serve ${model}`).notes.filter((note) => sentence.test(note))).toHaveLength(1);
  });

  test.each([
    ['--max-num-sequences 5', 'ERR_OPTION_UNKNOWN', /unknown vLLM flag --max-num-sequences in serve\.sh\. Did you mean --max-num-seqs/], ['--max-num-seqs', 'ERR_OPTION_TYPE', /has no value/], ['--max-num-seqs many', 'ERR_OPTION_RANGE', /whole number from 1, received "many"/],
    ['--max-num-seqs 0', 'ERR_OPTION_RANGE', /whole number from 1/], ['--gpu-memory-utilization 1.5', 'ERR_OPTION_RANGE', /a share from 0 to 1/], ['--scheduling-policy lifo', 'ERR_OPTION_RANGE', /fcfs, priority/], ['stray', 'ERR_USAGE', /neither a flag nor the value/],
    ['--max-num-seqs 512 --max-num-batched-tokens 256', 'ERR_OPTION_CONFLICT', /vLLM refuses to start/], ['--dtype float32', 'ERR_OPTION_RANGE', /--dtype/],
  ])('%s is an error that says what to do', (flags, code, message) => {
    const error = refused(`vllm serve ${M} ${flags}`);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  test('stand in one list each', () => {
    const all = [...Object.keys(TAKEN), ...Object.keys(REFUSED), ...Object.values(TIMED).flat(), ...Object.values(IGNORED).flat()];
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('memory', () => {
  test('that leaves less than one request is refused, as vLLM refuses it', () => {
    expect(() => engine(`vllm serve ${M}`, 'f', ':gpu=rtx4090')).toThrow(/holds 41392 tokens, less than one request of 131072: vLLM refuses to start\. Write --max-model-len 41392/);
  });

  test('of another share is computed from the preset, and the run says so', () => {
    const { config, notes } = engine(`vllm serve ${M} --gpu-memory-utilization 0.8`);
    expect(config.blocks).toBe(26312 - 4096);
    expect(notes.join('\n')).toContain('computed from the 26312 of the preset for 0.8 of the memory in blocks of 16');
  });

  test.each([[M, '0.1', 'h100'], [M, '0.15', 'a100'], ['Qwen/Qwen2.5-32B', '0.5', 'h100']])('that leaves nothing to %s at a share of %s is refused with file and flag', (model, share, gpu) => {
    expect(() => engine(`vllm serve ${model} --gpu-memory-utilization ${share}`, 'serve.sh', `:gpu=${gpu}`)).toThrow(new RegExp(`serve\\.sh.*--gpu-memory-utilization ${share}.*vLLM refuses to start`));
  });

  test('may be given in bytes', () => {
    expect(engine(`vllm serve ${M} --kv-cache-memory-bytes 20G`).config.blocks).toBe((20 * 2 ** 30) / (16 * 131072));
  });
});

describe('keys beside a file', () => {
  const text = 'vllm:serve.sh', read = engine(`vllm serve ${M} --max-num-seqs 12`);
  const parts = (given: Readonly<Record<string, unknown>>): ReturnType<typeof engineParts> => {
    const defaults = Object.fromEntries(Object.entries(engineParams).map(([name, one]) => [name, one.default]));
    return engineParts({ params: { ...defaults, engines: 1, engine: text, ...given } as never, engines: { [text]: read } });
  };

  test('hold, and every value is told once', () => {
    const { engines, assumptions } = parts({ maxSeqs: 99, rules: 'vllm-0.19', blocks: 20000, asynchronous: 'on' });
    expect(engines.kind === 'batch' && engines.spec.config).toMatchObject({ maxSeqs: 99, blocks: 20000, asynchronous: true });
    expect(assumptions.filter((one) => /scheduler rules|scheduling, |KV cache: /.test(one))).toEqual([
      'KV cache: 20000 blocks of 16 tokens, one of them null (given)', 'at most 99 sequences and 8192 tokens a step, 131072 tokens a request; scheduler rules vllm-0.19',
      'asynchronous scheduling, as given; these step times were fitted with synchronous scheduling',
    ]);
    expect(assumptions).toContain('keys that hold against what the file says: blocks=20000 maxSeqs=99 asynchronous=on rules=vllm-0.19');
  });

  test('may not make the pool too small for one request of the greatest length', () => {
    expect(() => parts({ blocks: 200 })).toThrow(/the KV cache of serve\.sh holds 3184 tokens, less than one request of 131072/);
  });

  test.each([['h100-llama-3.1-8b-tp1', 'on', true], ['h100-llama-3.1-8b-tp1', 'auto', false], ['rtx4090-llama-3.1-8b-tp1', 'auto', true], ['rtx4090-llama-3.1-8b-tp1', 'off', false], ['constant:stepMs=5', 'auto', false]])('set %s, too: asynchronous=%s', (name, asynchronous, isOn) => {
    const { engines, assumptions } = parts({ engine: name, asynchronous });
    expect(engines.kind === 'batch' && engines.spec.config.asynchronous).toBe(isOn);
    expect(assumptions.filter((one) => one.startsWith(isOn ? 'asynchronous scheduling' : 'synchronous scheduling'))).toHaveLength(1);
  });
});

describe('a model', () => {
  test('is known by any of its names', () => {
    expect(['meta-llama/Meta-Llama-3.1-8B-Instruct', 'NousResearch/Meta-Llama-3.1-8B', '/models/llama-3.1-8b/', 'meta-llama/Llama-3.3-70B-Instruct', 'mistralai/Mistral-Nemo-Instruct-2407', 'Qwen/Qwen2.5-7B-Instruct', 'meta-llama/Llama-2-7b-chat-hf', '01-ai/Yi-34B-Chat'].map(modelKey))
      .toEqual(['llama-3.1-8b', 'llama-3.1-8b', 'llama-3.1-8b', 'llama-3.1-70b', 'mistral-nemo-12b', 'qwen2.5-7b', 'llama-2-7b', 'yi-34b']);
  });

  test('without a preset is priced by roofline under a badge, and the three nearest presets are named', () => {
    const { name, badge, notes, config } = engine('vllm serve Qwen/Qwen2.5-32B-Instruct -tp 2');
    expect([name, badge]).toEqual(['roofline-h100-qwen2.5-32b-tp2', 'no real run backs this']);
    expect(notes.join('\n')).toMatch(/nearest presets: [a-z0-9.-]+-tp\d, [a-z0-9.-]+-tp\d, [a-z0-9.-]+-tp\d/);
    expect(notes.join('\n')).toContain('KV cache');
    expect(config.blocks).toBeGreaterThan(1000);
  });

  test('whose sizes nobody knows is refused, with the three nearest presets', () => {
    const error = refused('vllm serve acme/Mystery-9B');
    expect([error.code, error.exitCode]).toEqual(['ERR_ENGINE_UNKNOWN', 2]);
    expect((error.details['nearest'] as string[])).toHaveLength(3);
    expect(nearestPresets('mystery-9b', 1, Object.values(PRESETS))).toContain('h100-llama-3.1-8b-tp1');
  });

  test('whose heads do not divide by the number of GPUs is refused', () => {
    expect(() => engine(`vllm serve ${M} -tp 3`)).toThrow(/--tensor-parallel-size 3 in serve\.sh does not divide the 32 attention heads of the model: vLLM refuses to start\. Write 1, 2, 4, 8/);
  });

  test('has its nearest presets on its own GPU', () => {
    for (const gpu of ['h100', 'a100']) expect(nearestPresets('qwen2.5-32b', 2, Object.values(PRESETS), gpu).map((name) => name.split('-')[0])).toEqual([gpu, gpu, gpu]);
  });

  test('too large for its GPUs is refused', () => {
    expect(() => engine('vllm serve meta-llama/Llama-3.1-405B -tp 2')).toThrow(/leave no room for a KV cache/);
  });

  test('on a GPU that nobody knows is refused with the known ones', () => {
    expect(() => engine(`vllm serve ${M}`, 'f', ':gpu=h10')).toThrow(/unknown GPU "h10".*Did you mean "h100"/);
  });
});
