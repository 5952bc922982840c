/** One way of handing the file over, in a process that does nothing else: does it, and tells what it cost and what came back. */
import { Meter } from '../meter';
import type { Asked, Order, Told } from './process';
import { Source } from './source';
import { load } from './ways';

/** Milliseconds between two words of how far it is. */
const TELL_EVERY = 25;

const stopping = new AbortController();
/** What was asked for and is not begun: once more, or no more. */
const turns: boolean[] = [];
let cameTurn: () => void = () => undefined;

// At a terminal Ctrl-C reaches this process as well, and the one that gave the order says what follows.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit());
process.on('message', (message: Order | Asked) => {
  if (message === 'stop') stopping.abort();
  else if (message === 'again' || message === 'end') turns.push(message === 'again');
  else void perform(message);
  cameTurn();
});

async function perform({ way, options }: Order): Promise<void> {
  const { signal } = stopping;
  try {
    const through = await load(way);
    const source = await Source.open(options.path, options.chunk);
    const meter = new Meter();
    try {
      await through({
        source,
        options,
        meter,
        signal,
        next: async () => {
          const again = await nextTurn();
          if (again) meter.begin();
          return again;
        },
        progress: tellProgress,
        done: (proof) => tell({ kind: 'done', cost: meter.stop(), proof }),
      });
    } finally {
      meter.stop();
      await source.close();
    }
  } catch (error) {
    if (signal.aborted) tell({ kind: 'stopped' });
    else tell({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
  }
  // Once what was told is on its way.
  process.removeAllListeners('disconnect');
  process.disconnect?.();
}

async function nextTurn(): Promise<boolean> {
  for (;;) {
    stopping.signal.throwIfAborted();
    const turn = turns.shift();
    if (turn !== undefined) return turn;
    await new Promise<void>((resolve) => {
      cameTurn = resolve;
    });
  }
}

let toldAt = 0;

/** Rarely: telling costs more than handing a chunk over. */
function tellProgress(bytes: number): void {
  const now = performance.now();
  if (now - toldAt < TELL_EVERY) return;
  toldAt = now;
  tell({ kind: 'progress', bytes });
}

function tell(told: Told): void {
  process.send?.(told);
}
