// What one of the verbs over traces is asked: the file, what was given after it, and the flags.
import type { Parsed } from '../parse.ts';

export interface TraceTask {
  readonly file: string;
  /** `key=value` after the file, checked to be among those that are known. */
  readonly given: Readonly<Record<string, string>>;
  readonly parsed: Parsed;
}
