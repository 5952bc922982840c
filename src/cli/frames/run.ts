/** One form, run and measured: a camera's thread, a consumer's thread, and what they told. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { type SoleReceiver, bounded, spawn } from '../../index';
import { Crew } from '../crew';
import { Meter } from '../meter';
import type { Ages } from './ages';
import type { FramesOptions, SourceName } from './arguments';
import type { ConsumerTask } from './consumer-worker';
import { type Form, open } from './forms';
import type { SourceTask } from './source-worker';
import { messageBytes } from './stamp';
import type { Tidings } from './tidings';

const sourceFile = pathToFileURL(join(__dirname, 'source-worker.js'));
const consumerFile = pathToFileURL(join(__dirname, 'consumer-worker.js'));

export interface Outcome {
  readonly form: Form;
  readonly made: number;
  readonly processed: number;
  /** Refused, replaced or passed over. */
  readonly dropped: number;
  /** Still on their way at the end. */
  readonly left: number;
  /** Absent where nothing was processed. */
  readonly ages: Ages | undefined;
  /** The most resident memory that was seen, in bytes. */
  readonly memory: number;
  /** Whether it ended early because so many bytes were queued. */
  readonly full: boolean;
  readonly pictures: number;
}

export interface Stage {
  readonly options: FramesOptions;
  readonly source: SourceName;
  /** Aborts when the user has had enough; the run then rejects once its workers have ended. */
  readonly signal: AbortSignal;
}

export async function run(form: Form, { options, source, signal }: Stage): Promise<Outcome> {
  signal.throwIfAborted();
  const { width, height, rate, work, seconds, memory } = options;
  const [entry, exit] = open(form, messageBytes(width * height * 3));
  const [quit, sourceQuit] = bounded(1, { label: 'quit' });
  const [atPlace, ready] = bounded(1, { codec: 'f64', label: 'ready' });
  const [tell, told] = bounded<Tidings>(4, { codec: 'json', label: 'tidings' });
  const consumer = { exit, width, height, work, shelf: shelfOf(form, options), ready: atPlace };
  const camera = { entry, source, width, height, rate, seconds, memory, ready };

  const meter = new Meter();
  const stop = () => quit.close();
  signal.addEventListener('abort', stop, { once: true });
  const crew = new Crew();
  try {
    crew.add(
      spawn<ConsumerTask>(consumerFile, { ...consumer, quit: sourceQuit.clone(), tidings: tell.clone() }),
    );
    crew.add(spawn<SourceTask>(sourceFile, { ...camera, quit: sourceQuit, tidings: tell }));
    const heard = await listen(told, stop, meter);
    signal.throwIfAborted();
    if (crew.failure !== undefined) throw crew.failure;
    return { form, ...heard };
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
    meter.stop();
    told.close();
    await crew.ended();
  }
}

/** Hears both workers out. Once the camera has stopped, the consumer is told to. */
async function listen(told: SoleReceiver<Tidings>, stop: () => void, meter: Meter) {
  let made: (Tidings & { kind: 'made' }) | undefined;
  let processed: (Tidings & { kind: 'processed' }) | undefined;
  let memory = 0;
  let pictures = 0;
  let failure: string | undefined;
  for await (const tidings of told) {
    switch (tidings.kind) {
      case 'made':
        made = tidings;
        stop();
        break;
      case 'processed':
        processed = tidings;
        memory = meter.stop().memory;
        break;
      case 'saved':
        pictures = tidings.pictures;
        break;
      case 'failed':
        failure ??= tidings.reason;
        stop();
        break;
    }
  }
  if (failure !== undefined) throw new Error(failure);
  if (made === undefined || processed === undefined) throw new Error('A worker ended without a word');
  return {
    made: made.made,
    processed: processed.processed,
    dropped: made.refused + processed.lost,
    left: processed.left,
    ages: processed.ages,
    memory,
    full: made.full,
    pictures,
  };
}

/** Pictures are spread over the form's time, as far as one can tell before. */
function shelfOf(form: Form, { save, saveLimit, seconds, work, rate }: FramesOptions) {
  if (save === undefined) return undefined;
  const expected = (seconds * 1000) / Math.max(work, 1000 / rate);
  return { folder: save, name: form, limit: saveLimit, every: Math.max(1, Math.floor(expected / saveLimit)) };
}
