/** One way of handing the file over, in a process that does nothing else: does it, and tells what it cost and what came back. */
import { Meter } from '../meter';
import type { Order, Told } from './process';
import { Source } from './source';
import { load } from './ways';

const stopping = new AbortController();

// At a terminal Ctrl-C reaches this process as well, and the one that gave the order says what follows.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit());
process.on('message', (message: Order | 'stop') => {
  if (message === 'stop') stopping.abort();
  else void perform(message);
});

async function perform({ way, options }: Order): Promise<void> {
  try {
    const through = await load(way);
    const source = await Source.open(options.path, options.chunk);
    const meter = new Meter();
    try {
      const progress = (bytes: number) => tell({ kind: 'progress', bytes });
      const proof = await through({ source, options, meter, progress, signal: stopping.signal });
      tell({ kind: 'done', cost: meter.stop(), proof });
    } finally {
      meter.stop();
      await source.close();
    }
  } catch (error) {
    if (stopping.signal.aborted) tell({ kind: 'stopped' });
    else tell({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
  }
  // Once what was told is on its way.
  process.removeAllListeners('disconnect');
  process.disconnect?.();
}

function tell(told: Told): void {
  process.send?.(told);
}
