// The one table of the project's README: which verbs for which job, and how fast beside what else there is. A whole run on
// the newest Node writes it.
import { median } from './statistics.mjs';
import { amount, micros, table, times } from './tables.mjs';

const moved = ['chunks-refs', 'chunks-blocking', 'chunks-transfer', 'chunks-transfer-back'];
const copyingRings = ['spsc', 'spsc-sleep', 'mpmc', 'mpmc-sleep', 'ringbuf'];
const placeRings = ['spsc-place', 'spsc-sleep-place', 'spsc-bell'];
const posts = ['copy', 'receive', 'transfer', 'transfer-back'];

/** `verbs`: by peer, where several are asked for; `unit`: of a rate. A row with `timed` has times, of which less is better. */
const rows = [
  ...['16KiB', '64KiB', '1MiB'].map((label) => ({
    what: `chunks of a file, ${label.replace(/(?=[KM])/, ' ')}, to a worker and back`,
    verbs: {
      'chunks-refs': '`sendRef`, `refs()`, `forward`',
      'chunks-blocking': '`sendRef`, in the worker `recvRefSync`, `forwardSync`',
      'chunks-transfer': '`alloc`, `send` with `{ transfer: true }`',
      'chunks-transfer-back': '`send` with `{ transfer: true }`, memory filled again',
    },
    scenario: `${label}-chunks`,
    ours: moved,
    post: ['chunks-post-back'],
    unit: 'chunks',
  })),
  {
    what: '64 bytes, awaited',
    verbs: { awaited: '`send`, `for await`' },
    scenario: '64B-one-way',
    ours: ['awaited'],
    post: ['copy'],
    ring: ['spsc-bell'],
  },
  {
    what: '64 bytes, blocking',
    verbs: { 'blocking-into': '`sendSync`, `recvIntoSync`' },
    scenario: '64B-one-way',
    ours: ['blocking-into'],
    post: ['receive'],
    ring: ['spsc-sleep', 'mpmc-sleep'],
  },
  {
    what: '64 bytes, millions a second',
    verbs: {
      'batch-blocking': '`batch().sendSync`, `recvManySync`',
      batch: '`batch().trySend`, `tryRecvMany`',
      'batch-batches': '`batch().send`, `batches()`',
    },
    scenario: '64B-one-way',
    ours: ['batch', 'batch-blocking', 'batch-batches'],
    post: posts,
    ring: ['spsc-batched', 'spsc-bell', 'ringbuf-batched', ...copyingRings],
  },
  {
    what: '1 KiB, one by one',
    verbs: { 'blocking-into': '`sendSync`, `recvIntoSync`', try: '`trySend`, `tryRecvInto`' },
    scenario: '1KiB-one-way',
    ours: ['try', 'blocking-into'],
    post: posts,
    ring: copyingRings,
  },
  ...[
    { label: '64KiB', what: '64 KiB, filled and read in place' },
    { label: '6.2MB', what: 'frames of 6.2 MB, filled and read in place' },
  ].map(({ label, what }) => ({
    what,
    verbs: { refs: '`sendRef`, `recvRefSync`', 'read-ref': '`sendSync`, `recvRefSync`' },
    scenario: `${label}-one-way`,
    ours: ['refs', 'read-ref'],
    post: ['transfer', 'transfer-back'],
    ring: placeRings,
  })),
  {
    what: 'request and reply, 16 callers',
    verbs: { 'call-rpc': '`call`, `serve`' },
    scenario: 'call-loaded',
    ours: ['call-rpc'],
    post: ['call-post'],
    unit: 'calls',
  },
  {
    what: 'request and reply, now and then',
    verbs: { 'call-rpc': '`call`, `serve`' },
    scenario: 'call-idle',
    ours: ['call-rpc'],
    post: ['call-post'],
    timed: true,
  },
  {
    what: 'a blocking call',
    verbs: { 'call-sync-rpc': '`callSync`, `serve`' },
    scenario: 'call-sync',
    ours: ['call-sync-rpc'],
    post: ['call-sync-atomics'],
    timed: true,
  },
  {
    what: 'every message to 4 threads, 4 KiB',
    verbs: { broadcast: '`send`, `for await`', 'broadcast-into': '`sendSync`, `recvIntoSync`' },
    scenario: 'broadcast-4',
    ours: ['broadcast', 'broadcast-into'],
    post: ['broadcast-ports', 'broadcast-channel'],
  },
  {
    what: 'log lines of 3 workers to one writer',
    verbs: { 'log-batch': '`batch()`, `batches()`', 'log-channel': '`sendSync`, `batches()`' },
    scenario: 'log-lines',
    ours: ['log-batch', 'log-channel'],
    post: ['log-post'],
    unit: 'lines',
  },
  {
    what: 'the newest frame of a camera, 2.8 MB, how old it is when seen',
    verbs: {
      'frames-drop-oldest': "`overflow: 'drop-oldest'`, refs",
      'frames-triple': '`tripleBuffer`',
    },
    scenario: 'frames-newest',
    ours: ['frames-triple', 'frames-drop-oldest'],
    post: ['frames-post-back', 'frames-post'],
    timed: true,
  },
];

/** The table; a row whose scenario was not measured is left out. */
export function headline(measured) {
  const lines = rows.flatMap((row) => {
    const ours = bestOf(row.ours, row, measured);
    if (ours === undefined) return [];
    const beside = (names = []) => {
      const best = bestOf(names, row, measured);
      if (best === undefined) return '';
      return times(row.timed ? best.value / ours.value : ours.value / best.value);
    };
    const { what, verbs, timed, unit = 'messages', post, ring } = row;
    const figure = timed ? micros(ours.value) : `${amount(ours.value)} ${unit}/s`;
    return [[what, verbs[ours.name], figure, beside(post), beside(ring)]];
  });
  return table([
    ['what', 'by', 'how fast', 'as fast as `postMessage`', 'as fast as the best ring'],
    ...lines,
  ]);
}

function bestOf(names, { scenario, timed }, measured) {
  const found = (measured[scenario] ?? [])
    .filter(({ name }) => names.includes(name))
    .map(({ name, values }) => ({ name, value: median(values) }));
  found.sort((one, other) => (timed ? one.value - other.value : other.value - one.value));
  return found[0];
}

const marked = /(<!-- bench begins -->\n\n)[\s\S]*?(\n\n<!-- bench ends -->)/;

/** The README with this in the place of its table. */
export function placedInReadme(text, words) {
  if (!marked.test(text)) throw new Error('Expected the marks of the benchmark in README.md');
  return text.replace(marked, (_, begins, ends) => `${begins}${words}${ends}`);
}
