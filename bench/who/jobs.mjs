// Whole jobs, as programs have them: what each is, and who does it. Every way of doing one has a process of its own, of
// which the processor time and the most memory are told beside the rate.

const KIB = 1024;

const verbs = ['chunks-refs', 'chunks-blocking', 'chunks-transfer', 'chunks-transfer-back', 'chunks-plain'];
const chunks = [16, 64, 256, 1024].flatMap((kib) => {
  const names = [...verbs, 'chunks-post-back', 'chunks-post', 'chunks-piscina', 'chunks-alone'];
  // Two seconds: in the first one the engine compiles, which takes a core from whoever runs most JavaScript.
  const job = { size: kib * KIB, window: 16, unit: 'chunks', warmUp: 2, names };
  const label = kib === 1024 ? '1MiB' : `${kib}KiB`;
  return [
    { ...job, name: `${label}-chunks`, hashed: false },
    { ...job, name: `${label}-chunks-hashed`, hashed: true },
  ];
});

const awaitedCalls = ['call-rpc', 'call-channels', 'call-post', 'call-port', 'call-piscina', 'call-comlink'];
const call = { unit: 'calls', window: 16, names: awaitedCalls };

/** As scenarios are given, before it is known who can take part. */
export const jobs = [
  ...chunks,
  {
    name: 'gzip',
    size: 256 * KIB,
    window: 16,
    workers: 4,
    unit: 'chunks',
    names: ['gzip-channels', 'gzip-post', 'gzip-piscina'],
  },
  // Nobody is awake when a call is made.
  { ...call, name: 'call-idle', size: 64, callers: 1, gap: 1, most: 1000, figure: 'p50' },
  { ...call, name: 'call-loaded', size: 64, callers: 16 },
  {
    ...call,
    name: '64KiB-call',
    size: 64 * KIB,
    callers: 16,
    names: [...awaitedCalls, 'call-channels-refs'],
  },
  {
    name: 'call-sync',
    size: 64,
    window: 1,
    unit: 'calls',
    figure: 'p50',
    names: ['call-sync-rpc', 'call-sync-atomics', 'call-sync-synckit'],
  },
  {
    name: 'log-lines',
    workers: 3,
    window: 1024,
    unit: 'lines',
    names: ['log-batch', 'log-channel', 'log-post', 'log-thread-stream'],
  },
  {
    name: 'frames-newest',
    // Milliseconds between two frames.
    gap: 4,
    most: 500,
    unit: 'frames',
    figure: 'p50',
    names: ['frames-triple', 'frames-drop-oldest', 'frames-post-back', 'frames-post'],
  },
  {
    name: 'hundred-channels',
    size: 64,
    channels: 100,
    window: 64,
    unit: 'messages',
    names: ['hundred-channels', 'hundred-ports'],
  },
  ...[1, 2, 4, 8].map((receivers) => ({
    name: `broadcast-${receivers}`,
    size: 4 * KIB,
    receivers,
    window: 256,
    unit: 'messages',
    names: ['broadcast', 'broadcast-into', 'broadcast-ports', 'broadcast-channel'],
  })),
  {
    name: 'watch-set',
    size: KIB,
    readers: 4,
    gap: 1,
    most: 500,
    unit: 'values',
    figure: 'p50',
    names: ['watch', 'watch-ports', 'watch-shared'],
  },
].map((job) => Object.assign(job, { shape: 'job', apart: true }));
