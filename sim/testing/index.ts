// The testing door: virtual time and scripted engines for tests of your own asynchronous code.
export { virtualClock, TestClock } from './test-clock.ts';
export type { RunOptions } from './test-clock.ts';
export { scriptedEngine, TestEngine } from './test-engine.ts';
export type { EngineScript, Served, ServeOptions, Step } from './test-engine.ts';
export type { TestTimer } from './test-timer.ts';
export { assertIdle } from './idle.ts';
