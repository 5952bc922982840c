// A worker that blocks on what it is given until it is let go.
import { workerData } from 'node:worker_threads';
import { ChannelClosedError, attach } from 'millrace';

const { rx, cell } = workerData;
if (cell === undefined) {
  try {
    attach(rx).recvSync();
  } catch (error) {
    if (!(error instanceof ChannelClosedError)) throw error;
  }
} else {
  Atomics.wait(cell, 0, 0);
}
