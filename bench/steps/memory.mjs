// Memory that is handed over or published where it lies: no byte of it is copied, whatever its size.
import { bounded, tripleBuffer } from 'millrace';
import { Triple, makeTriple } from '../rings/triple.mjs';

const sizes = [
  { label: '64 B', size: 64 },
  { label: '64 KiB', size: 65_536 },
  { label: '6.2 MB', size: 1920 * 1080 * 3 },
];
const longSizes = [...sizes.slice(1), { label: '64 MB', size: 64e6 }];

export const inMemory = [
  ...longSizes.map(({ label, size }) => ({
    name: `ref ${label}`,
    title: `\`sendRef\`, a byte written, \`sendSync\`, \`tryRecvRef\`, dispose, ${label}`,
    open() {
      const [tx, rx] = bounded(1);
      const call = (number) => {
        const sent = tx.sendRef(size);
        sent.bytes[0] = number;
        sent.sendSync();
        const received = rx.tryRecvRef();
        if (received.bytes[0] !== (number & 0xff)) throw new Error('Another byte came');
        received[Symbol.dispose]();
      };
      // Memory that is lent comes back between turns where the engine cannot move it.
      const after = () => new Promise((resolve) => setImmediate(resolve));
      const close = () => {
        tx.close();
        rx.close();
      };
      return { call, after, close };
    },
  })),
  ...sizes.flatMap(({ label, size }) => latest(label, size, { prefix: '', title: 'millrace', make: border })),
  ...sizes.flatMap(({ label, size }) =>
    latest(label, size, { prefix: 'JS triple buffer ', title: 'JS triple buffer', make: sharedMemory }),
  ),
];

/** A publish; and an update, which finds a value each time: what it costs is what both cost less a publish. */
function latest(label, size, { prefix, title, make }) {
  const publish = `${prefix}publish ${label}`;
  return [
    {
      name: publish,
      title: `${title} \`publish\`, ${label}`,
      open() {
        const { input, close } = make(size);
        return { call: () => input.publish(size), close };
      },
    },
    {
      name: `${prefix}update ${label}`,
      title: `${title} \`update\`, ${label}`,
      less: publish,
      open() {
        const { input, output, close } = make(size);
        const call = () => {
          input.publish(size);
          if (!output.update()) throw new Error('A published value was not there');
        };
        return { call, close };
      },
    },
  ];
}

function border(size) {
  const [input, output] = tripleBuffer({ byteLength: size });
  const close = () => {
    input.close();
    output.close();
  };
  return { input, output, close };
}

function sharedMemory(size) {
  const shared = makeTriple(size);
  return { input: new Triple(shared, 0), output: new Triple(shared, 1), close() {} };
}
