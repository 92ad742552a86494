// Presets as data: complete, named by their own fields, honest about what backs them; those of profiles are made again to the byte.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { MADE, makePreset, presetText } from '../../../bench/profiles/make.ts';
import { createCostModel } from '../../../sim/engine/cost/registry.ts';
import { GPUS, kvBytesPerToken } from '../../../sim/engine/cost/shape.ts';
import { StepLoad } from '../../../sim/engine/cost/step-load.ts';
import { poolSentence, specOf } from '../../../sim/engine/presets/engine-spec.ts';
import { PRESETS, presetNamed } from '../../../sim/engine/presets/registry.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url)), FOLDER = path.join(ROOT, 'sim/engine/presets');
const PROFILES = path.join(process.env['SCHEDLAB_SHARED'] ?? path.join(ROOT, '..', 'shared'), 'data/profiles');

describe('presets', () => {
  test('are all the files of their folder', () => {
    expect(Object.keys(PRESETS).sort()).toEqual(readdirSync(FOLDER).filter((name) => name.endsWith('.json')).map((name) => name.replace(/\.json$/, '')).sort());
  });

  test.each(Object.keys(PRESETS))('%s is named by GPU, model and tp, says where every number is from, and prices a step', (name) => {
    const preset = PRESETS[name], [gpu] = name.split('-');
    expect(name).toBe(`${gpu}-${preset.model.toLowerCase()}-tp${preset.tp}`);
    expect(Object.keys(GPUS)).toContain(gpu);
    for (const text of [preset.source.what, preset.source.licence, preset.engine, preset.fitError, preset.blocksFrom, preset.frontEndFrom]) expect(text.length).toBeGreaterThan(2);
    expect(preset.date).toMatch(/^\d{4}-\d\d-\d\d$/);
    const load = new StepLoad();
    load.addDecoders(8, 8000);
    load.addSamplers(8);
    const ms = createCostModel(preset.cost).stepUs(load) / 1000;
    expect(ms).toBeGreaterThan(1);
    expect(ms).toBeLessThan(60);
    expect(specOf(preset).config.blocks).toBe(preset.blocks);
  });

  test('fit their KV cache into nine tenths of the memory, beside the weights', () => {
    for (const preset of Object.values(PRESETS)) {
      const { memoryGiB } = GPUS[preset.name.split('-')[0] as keyof typeof GPUS];
      expect(preset.blocks * preset.blockSize * kvBytesPerToken(preset.shape) / preset.tp).toBeLessThan(0.9 * memoryGiB * 2 ** 30);
    }
  });

  test('of the A100 say that no real run backs them; of the H100 those that were held against runs say which', () => {
    for (const preset of Object.values(PRESETS)) {
      if (preset.name.startsWith('a100')) expect(specOf(preset).badge).toBe('no real run backs this');
      expect(specOf(preset).badge === undefined).toBe(preset.checked.length > 0);
    }
    expect(Object.values(PRESETS).filter((one) => one.name.startsWith('h100') && one.checked.length > 0)).toHaveLength(6);
  });

  test('carry the numbers that scripts rely on', () => {
    const { blocks, maxSeqs, maxBatchedTokens } = presetNamed('h100-llama-3.1-8b-tp1');
    expect([blocks, maxSeqs, maxBatchedTokens]).toEqual([26312, 256, 2048]);
    expect(presetNamed('rtx4090-llama-3.1-8b-tp1')).toMatchObject({ blocks: 2588, maxSeqs: 256, rules: 'vllm-0.19' });
    expect(presetNamed('rtxpro6000-llama-3.1-8b-tp1')).toMatchObject({ blocks: 36578, rules: 'vllm-0.19' });
    expect(presetNamed('rtxpro6000-qwen3-32b-tp2')).toMatchObject({ blocks: 28614, tp: 2 });
  });

  test('print their block count and where it is from, also where it was given', () => {
    const preset = presetNamed('h100-llama-3.1-8b-tp1'), given = specOf(preset, { blocks: 9000 });
    expect(poolSentence(specOf(preset).config, preset.blocksFrom)).toMatch(/^KV cache: 26312 blocks of 16 tokens, one of them null \(computed .* not observed/);
    expect(given.notes.join('\n')).toContain('KV cache: 9000 blocks of 16 tokens, one of them null (given)');
  });

  test('that are not there are told with the nearest', () => {
    expect(() => presetNamed('h100-llama-3.1-8b-tp3')).toThrow(/unknown engine "h100-llama-3.1-8b-tp3"\. Did you mean "h100-llama-3.1-8b-tp1"/);
  });

  test.skipIf(!existsSync(PROFILES)).each(Object.keys(MADE))('%s is made again from its profile, byte by byte (skipped where the shared data is absent)', (name) => {
    expect(presetText(makePreset(name, PROFILES))).toBe(readFileSync(path.join(FOLDER, `${name}.json`), 'utf8'));
  });
});
