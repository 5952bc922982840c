// What is measured: sizes and shapes, and who takes part in each.
import { jobs } from './jobs.mjs';
import { isOffered } from './offered.mjs';
import { peers, pollSettings, spinSettings } from './peers.mjs';
import { canPin } from '../measure/pinned.mjs';

const KIB = 1024;
const MIB = 1024 * KIB;
/** A frame of 1920 x 1080 pixels in three colours. */
const FRAME = 1920 * 1080 * 3;

/** Bytes that may be under way at once, for every peer alike; never fewer than 4 messages, never more than 1,024. */
const BYTES_UNDER_WAY = 16 * MIB;

const windowOf = (size) => {
  const most = Math.min(1024, Math.max(4, Math.floor(BYTES_UNDER_WAY / size)));
  // The rings need a power of two.
  return 2 ** Math.floor(Math.log2(most));
};

const labelOf = (size) =>
  size === FRAME ? '6.2MB' : size >= MIB ? `${size / MIB}MiB` : size >= KIB ? `${size / KIB}KiB` : `${size}B`;

const sendMessages = ['copy', 'receive', 'transfer', 'transfer-back'];
const batched = [
  'many',
  'batch',
  'batch-blocking',
  'batches',
  'batch-batches',
  'spsc-batched',
  'spsc-bell',
  'ringbuf-batched',
];
const oneByOne = ['try', 'fresh', 'blocking', 'blocking-into', 'awaited'];
const others = [
  'multithreading',
  'multithreading-blocking',
  'thread-stream',
  'thread-stream-sync',
  'ringbuf',
];
const oneRings = [
  'spsc',
  'spsc-fresh',
  'spsc-place',
  'spsc-sleep',
  'spsc-sleep-place',
  'mpmc',
  'mpmc-fresh',
  'mpmc-sleep',
];
const inPlace = ['read-ref', 'refs'];
const rust = ['crossbeam', 'crossbeam-blocking'];
const long = [
  'try',
  'blocking',
  'blocking-into',
  'awaited',
  ...inPlace,
  ...sendMessages,
  'spsc',
  'spsc-place',
  'spsc-sleep-place',
  'spsc-bell',
  'mpmc',
  ...rust,
  'memcpy',
  'memcpy-cold',
];

/** Each way of waiting, beside what Node has. */
const few = ['try', 'blocking-into', 'awaited', 'copy', 'transfer'];

/** Whether to copy or to read in place. */
const copyOrPlace = ['blocking', 'blocking-into', 'awaited', ...inPlace, 'copy', 'transfer-back'];
/** Short messages, many at a time: what was seen at 64 bytes is not measured again at 1 KiB. */
const shortOnly = [...batched, ...others];
const kib = [
  'try',
  'blocking',
  'blocking-into',
  'awaited',
  ...inPlace,
  ...sendMessages,
  ...oneRings,
  ...rust,
];

const oneWay = [
  {
    label: '64B',
    size: 64,
    names: [...oneByOne, ...inPlace, ...shortOnly, ...sendMessages, ...oneRings, ...rust],
  },
  { label: '1KiB', size: KIB, names: kib },
  { label: '4KiB', size: 4 * KIB, names: copyOrPlace },
  { label: '16KiB', size: 16 * KIB, names: copyOrPlace },
  { label: '64KiB', size: 64 * KIB, names: [...long, 'ringbuf', 'thread-stream-sync'] },
  { label: '1MiB', size: MIB, names: long },
  { label: '6.2MB', size: FRAME, names: long },
].map(({ label, size, names }) => ({
  name: `${label}-one-way`,
  shape: 'one-way',
  size,
  window: windowOf(size),
  names,
}));

const blockingPing = [
  'blocking',
  'blocking-into',
  'spsc-sleep',
  'mpmc-sleep',
  'ringbuf',
  'crossbeam-blocking',
];
const awaitedPing = ['awaited', 'copy', 'transfer', 'spsc-bell'];
const pingPong = [
  {
    name: '64B-ping-pong',
    size: 64,
    most: 5000,
    names: ['try', ...blockingPing, 'spsc', 'crossbeam', ...awaitedPing],
  },
  // Nobody here spins between two pings: both sides have gone to sleep.
  {
    name: '64B-ping-pong-cold',
    size: 64,
    gap: 1,
    most: 2000,
    names: [
      'blocking',
      'blocking-into',
      'spsc-sleep',
      'mpmc-sleep',
      'crossbeam-blocking',
      'awaited',
      'copy',
      'spsc-bell',
    ],
  },
  { name: '4KiB-ping-pong', size: 4 * KIB, most: 2000, names: few },
  { name: '64KiB-ping-pong', size: 64 * KIB, most: 2000, names: [...few, 'refs'] },
  { name: '1MiB-ping-pong', size: MIB, most: 1000, names: [...few, 'refs'] },
  { name: '6.2MB-ping-pong', size: FRAME, most: 500, names: [...few, 'refs'] },
].map(({ name, size, gap, most, names }) => ({
  name,
  shape: 'ping-pong',
  size,
  gap,
  most,
  window: windowOf(size),
  names,
}));

const teamNames = ['blocking', 'blocking-into', 'awaited', 'mesh', 'mpmc-sleep', 'crossbeam-blocking'];
/** Those that leave no core to anybody while they try. */
const oneTries = ['try', 'mpmc', 'crossbeam'];
/**
 * The same on a machine that has other work, and with one core for all: what waits by default, beside the settings that
 * are best somewhere. Everybody has a process of their own, whose processor time is not that of the other work.
 */
const spins = ['blocking-into', ...spinSettings.map((spin) => `blocking-spin-${spin}`)];
const polls = ['awaited', ...pollSettings.map((poll) => `awaited-poll-${poll}`)];
const loads = [
  { label: 'busy-1', busy: 1 },
  { label: 'busy-2', busy: 2 },
  { label: 'busy-4', busy: 4 },
  ...(canPin ? [{ label: 'one-core', oneCore: true }] : []),
];
const onLoad = ({ label, ...load }, shape, size, names) => ({
  ...load,
  name: `${labelOf(size)}-${shape}-${label}`,
  shape,
  size,
  names,
  apart: true,
  window: windowOf(size),
  most: size === 64 ? 1000 : 100,
});
/** Nobody is awake, and the cores are somebody else's. */
const coldOnLoad = (load) => {
  const cold = onLoad(load, 'ping-pong', 64, ['blocking-into', 'awaited', 'spsc-sleep', 'copy']);
  return Object.assign(cold, { name: `64B-ping-pong-cold-${load.label}`, gap: 1, most: 300 });
};
const longTrips = [4 * KIB, 64 * KIB, MIB, FRAME];
const loaded = loads.flatMap((load) =>
  [
    onLoad(load, 'one-way', 64, [...spins, ...polls, 'spsc-sleep', 'copy', 'receive']),
    onLoad(load, 'ping-pong', 64, [...spins, ...polls, 'spsc-sleep', 'copy']),
  ].concat(
    load.busy > 1 ? coldOnLoad(load) : [],
    (load.busy > 1 ? longTrips : []).map((size) => {
      const inPlace = size > 4 * KIB ? ['refs'] : [];
      return onLoad(load, 'ping-pong', size, ['blocking-into', 'awaited', ...inPlace, 'copy', 'transfer']);
    }),
  ),
);

const teams = [
  { senders: 4, receivers: 1 },
  { senders: 1, receivers: 4 },
  { senders: 4, receivers: 4 },
].map(({ senders, receivers }) => ({
  name: `${senders}-to-${receivers}`,
  shape: 'team',
  size: 64,
  window: 1024,
  senders,
  receivers,
  names: senders === receivers ? [...teamNames, ...oneTries] : teamNames,
}));

const handOver = [
  { label: '64KiB', size: 64 * KIB },
  { label: '6.2MB', size: FRAME },
  { label: '64MB', size: 64e6 },
].map(({ label, size }) => ({
  name: `${label}-hand-over`,
  shape: 'one-way',
  size,
  window: 4,
  names: ['refs-unfilled', 'transfer-unfilled', 'transfer-back-unfilled'],
}));

const all = [
  ...jobs,
  ...oneWay,
  ...pingPong,
  ...loaded,
  ...teams,
  ...handOver,
  {
    name: 'awaited-channels',
    shape: 'one-way',
    size: 64,
    window: 1024,
    names: ['fan-1', 'fan-10', 'fan-100'],
  },
  { name: 'latest-values', shape: 'latest', size: 64, names: ['latest-millrace', 'latest-ring'] },
  // All is queued before the first receive, whatever a repetition takes.
  {
    name: 'queued',
    shape: 'queued',
    size: 64,
    count: 1_000_000,
    // Until the pages of what is queued, and of what it is received in, have been there before.
    warmUp: 3,
    names: ['queued-recv', 'queued-try-recv', 'queued-recv-many'],
  },
  {
    name: 'overflow',
    shape: 'overflow',
    size: 64,
    window: 1024,
    names: ['wait', 'drop-newest', 'drop-oldest'],
  },
];

/** Each with the peers that the package at hand can measure. */
export const scenarios = all
  .map((scenario) => {
    const measurable = scenario.names.map((name) => peers[name]).filter(({ needs }) => isOffered(needs));
    return Object.assign(scenario, { peers: measurable });
  })
  .filter(({ peers }) => peers.length > 0);
