// Making a channel and closing both of its ends.
import { MessageChannel } from 'node:worker_threads';
import { bounded } from 'millrace';

const turn = () => new Promise((resolve) => setImmediate(resolve));

export const making = [
  {
    name: 'make bounded',
    title: '`bounded(1)` made, both ends closed',
    open() {
      const call = () => {
        const [tx, rx] = bounded(1);
        tx.close();
        rx.close();
      };
      return { call, after: turn };
    },
  },
  {
    name: 'make MessageChannel',
    title: '`MessageChannel` made, closed',
    open() {
      const call = () => {
        const { port1 } = new MessageChannel();
        port1.close();
      };
      return { call, after: turn };
    },
  },
];
