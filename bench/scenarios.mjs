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

const pairs = sizes.flatMap(({ label, size }) =>
  ['one-way', 'ping-pong'].map((shape) => ({
    name: `${label}-${shape}`,
    shape,
    size,
    window: Math.min(1024, Math.max(4, Math.floor(BYTES_UNDER_WAY / size))),
    baselines: ['copy', 'transfer'],
  })),
);

export const scenarios = [
  ...pairs,
  // All is queued before the first receive; no more than this, because it lies in memory.
  { name: 'queued', shape: 'queued', size: 64, most: 1_000_000, baselines: ['recv', 'try-recv'] },
  // One message handed over, not filled, whatever its size: each peer has its own.
  { name: 'hand-over', shape: 'hand-over', window: 4, baselines: ['refs-64KiB'] },
  { name: '64B-batch', shape: 'batch', size: 64, window: 1024, baselines: ['blocking'] },
  { name: 'overflow', shape: 'team', size: 64, window: 1024, baselines: ['wait'] },
];

const paired = ['one-way', 'ping-pong'];

const handedOver = [
  { label: '64KiB', size: 64 * KIB },
  { label: '6.2MB', size: 1920 * 1080 * 3 },
  { label: '64MB', size: 64e6 },
].flatMap(({ label, size }) => [
  {
    name: `refs-${label}`,
    title: `millrace \`sendRef\` / \`recvRef\`, ${label}`,
    module: 'refs',
    size,
    shapes: ['hand-over'],
  },
  {
    name: `transfer-${label}`,
    title: `\`postMessage\`, transferred, ${label}`,
    module: 'post-unfilled',
    size,
    shapes: ['hand-over'],
  },
]);

/** Who takes part: the module that does it, and in which shapes, `paired` if not said. */
export const peers = [
  { name: 'try', title: 'millrace `trySend` / `tryRecvInto`', module: 'millrace-try' },
  {
    name: 'blocking',
    title: 'millrace `sendSync` / `recvSync`',
    module: 'millrace-blocking',
    shapes: [...paired, 'batch'],
  },
  {
    name: 'batch',
    title: 'millrace `batch()` / `recvManySync(64)`',
    module: 'millrace-batch',
    shapes: ['batch'],
  },
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
  { name: 'recv', title: '`await recv()`', module: 'queued-recv', shapes: ['queued'] },
  { name: 'try-recv', title: '`tryRecv()`', module: 'queued-try-recv', shapes: ['queued'] },
  { name: 'recv-many', title: '`await recvMany(256)`', module: 'queued-recv-many', shapes: ['queued'] },
  ...handedOver,
  { name: 'wait', title: "`overflow: 'wait'`", module: 'team', overflow: 'wait', shapes: ['team'] },
  {
    name: 'drop-newest',
    title: "`overflow: 'drop-newest'`",
    module: 'team',
    overflow: 'drop-newest',
    shapes: ['team'],
  },
  {
    name: 'drop-oldest',
    title: "`overflow: 'drop-oldest'`",
    module: 'team',
    overflow: 'drop-oldest',
    shapes: ['team'],
  },
];

/** The peers of a scenario. */
export function peersOf({ shape }) {
  return peers.filter(({ shapes = paired }) => shapes.includes(shape));
}

/** What is asked of a peer: each so many times the rate of another one. */
export function targetsOf({ shape, size }, { name, module }) {
  if (name === 'recv-many') {
    return [
      { against: 'recv', atLeast: 4 },
      { against: 'try-recv', atLeast: 1.5 },
    ];
  }
  if (shape === 'hand-over') {
    return module === 'refs' && name !== 'refs-64KiB' ? [{ against: 'refs-64KiB', atLeast: 0.34 }] : [];
  }
  if (name === 'batch') return [{ against: 'blocking', atLeast: 4 }];
  if (shape === 'team') return name === 'wait' ? [] : [{ against: 'wait', atLeast: 0.5 }];
  if (shape !== 'one-way' || !module.startsWith('millrace')) return [];
  if (size >= 64 * KIB) return [{ against: 'transfer', atLeast: 1 }];
  if (size === 64 && name === 'try') return [{ against: 'copy', atLeast: 12 }];
  if (size === 64 && name === 'awaited') return [{ against: 'copy', atLeast: 3 }];
  return [];
}
