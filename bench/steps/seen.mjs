// What it costs a message to be seen: the same two calls on a channel without an option, and with each that keeps or carries something.
import { bounded } from 'millrace';
import { takesOption } from '../who/offered.mjs';

const message = new Uint8Array(64);

const asked = [
  { name: 'plain', options: {} },
  ...['timing', 'context'].map((name) => ({ name, options: { [name]: true } })),
];

/** Those that the installed package offers. */
export const seen = asked
  .filter(({ name }) => name === 'plain' || takesOption(name, true))
  .map(({ name, options }) => ({
    name: `seen: ${name}`,
    title: `\`trySend\`, \`tryRecv\`, 64 B, ${name === 'plain' ? 'without an option' : `\`${name}: true\``}`,
    open() {
      const [tx, rx] = bounded(8, options);
      const close = () => {
        tx.close();
        rx.close();
      };
      return { call: () => tx.trySend(message) && rx.tryRecv(), close };
    },
  }));
