// npm's ringbuf.js: a ring of bytes for one sender and one receiver, which knows no messages: they go by their fixed
// length. One by one, or many pushed and popped at once.
import { RingBuffer } from 'ringbuf.js';
import { pauseOf } from '../../measure/backoff.mjs';
import { check, stamp } from '../../messages/payload.mjs';
import { parts } from '../parts.mjs';

/** Messages that are pushed at once. */
const MOST = 64;

export function open({ window, size }) {
  const make = () => RingBuffer.getStorageForCapacity(window * size, Uint8Array);
  const [there, back] = [make(), make()];
  return [{ ends: { tx: there, rx: back } }, { ends: { tx: back, rx: there } }];
}

export function join(ends, { size, window }, { batched }) {
  const tx = new RingBuffer(ends.tx, Uint8Array);
  const rx = new RingBuffer(ends.rx, Uint8Array);
  const message = new Uint8Array(size);
  const target = new Uint8Array(size);
  let pause;
  const one = parts({
    size,
    message: () => message,
    send(bytes) {
      while (tx.available_write() < size) pause();
      tx.push(bytes);
    },
    receive() {
      while (rx.available_read() < size) pause();
      rx.pop(target);
      return target;
    },
  });
  const most = Math.min(MOST, window >> 1);
  const block = new Uint8Array(most * size);
  const views = Array.from({ length: most }, (_, index) => block.subarray(index * size, (index + 1) * size));
  const many = {
    send(count) {
      for (let number = 0; number < count;) {
        const some = Math.min(most, count - number);
        for (let index = 0; index < some; index++) stamp(views[index], number++);
        while (tx.available_write() < some * size) pause();
        tx.push(block, some * size);
      }
    },
    receive(count) {
      for (let number = 0; number < count;) {
        const some = Math.min(most, Math.floor(rx.available_read() / size));
        if (some === 0) pause();
        else rx.pop(block, some * size);
        for (let index = 0; index < some; index++) check(views[index], number++, size);
      }
    },
  };
  return {
    ...(batched ? many : one),
    use(backoff) {
      pause = pauseOf(backoff);
    },
    close() {},
  };
}
