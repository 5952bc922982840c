/** The consumer's thread: takes a frame, checks it, is busy with it for a while, and takes the next one. */
import { setImmediate as turn } from 'node:timers/promises';
import { workerData } from 'node:worker_threads';
import { ChannelClosedError, attach } from 'millrace';
import { summarize } from './ages.mjs';
import { Album } from './album.mjs';
import { intakeOf } from './intake.mjs';
import { check, instant, messageBytes, pixelsOf } from './stamp.mjs';

async function run(task) {
  const { messages, width, height } = task;
  const pixelBytes = width * height * 3;
  const intake = intakeOf(task.exit, messageBytes(pixelBytes));
  const album = task.shelf && new Album(task.shelf);
  try {
    task.ready.sendSync(1);
    const ages = await consume(intake, album, task);
    const { lost } = intake;
    const left = intake.leave();
    messages.sendSync({ kind: 'processed', processed: ages.length, lost, left, ages: summarize(ages) });
    if (album !== undefined) messages.sendSync({ kind: 'saved', pictures: album.write(width, height) });
  } catch (error) {
    messages.sendSync({ kind: 'failed', reason: `The consumer: ${String(error)}` });
  }
}

/** The age in milliseconds of each frame when its turn came. */
async function consume(intake, album, { work, quit }) {
  const ages = [];
  let last = -1;
  for (let message = intake.take(); message !== undefined; message = intake.take()) {
    const began = instant();
    const { sequence, madeAt } = check(message);
    if (sequence <= last) throw new Error(`Frame ${sequence} came after frame ${last}`);
    last = sequence;
    const age = began - madeAt;
    ages.push(age);
    album?.show(pixelsOf(message), sequence, age);
    // What is left of its working time; asked even when nothing is, for there may be frames without end.
    if (isClosed(quit, Math.max(0, work - (instant() - began)))) break;
    // Memory that was lent comes back between turns of the event loop.
    await turn();
  }
  return ages;
}

/** Blocks for so many milliseconds, or until the channel is closed; whether it is. */
function isClosed(quit, milliseconds) {
  try {
    quit.recvSync({ timeout: milliseconds });
    return false;
  } catch (error) {
    if (error instanceof ChannelClosedError) return true;
    throw error;
  }
}

void run(attach(workerData));
