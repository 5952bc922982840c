/** What all ways of handing a file over are given. */
import type { DemoOptions } from './options';
import type { Meter } from '../meter';
import type { Proof } from './proof';
import type { Source } from './source';

export interface Journey {
  readonly source: Source;
  readonly options: DemoOptions;
  readonly meter: Meter;
  /** Resolves when the file shall be handed over once more: `false` if it shall not. Rejects when `signal` aborts. */
  readonly next: () => Promise<boolean>;
  /** Is called with the bytes that are together again, of this time. */
  readonly progress: (bytes: number) => void;
  /** Is called when all has come back, with what it proves. */
  readonly done: (proof: Proof) => void;
  /** Aborts when the user has had enough; the way then rejects once its workers have ended. */
  readonly signal: AbortSignal;
}

/** Hands the file to workers and back as often as it is asked for. */
export type Way = (run: Journey) => Promise<void>;
