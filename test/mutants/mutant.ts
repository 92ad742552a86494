// A mutant: one piece of one source file changed on purpose, and the test that must notice. `npm run mutants` plays the lists of registry.ts.

export interface Mutant {
  /** What is wrong with it, in a few words; unique among all. */
  readonly name: string;
  /** Source file from the root of the repository. */
  readonly file: string;
  /** A piece of its text that stands there exactly once, and what stands there instead. */
  readonly was: string;
  readonly is: string;
  /** Test file that is played. */
  readonly test: string;
  /** Part of the full name of a test that must fail. */
  readonly kills: string;
}
