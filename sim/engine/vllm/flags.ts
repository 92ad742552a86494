// The flags of `vllm serve`, in lists: taken, since they change scheduling or memory; refused, since they change what is modelled;
// told, since they may change step times; ignored.

/** `switch` takes no value and has a `--no-` form; `value` takes one; `many` takes one or more. */
export type Arity = 'switch' | 'value' | 'many';

/** What a refused flag may say without being refused, because it is what is modelled anyway; and why it is refused otherwise. */
export interface Refusal { readonly arity: Arity; readonly allowed: readonly string[]; readonly why: string; readonly next: string }

/** Taken flags, and what they set. */
export const TAKEN = {
  'model': 'value', 'tensor-parallel-size': 'value', 'dtype': 'value',
  'max-model-len': 'value', 'max-num-seqs': 'value', 'max-num-batched-tokens': 'value', 'max-num-active-seqs': 'value',
  'block-size': 'value', 'num-gpu-blocks-override': 'value', 'gpu-memory-utilization': 'value', 'kv-cache-memory-bytes': 'value',
  'enable-prefix-caching': 'switch', 'enable-chunked-prefill': 'switch', 'async-scheduling': 'switch',
  'scheduling-policy': 'value', 'long-prefill-token-threshold': 'value', 'scheduler-reserve-full-isl': 'switch', 'watermark': 'value',
} as const satisfies Record<string, Arity>;

export type TakenFlag = keyof typeof TAKEN;

const one = (why: string, next: string): Refusal => ({ arity: 'value', allowed: ['1'], why, next });
const never = (arity: Arity, why: string, next = 'Remove it'): Refusal => ({ arity, allowed: [], why, next });

/** Why nothing is simulated that runs kernels one by one. */
export const CAPTURED = 'the step times of presets are of compiled kernels in captured graphs';

export const REFUSED: Readonly<Record<string, Refusal>> = {
  'pipeline-parallel-size': one('pipeline stages are not modelled', 'Use tensor parallelism'),
  'data-parallel-size': one('data-parallel ranks are engines of their own', 'Simulate them as engines=N'),
  'decode-context-parallel-size': one('context parallelism is not modelled', 'Remove it'),
  'prefill-context-parallel-size': one('context parallelism is not modelled', 'Remove it'),
  'nnodes': one('engines over several machines are not modelled', 'Remove it'),
  'max-num-partial-prefills': one('one prompt at a time is part-way through its prefill in vLLM V1', 'Remove it'),
  'max-long-partial-prefills': one('one prompt at a time is part-way through its prefill in vLLM V1', 'Remove it'),
  'num-scheduler-steps': one('vLLM V1 has no multi-step scheduling', 'Remove it'),
  'enable-expert-parallel': never('switch', 'expert parallelism is not modelled'),
  'quantization': {
    arity: 'value', allowed: ['none'],
    why: 'the step times of presets are of 16-bit weights', next: 'Name a preset that was measured with it, or remove it',
  },
  'kv-cache-dtype': {
    arity: 'value', allowed: ['auto', 'bfloat16'], why: 'the KV cache of presets has 16-bit values',
    next: 'Remove it, or give num-gpu-blocks-override and accept 16-bit attention times by writing auto',
  },
  'speculative-config': never('value', 'speculative decoding is not modelled'),
  'num-speculative-tokens': never('value', 'speculative decoding is not modelled'),
  'speculative-model': never('value', 'speculative decoding is not modelled'),
  'kv-transfer-config': never('value', 'transfer of KV blocks between engines is not modelled'),
  'kv-offloading-size': never('value', 'offloading of KV blocks is not modelled'),
  'cpu-offload-gb': { arity: 'value', allowed: ['0', '0.0'], why: 'weights in host memory are not modelled', next: 'Remove it' },
  'enable-lora': never('switch', 'adapters are not modelled'),
  'lora-modules': never('many', 'adapters are not modelled'),
  'enforce-eager': never('switch', CAPTURED),
  'attention-backend': never('value', 'the step times of presets are of the default attention kernels'),
  'enable-dbo': never('switch', 'overlapped half batches are not modelled'),
  'hf-overrides': never('value', 'it changes the model'),
  'runner': { arity: 'value', allowed: ['auto', 'generate'], why: 'only generation is modelled', next: 'Remove it' },
  'task': { arity: 'value', allowed: ['auto', 'generate'], why: 'only generation is modelled', next: 'Remove it' },
  'device': { arity: 'value', allowed: ['auto', 'cuda'], why: 'presets are of GPUs', next: 'Remove it' },
  'mamba-block-size': never('value', 'only full attention is modelled'),
  'scheduler-cls': never('value', 'the scheduler is vLLM\'s own'),
  'rope-scaling': never('value', 'it changes how long a request may be', 'Remove it, and say the length as --max-model-len'),
  'rope-theta': never('value', 'it changes the model'),
  'optimization-level': { arity: 'value', allowed: ['2', '3'], why: CAPTURED, next: 'Remove it' },
};

/** Flags that may change how long a step takes. Step times are the preset's all the same, and the run says so. */
export const TIMED: Readonly<Record<Arity, readonly string[]>> = {
  switch: [
    'disable-custom-all-reduce', 'disable-cascade-attn', 'disable-sliding-window', 'disable-hybrid-kv-cache-manager',
  ],
  value: [
    'compilation-config', 'performance-mode', 'cudagraph-capture-sizes', 'max-cudagraph-capture-size', 'max-seq-len-to-capture',
    'kernel-config', 'moe-backend', 'all2all-backend', 'model-impl', 'override-attention-dtype', 'disable-cascade-attention',
  ],
  many: ['cuda-graph-sizes'],
};

/** Flags that change neither scheduling nor memory nor step times, as far as they are modelled. */
export const IGNORED: Readonly<Record<Arity, readonly string[]>> = {
  switch: [
    'trust-remote-code', 'disable-log-stats', 'disable-log-requests', 'enable-log-requests', 'disable-uvicorn-access-log',
    'enable-auto-tool-choice', 'enable-server-load-tracking', 'enable-prompt-tokens-details',
    'enable-request-id-headers', 'enable-force-include-usage', 'enable-reasoning', 'enable-sleep-mode', 'enable-tokenizer-info-endpoint',
    'enable-log-outputs', 'enable-log-deltas', 'return-tokens-as-token-ids', 'skip-tokenizer-init',
    'disable-async-output-proc', 'disable-fastapi-docs', 'disable-frontend-multiprocessing', 'allow-credentials', 'enable-mfu-metrics',
    'kv-cache-metrics', 'aggregate-engine-logging', 'log-error-stack', 'use-v2-block-manager', 'multi-step-stream-outputs',
    'calculate-kv-scales', 'headless',
    'enable-ssl-refresh', 'enable-prompt-embeds', 'async-engine', 'enable-multimodal-encoder-data-parallel',
    'disable-mm-preprocessor-cache', 'disable-nccl-for-dp-synchronization', 'enable-offline-docs', 'exclude-tools-when-tool-choice-none',
    'trust-request-chat-template', 'numa-bind', 'disable-access-log-for-endpoints', 'fully-sharded-loras', 'enable-layerwise-nvtx-tracing',
    'enable-logging-iteration-details', 'language-model-only', 'stream-interval-adaptive', 'tokens-only',
  ],
  value: [
    'host', 'port', 'uds', 'api-key', 'root-path', 'uvicorn-log-level', 'log-config-file', 'max-log-len', 'allowed-origins',
    'allowed-methods', 'allowed-headers', 'middleware', 'ssl-keyfile', 'ssl-certfile', 'ssl-ca-certs', 'ssl-cert-reqs',
    'h11-max-incomplete-event-size', 'h11-max-header-count',
    'chat-template', 'chat-template-content-format', 'default-chat-template-kwargs', 'response-role', 'tool-call-parser',
    'tool-parser-plugin', 'tool-server', 'reasoning-parser', 'reasoning-parser-plugin', 'reasoning-config', 'io-processor-plugin',
    'renderer-num-workers',
    'tokenizer', 'tokenizer-mode', 'tokenizer-revision', 'tokenizer-pool-size', 'revision', 'code-revision', 'download-dir', 'load-format',
    'config-format', 'hf-config-path', 'hf-token', 'model-loader-extra-config', 'ignore-patterns', 'allowed-local-media-path',
    'allowed-media-domains', 'convert', 'generation-config', 'override-generation-config',
    'seed', 'max-logprobs', 'logprobs-mode', 'logits-processors', 'logits-processor-pattern', 'guided-decoding-backend',
    'structured-outputs-config', 'pooler-config', 'override-pooler-config', 'profiler-config', 'weight-transfer-config',
    'swap-space', 'preemption-mode', 'num-lookahead-slots', 'scheduler-delay-factor', 'prefix-caching-hash-algo', 'stream-interval',
    'distributed-executor-backend', 'worker-cls', 'worker-extension-cls', 'master-addr', 'master-port', 'node-rank', 'data-parallel-rank',
    'data-parallel-start-rank', 'data-parallel-size-local', 'data-parallel-address', 'data-parallel-rpc-port', 'data-parallel-backend',
    'api-server-count', 'max-parallel-loading-workers', 'ray-workers-use-nsight',
    'kv-events-config', 'otlp-traces-endpoint', 'collect-detailed-traces', 'show-hidden-metrics-for-version', 'additional-config',
    'ec-transfer-config', 'shutdown-timeout', 'max-loras', 'max-lora-rank', 'max-cpu-loras', 'lora-dtype', 'lora-extra-vocab-size',
    'limit-mm-per-prompt', 'mm-processor-kwargs', 'mm-processor-cache-gb', 'mm-processor-cache-type', 'mm-encoder-tp-mode',
    'media-io-kwargs', 'interleave-mm-strings', 'video-pruning-rate', 'async-scheduling-depth', 'cp-kv-cache-interleave-size',
    'use-tqdm-on-load', 'pt-load-map-location', 'safetensors-load-strategy', 'name',
  ],
  many: ['served-model-name', 'default-mm-loras'],
};

/** Short forms, and former names. */
export const ALIASES: Readonly<Record<string, string>> = {
  'tp': 'tensor-parallel-size', 'pp': 'pipeline-parallel-size', 'dp': 'data-parallel-size', 'dcp': 'decode-context-parallel-size',
  'pcp': 'prefill-context-parallel-size', 'q': 'quantization', 'O': 'optimization-level', 'r': 'data-parallel-rank', 'n': 'nnodes',
  'ep': 'enable-expert-parallel', 'asc': 'api-server-count',
};
