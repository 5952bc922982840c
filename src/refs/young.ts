/**
 * Refs that nobody has any more, and which were neither sent nor disposed: released, with one warning.
 *
 * Asking the garbage collector to watch a ref, and to stop watching it, takes a quarter of a whole hand-over. Most refs are
 * over at once, so each is kept here at first, and is watched only when it is still there at the next look.
 */
import { setTimeout } from '../event-loop/runtime.js';
import { warnOnce } from '../observe/forgotten.js';
import type { RefState } from './ref-state.js';

/** A ref, by what it holds. */
interface Holding {
  readonly ref: RefState;
}

/** How long until the next look, in milliseconds. */
const delay = 1000;

const young: Holding[] = [];
let timer: NodeJS.Timeout | undefined;

const forgotten = new FinalizationRegistry<RefState>((ref) => {
  warnOnce({
    text: `A ref of a message of ${ref.length} bytes was garbage-collected; its memory comes back now.`,
    code: 'MILLRACE_UNDISPOSED',
    detail: 'Send or forward refs, or dispose them by `using`: until then their memory is held. Told once.',
  });
  ref.forget();
});

/** A new ref. */
export function enterYoung(holding: Holding): void {
  holding.ref.young = young.push(holding) - 1;
  timer ??= setTimeout(look, delay).unref();
}

/** A ref is over. */
export function leave(ref: RefState): void {
  const at = ref.young;
  if (at === -1) {
    forgotten.unregister(ref);
    return;
  }
  ref.young = -1;
  const last = young.pop() as Holding;
  if (last.ref !== ref) {
    young[at] = last;
    last.ref.young = at;
  }
}

function look(): void {
  timer = undefined;
  for (const holding of young) {
    const { ref } = holding;
    ref.young = -1;
    forgotten.register(holding, ref, ref);
  }
  young.length = 0;
}
