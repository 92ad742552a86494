// Types of the one function of amaro that is used.
declare module 'amaro' { export function transformSync(source: string, options: { mode: 'strip-only' }): { code: string } }
