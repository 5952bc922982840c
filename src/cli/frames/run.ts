/** One form, run and measured: a camera's thread, a consumer's thread, and what they told. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { type SoleReceiver, bounded, spawn } from '../../index';
import { Crew } from '../workers';
import { Meter } from '../meter';
import type { Ages } from './ages';
import type { Shelf } from './album';
import type { FramesOptions, SourceName } from './arguments';
import type { ConsumerTask } from './consumer-worker';
import { type Form, open } from './forms';
import type { SourceTask } from './source-worker';
import { messageBytes } from './stamp';
import type { Film, Messages } from './messages';

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
  /** The most bytes that lay between the threads. */
  readonly queued: number;
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
  const [tell, told] = bounded<Messages>(4, { codec: 'json', label: 'messages' });
  const consumer = { exit, width, height, work, shelf: shelfOf(form, options), ready: atPlace };
  const camera = { entry, source, width, height, rate, seconds, memory, ready };

  const meter = new Meter();
  const stop = () => quit.close();
  signal.addEventListener('abort', stop, { once: true });
  const workers = new Crew();
  try {
    workers.add(
      spawn<ConsumerTask>(consumerFile, { ...consumer, quit: sourceQuit.clone(), messages: tell.clone() }),
    );
    workers.add(spawn<SourceTask>(sourceFile, { ...camera, quit: sourceQuit, messages: tell }));
    const heard = await listen(told, stop, meter);
    signal.throwIfAborted();
    return { form, ...heard };
  } catch (error) {
    signal.throwIfAborted();
    stop();
    await workers.ended();
    // That a worker said nothing follows from what happened to it; say what happened.
    throw workers.failure ?? error;
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
    meter.stop();
    told.close();
    await workers.ended();
  }
}

/** Hears both workers out. Once the camera has stopped, the consumer is told to. */
async function listen(told: SoleReceiver<Messages>, stop: () => void, meter: Meter) {
  let film: Film | undefined;
  let processed: (Messages & { kind: 'processed' }) | undefined;
  let memory = 0;
  let pictures = 0;
  let failure: string | undefined;
  for await (const messages of told) {
    switch (messages.kind) {
      case 'filmed':
        film = messages;
        stop();
        break;
      case 'processed':
        processed = messages;
        memory = meter.stop().memory;
        break;
      case 'saved':
        pictures = messages.pictures;
        break;
      case 'failed':
        failure ??= messages.reason;
        stop();
        break;
    }
  }
  if (failure !== undefined) throw new Error(failure);
  if (film === undefined || processed === undefined) throw new Error('A worker ended without a word');
  return {
    made: film.made,
    processed: processed.processed,
    dropped: film.refused + processed.lost,
    left: processed.left,
    ages: processed.ages,
    memory,
    queued: film.queued,
    full: film.full,
    pictures,
  };
}

/** Pictures are spread over the form's time, as far as one can tell before. */
function shelfOf(form: Form, options: FramesOptions): Shelf | undefined {
  const { save, seconds, work, rate, memory } = options;
  if (save === undefined) return undefined;
  // They lie in memory until the form is over.
  const limit = Math.min(options.saveLimit, Math.floor(memory / (options.width * options.height * 3)));
  const expected = (seconds * 1000) / Math.max(work, 1000 / rate);
  return { folder: save, name: form, limit, every: Math.max(1, Math.floor(expected / limit)) };
}
