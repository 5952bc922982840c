/** What all ways of handing a file over are given, and what they answer. */
import type { DemoOptions } from './options';
import type { Meter } from '../meter';
import type { Proof } from './proof';
import type { Source } from './source';

export interface Journey {
  readonly source: Source;
  readonly options: DemoOptions;
  readonly meter: Meter;
  /** Is called with the bytes that are together again. */
  readonly progress: (bytes: number) => void;
  /** Aborts when the user has had enough; the way then rejects once its workers have ended. */
  readonly signal: AbortSignal;
}

/** Hands the whole file to workers and back, and proves what came back. */
export type Way = (run: Journey) => Promise<Proof>;

/** The first error of two things that were done side by side, or what the second made. */
export async function together<T>(first: Promise<void>, second: Promise<T>): Promise<T> {
  const [given, made] = await Promise.allSettled([first, second]);
  if (made.status === 'rejected') throw made.reason;
  if (given.status === 'rejected') throw given.reason;
  return made.value;
}
