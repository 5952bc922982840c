// postMessage, copied, received by receiveMessageOnPort, called again until there is a message.
import { receiveMessageOnPort } from 'node:worker_threads';
import { pauseOf } from '../../measure/backoff.mjs';
import { parts } from '../parts.mjs';
import { Credit } from './ends.mjs';

export { open } from './ends.mjs';

export function join({ port, taken }, { size, window }) {
  const credit = new Credit(taken, window);
  const message = new Uint8Array(size);
  let pause;
  return {
    ...parts({
      size,
      message: () => message,
      send(bytes) {
        credit.spend();
        port.postMessage(bytes);
      },
      receive() {
        let found = receiveMessageOnPort(port);
        while (found === undefined) {
          pause();
          found = receiveMessageOnPort(port);
        }
        return found.message;
      },
      done: () => credit.give(),
    }),
    use(backoff) {
      pause = pauseOf(backoff);
    },
    close: () => port.close(),
  };
}
