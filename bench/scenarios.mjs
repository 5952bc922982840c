// What is measured: sizes and shapes, who takes part, and what is asked of millrace.

const KIB = 1024;
const MIB = 1024 * KIB;

const sizes = [
  { label: '64B', size: 64 },
  { label: '4KiB', size: 4 * KIB },
  { label: '64KiB', size: 64 * KIB },
  { label: '1MiB', size: MIB },
  // A frame of 1920 x 1080 pixels in three colours.
  { label: '6.2MB', size: 1920 * 1080 * 3 },
];

/** Bytes that may be under way at once, for every peer alike; never fewer than 4 messages, never more than 1,024. */
const BYTES_UNDER_WAY = 16 * MIB;

export const scenarios = sizes.flatMap(({ label, size }) =>
  ['one-way', 'ping-pong'].map((shape) => ({
    name: `${label}-${shape}`,
    shape,
    size,
    window: Math.min(1024, Math.max(4, Math.floor(BYTES_UNDER_WAY / size))),
  })),
);

/** Who takes part: the module that does it, and in which shapes. */
export const peers = [
  { name: 'try', title: 'millrace `trySend` / `tryRecvInto`', module: 'millrace-try' },
  { name: 'blocking', title: 'millrace `sendSync` / `recvSync`', module: 'millrace-blocking' },
  { name: 'blocking-into', title: 'millrace `sendSync` / `recvIntoSync`', module: 'millrace-blocking-into' },
  { name: 'awaited', title: 'millrace `send` / `for await`', module: 'millrace-awaited' },
  { name: 'copy', title: '`postMessage`, copied', module: 'post-copy' },
  { name: 'transfer', title: '`postMessage`, transferred', module: 'post-transfer' },
  {
    name: 'transfer-back',
    title: '`postMessage`, transferred, buffers sent back',
    module: 'post-transfer-back',
    shapes: ['one-way'],
  },
];

/** The peers of a scenario. */
export function peersOf({ shape }) {
  return peers.filter(({ shapes }) => shapes === undefined || shapes.includes(shape));
}

/** What is asked of a peer: so many times the rate of another one, `undefined` when nothing is. */
export function targetOf({ shape, size }, { name, module }) {
  if (shape !== 'one-way' || !module.startsWith('millrace')) return undefined;
  if (size >= 64 * KIB) return { against: 'transfer', atLeast: 1 };
  if (size === 64 && name === 'try') return { against: 'copy', atLeast: 12 };
  if (size === 64 && name === 'awaited') return { against: 'copy', atLeast: 3 };
  return undefined;
}
