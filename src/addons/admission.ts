// The contract of admission: may this program enter now? A pure state machine beside the policy, which never sees the calls that it keeps back.
import type { CallSlot, CallView } from '../dispatch/calls.ts';
import type { ParamTable, ParamValues } from '../options.ts';

/**
 * Told of every call and of every end, with the time in µs, which never decreases. It decides about programs: a program that is held
 * keeps its calls outside the policy's queue; calls that were let in before run to their end. It never sees a clock, an engine or the world.
 */
export interface Admission {
  /** A call comes. True: it goes on to the policy. False: it is held until its program is let in. */
  arrive(call: CallSlot, nowUs: number): boolean;
  /** A call that was let in ended, well or failed; its usage stands in the call's columns. */
  finish(call: CallSlot, well: boolean, nowUs: number): void;
  /** A call that was let in is gone without having ended, waiting or running. */
  cancel(call: CallSlot, nowUs: number): void;
  /** A call that is held is gone. */
  withdraw(call: CallSlot, nowUs: number): void;
  /** Nothing more comes of the program. */
  programEnd(program: number, nowUs: number): void;
  /** When it must be asked although nothing happened; Infinity: never. A time that has come stays until `review` is asked. */
  readonly wakeUs: number;
  /** Decides what hangs on time; each program that may go on is let in once. Asked at the end of a round in which `wakeUs` had come. */
  review(nowUs: number, letIn: (program: number) => void): void;
  /** For receipts and metrics: what it did so far. */
  metrics(): Readonly<Record<string, number>>;
}

export interface AdmissionContext {
  readonly calls: CallView;
  /** Tokens that the memory of all engines behind it holds; NaN: nobody said. */
  readonly capacityTokens: number;
  readonly options: ParamValues;
}

/** One file exports one of these; the registry lists it. */
export interface AdmissionDefinition {
  readonly kind: 'admission';
  readonly name: string;
  /** One line: who may enter. */
  readonly title: string;
  readonly source: string;
  readonly params: ParamTable;
  /** Throws a coded error for options that do not go together; asked before anything runs. */
  check?(options: ParamValues): void;
  create(context: AdmissionContext): Admission;
}

/** Typed identity, so that an add-on's file reads as a declaration. */
export function defineAdmission(definition: AdmissionDefinition): AdmissionDefinition { return definition; }
