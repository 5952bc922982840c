/**
 * Who is first among the cases of a select. By chance, within bounds: a case that was passed over `bound` times
 * goes before those that were not, and the one that was passed over most often before all.
 *
 * Of n cases that stay ready, each is therefore chosen once in any `bound` + n selects: passed over `bound` times,
 * it is behind no more than the n - 1 that were then passed over longer, each of which goes back to chance when
 * it is chosen.
 */
import { shuffle } from './shuffle.js';
import type { WaitOwner } from '../event-loop/wait-owner.js';

/** How often chance alone may pass a case over: a busy channel's only rival is chosen once in eight selects. */
const bound = 6;

/** A case, known by the end or the timer that it is about. */
interface Case {
  readonly owner: WaitOwner;
}

/** Puts `cases` in the order in which they are to be tried. */
export function takeTurns<C extends Case>(cases: C[]): C[] {
  return shuffle(cases).sort((one, other) => claim(other) - claim(one));
}

/** `chosen`, one of `cases`, took effect: the others were passed over. */
export function passOver(cases: readonly Case[], chosen: Case): void {
  for (const { owner } of cases) owner.passedOver += 1;
  chosen.owner.passedOver = 0;
}

function claim({ owner }: Case): number {
  return owner.passedOver < bound ? 0 : owner.passedOver;
}
