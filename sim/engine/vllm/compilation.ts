// What `--compilation-config` says of graphs: a server that compiles nothing or captures nothing has other step times than the presets.

const NEVER = new Set(['0', 'none', 'no-compilation', 'eager', 'false']);
/** Parts that say whether kernels are compiled and captured; `level` is the former name of `mode`. */
const PARTS = ['cudagraph-mode', 'mode', 'level', 'use-cudagraph', 'backend'];

/** True where the value, JSON or of one `part`, turns compilation or captured graphs off. */
export function runsEagerly(value: string, part?: string): boolean {
  const isOff = (name: string, said: unknown): boolean => {
    const [plain, word] = [name, String(said)].map((text) => text.trim().toLowerCase().replaceAll('_', '-'));
    return PARTS.includes(plain) && NEVER.has(word.replace(/^.*\./, ''));
  };
  if (part !== undefined) return isOff(part, value);
  try {
    const said: unknown = JSON.parse(value);
    return typeof said === 'object' && said !== null ? Object.entries(said).some(([name, inner]) => isOff(name, inner)) : isOff('level', said);
  } catch { return false; }
}
