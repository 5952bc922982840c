// Chunks over two millrace channels, by the verbs that `verbs` names; the main thread awaits, whatever the worker does.
import { once } from 'node:events';
import { bounded, spawn } from 'millrace';
import { offered } from '../../who/offered.mjs';
import { timeBoth } from '../both.mjs';
import { ChunkedFile } from './file.mjs';

const workerFile = new URL('channels-worker.mjs', import.meta.url);

export async function open({ size, window, hashed }, { verbs }) {
  const file = await ChunkedFile.make(size, hashed);
  // As many are under way in both together as with postMessage.
  const [chunks, workerChunks] = bounded(window / 2, { label: 'chunks' });
  const [workerDone, done] = bounded(window / 2, { label: 'done' });
  const worker = spawn(workerFile, { rx: workerChunks, tx: workerDone, verbs, hashed });
  const { feed, collect } = mains[verbs]({ file, size, chunks, done });

  return {
    async run({ count }) {
      const seconds = await timeBoth(
        () => feed(count),
        () => collect(count),
      );
      return { count, seconds };
    },
    async close() {
      const ended = once(worker, 'exit');
      chunks.close();
      done.close();
      await ended;
      await file.close();
    },
  };
}

/** What the main thread does, by verbs. */
const mains = {
  plain: ({ file, size, chunks, done }) => {
    const memory = new Uint8Array(size);
    const feed = async (count) => {
      for (let number = 0; number < count; number++) {
        await file.read(number, memory);
        await chunks.send(memory);
      }
    };
    return { feed, collect: whole(file, done) };
  },
  refs: inPlace,
  blocking: inPlace,
  transfer: ({ file, size, chunks, done }) => {
    const feed = async (count) => {
      for (let number = 0; number < count; number++) {
        const bytes = offered.alloc(size);
        await file.read(number, bytes);
        await chunks.send(bytes, { transfer: true });
      }
    };
    return { feed, collect: whole(file, done) };
  },
  /** What has come back is filled again. */
  'transfer-back': ({ file, size, chunks, done }) => {
    const spare = [];
    const feed = async (count) => {
      for (let number = 0; number < count; number++) {
        const bytes = spare.pop() ?? offered.alloc(size);
        await file.read(number, bytes);
        await chunks.send(bytes, { transfer: true });
      }
    };
    return { feed, collect: whole(file, done, (bytes) => spare.push(bytes)) };
  },
};

function inPlace({ file, size, chunks, done }) {
  const feed = async (count) => {
    for (let number = 0; number < count; number++) {
      const ref = chunks.sendRef(size);
      await file.read(number, ref.bytes);
      await ref.send();
    }
  };
  const collect = async (count) => {
    let taken = 0;
    for await (const ref of done.refs()) {
      file.check(taken, ref.bytes);
      taken += 1;
      if (taken === count) return;
    }
  };
  return { feed, collect };
}

/** Takes what comes back as bytes that are kept, which `keep` may do. */
function whole(file, done, keep = () => undefined) {
  return async (count) => {
    let taken = 0;
    for await (const bytes of done) {
      file.check(taken, bytes);
      taken += 1;
      keep(bytes);
      if (taken === count) return;
    }
  };
}
