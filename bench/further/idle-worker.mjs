// A worker that says which thread of the system it is, then blocks on what it is given until it is let go.
import { existsSync, readlinkSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { ChannelClosedError, attach } from 'millrace';

const { rx, cell } = workerData;
parentPort.postMessage(existsSync('/proc/thread-self') ? readlinkSync('/proc/thread-self') : '');
if (cell === undefined) {
  try {
    attach(rx).recvSync();
  } catch (error) {
    if (!(error instanceof ChannelClosedError)) throw error;
  }
} else {
  Atomics.wait(cell, 0, 0);
}
