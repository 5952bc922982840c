/** The camera's thread: makes a frame at every beat and hands it over, never waiting for the consumer. */
import { workerData } from 'node:worker_threads';
import { ChannelClosedError, after, attach, select, tick } from 'millrace';
import { openCamera } from './camera.mjs';
import { outletOf } from './outlet.mjs';
import { messageBytes, pixelsOf, seal } from './stamp.mjs';

async function run(task) {
  const { width, height, messages } = task;
  const camera = openCamera(task.source, task);
  const outlet = outletOf(task.entry, messageBytes(width * height * 3));
  try {
    // The first picture takes a camera longer than any other: it is not shown.
    await camera.paint(pixelsOf(outlet.message), 0);
    messages.sendSync({ kind: 'filmed', ...(await film(camera, outlet, task)) });
  } catch (error) {
    messages.sendSync({ kind: 'failed', reason: `The camera: ${String(error)}` });
  } finally {
    outlet.close();
    await camera.close();
  }
}

async function film(camera, outlet, task) {
  const { ready, quit } = task;
  const film = { made: 0, refused: 0, queued: 0, full: false };
  const { key, closed } = await select({ quit, ready }, { biased: true });
  // Without a consumer there is nobody to film for; why it has gone, it says itself.
  if (key === 'quit' || closed) return film;
  const cases = { quit, over: after(task.seconds * 1000), beat: tick(1000 / task.rate) };
  while (!film.full && (await select(cases, { biased: true })).key === 'beat') {
    const { message } = outlet;
    await camera.paint(pixelsOf(message), film.made);
    seal(message, film.made);
    const given = handOver(outlet);
    if (given === undefined) break;
    film.made += 1;
    if (!given) film.refused += 1;
    film.queued = Math.max(film.queued, outlet.queued);
    film.full = film.queued >= task.memory;
  }
  return film;
}

/** Whether no frame was lost by it; nothing where the consumer has gone. */
function handOver(outlet) {
  try {
    return outlet.give();
  } catch (error) {
    if (error instanceof ChannelClosedError) return undefined;
    throw error;
  }
}

void run(attach(workerData));
