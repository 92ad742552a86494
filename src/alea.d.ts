// Types of the one generator of seedrandom that is used: its index loads all seven, and Node's crypto beside them.
declare module 'seedrandom/lib/alea.js' { export default function alea(seed: string): (() => number) & { int32(): number } }
