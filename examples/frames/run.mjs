/** One form, run and measured: a camera's thread, a consumer's thread, and what they told. */
import { bounded, spawn } from 'millrace';
import { Crew } from '../../dist/cli/workers.js';
import { Meter } from '../../dist/cli/meter.js';
import { open } from './forms.mjs';
import { messageBytes } from './stamp.mjs';

const sourceFile = new URL('source-worker.mjs', import.meta.url);
const consumerFile = new URL('consumer-worker.mjs', import.meta.url);

/** Rejects when `signal` has aborted, once the workers have ended. */
export async function run(form, { options, source, signal }) {
  signal.throwIfAborted();
  const { width, height, rate, work, seconds, memory } = options;
  const [entry, exit] = open(form, messageBytes(width * height * 3));
  const [quit, sourceQuit] = bounded(1, { label: 'quit' });
  const [atPlace, ready] = bounded(1, { codec: 'f64', label: 'ready' });
  const [tell, told] = bounded(4, { codec: 'json', label: 'messages' });
  const consumer = { exit, width, height, work, shelf: shelfOf(form, options), ready: atPlace };
  const camera = { entry, source, width, height, rate, seconds, memory, ready };

  const meter = new Meter();
  const stop = () => quit.close();
  signal.addEventListener('abort', stop, { once: true });
  const workers = new Crew();
  try {
    workers.add(spawn(consumerFile, { ...consumer, quit: sourceQuit.clone(), messages: tell.clone() }));
    workers.add(spawn(sourceFile, { ...camera, quit: sourceQuit, messages: tell }));
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

/**
 * Hears both workers out. Once the camera has stopped, the consumer is told to. The messages, by `kind`:
 * - `filmed`: frames `made`, `refused` (or put in an unread one's place), the most bytes `queued`, whether that was too `full`;
 * - `processed`: how many, `lost` on the way, `left` when the time was up, their `ages`;
 * - `saved`: how many pictures were written;
 * - `failed`: the reason.
 */
async function listen(told, stop, meter) {
  let film;
  let processed;
  let memory = 0;
  let pictures = 0;
  let failure;
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
function shelfOf(form, options) {
  const { save, seconds, work, rate, memory } = options;
  if (save === undefined) return undefined;
  // They lie in memory until the form is over.
  const limit = Math.min(options.saveLimit, Math.floor(memory / (options.width * options.height * 3)));
  const expected = (seconds * 1000) / Math.max(work, 1000 / rate);
  return { folder: save, name: form, limit, every: Math.max(1, Math.floor(expected / limit)) };
}
