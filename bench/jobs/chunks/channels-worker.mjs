// Works on each chunk that comes, and sends it back by the same sort of verbs as the main thread.
import { workerData } from 'node:worker_threads';
import { ChannelClosedError, attach } from 'millrace';
import { work } from './work.mjs';

const { rx, tx, verbs, hashed } = attach(workerData);

const workers = {
  async plain() {
    for await (const bytes of rx) {
      work(bytes, hashed);
      await tx.send(bytes);
    }
  },
  async refs() {
    for await (const ref of rx.refs()) {
      work(ref.bytes, hashed);
      await ref.forward(tx);
    }
  },
  blocking() {
    for (;;) {
      const ref = rx.recvRefSync();
      work(ref.bytes, hashed);
      ref.forwardSync(tx);
    }
  },
  async transfer() {
    for await (const bytes of rx) {
      work(bytes, hashed);
      await tx.send(bytes, { transfer: true });
    }
  },
};

try {
  await (workers[verbs] ?? workers.transfer)();
} catch (error) {
  if (!(error instanceof ChannelClosedError)) throw error;
}
rx.close();
tx.close();
