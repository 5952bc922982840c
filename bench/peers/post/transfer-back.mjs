// postMessage with a transfer list, the receiver sending every buffer back: the sender fills it again by set(), or not.
import { receiveMessageOnPort } from 'node:worker_threads';
import { check, stamp } from '../../messages/payload.mjs';
import { Credit, listen } from './ends.mjs';

export { open } from './ends.mjs';

export function join({ port, taken }, { size, window }, { filled = true }) {
  const credit = new Credit(taken, window);
  const data = new Uint8Array(size);
  const freeBuffer = () => receiveMessageOnPort(port)?.message ?? new Uint8Array(size);
  return {
    send(count) {
      for (let number = 0; number < count; number++) {
        credit.spend();
        const bytes = freeBuffer();
        if (filled) bytes.set(data);
        stamp(bytes, number);
        port.postMessage(bytes, [bytes.buffer]);
      }
    },
    receive(count) {
      return listen(port, count, (bytes, number) => {
        check(bytes, number, size);
        port.postMessage(bytes, [bytes.buffer]);
        credit.give();
      });
    },
    close: () => port.close(),
  };
}
