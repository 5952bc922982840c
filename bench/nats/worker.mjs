// The far side of a hop: receives as it is told, and echoes.
import { parentPort, workerData } from 'node:worker_threads';

import { attach } from 'millrace';
import { natsChannel } from 'millrace/nats';

async function ends({ local, servers, there, back, options }) {
  if (local !== undefined) return attach(local);
  const [from, to] = [
    await natsChannel({ servers }, there, options),
    await natsChannel({ servers }, back, options),
  ];
  return { rx: from.receiver(), tx: to.sender() };
}

const { rx, tx } = await ends(workerData);
parentPort.on('message', async ({ count, batch, echo }) => {
  let left = count;
  while (left > 0) {
    const messages = batch === 1 ? [await rx.recv()] : await rx.recvMany(batch);
    if (echo) await tx.send(messages[0]);
    left -= messages.length;
  }
  parentPort.postMessage('done');
});
parentPort.postMessage('ready');
