// npm's thread-stream: text from a thread to a worker of its own, as a stream without messages: they go by their fixed
// length, in seven bits a byte. The second worker of the pair only waits until all has come.
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import ThreadStream from 'thread-stream';
import { stampText } from './text.mjs';

const filename = fileURLToPath(new URL('thread-stream-end.mjs', import.meta.url));

export function open() {
  const received = new Int32Array(new SharedArrayBuffer(4));
  return [{ ends: { received, sends: true } }, { ends: { received } }];
}

export function join({ received, sends }, { size, window }, { sync }) {
  if (!sends) {
    // Counted from the start: what has come by now may be of this run already.
    let all = 0;
    return { receive: (count) => waitFor(received, (all += count)), close() {} };
  }

  const stream = new ThreadStream({
    filename,
    bufferSize: Math.max(4096, size * window),
    sync,
    workerData: { received, size },
  });
  stream.on('error', (error) => {
    throw error;
  });
  const ready = once(stream, 'ready');
  return {
    async send(count) {
      await ready;
      for (let number = 0; number < count; number++) {
        const text = Buffer.alloc(size, 0x20);
        stampText(text, number);
        if (!stream.write(text)) await once(stream, 'drain');
      }
    },
    close() {
      stream.end();
    },
  };
}

/** Sleeps until so many have been received. */
function waitFor(received, all) {
  for (let seen = Atomics.load(received, 0); seen !== all; seen = Atomics.load(received, 0)) {
    Atomics.wait(received, 0, seen);
  }
}
