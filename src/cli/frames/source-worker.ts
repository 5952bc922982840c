/** The camera's thread: makes a frame at every beat and hands it over, never waiting for the consumer. */
import { workerData } from 'node:worker_threads';

import {
  ChannelClosedError,
  type Receiver,
  type Sender,
  type SoleReceiver,
  type Transferred,
  after,
  attach,
  select,
  tick,
} from '../../index';
import type { SourceName } from './arguments';
import { type Camera, openCamera } from './camera';
import type { Entry } from './forms';
import { type Outlet, outletOf } from './outlet';
import { messageBytes, pixelsOf, seal } from './stamp';
import type { Film, Messages } from './messages';

export interface SourceTask {
  readonly entry: Entry;
  readonly source: SourceName;
  readonly width: number;
  readonly height: number;
  /** Frames a second. */
  readonly rate: number;
  readonly seconds: number;
  /** Queued bytes at which it stops early. */
  readonly memory: number;
  /** Gives one message when the consumer is at its place. */
  readonly ready: SoleReceiver<number>;
  /** Closed when it is time to stop. */
  readonly quit: Receiver<unknown>;
  readonly messages: Sender<Messages>;
}

async function run(task: SourceTask): Promise<void> {
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

async function film(camera: Camera, outlet: Outlet, task: SourceTask): Promise<Film> {
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
function handOver(outlet: Outlet): boolean | undefined {
  try {
    return outlet.give();
  } catch (error) {
    if (error instanceof ChannelClosedError) return undefined;
    throw error;
  }
}

void run(attach(workerData as Transferred<SourceTask>));
