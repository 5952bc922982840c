// Who takes part: by name, the words for it, its family, the module that does it, and that module's settings.
// `search`: it is measured with the best of the backoffs. `needs`: the verb without which it cannot be measured.
import { millraceJobs, packageJobs, postJobs } from './job-peers.mjs';

/** Microseconds: never, briefly, long. */
export const spinSettings = [0, 50, 200];
export const pollSettings = [0, 50, 200];

const fixed = {
  ...Object.fromEntries(
    spinSettings.map((spin) => [
      `blocking-spin-${spin}`,
      {
        title: `\`sendSync\` / \`recvIntoSync\`, \`spin: ${spin}\``,
        module: 'millrace/single',
        settings: { wait: 'block', into: true, channel: { spin } },
      },
    ]),
  ),
  ...Object.fromEntries(
    pollSettings.map((poll) => [
      `awaited-poll-${poll}`,
      {
        title: `\`send\` / \`for await\`, \`poll: ${poll}\``,
        module: 'millrace/awaited',
        settings: { channel: { poll } },
      },
    ]),
  ),
};

const millrace = {
  try: {
    title: '`trySend` / `tryRecvInto`',
    module: 'millrace/single',
    settings: { wait: 'try', into: true },
    search: true,
  },
  fresh: {
    title: '`trySend` of a fresh array / `tryRecv`',
    module: 'millrace/single',
    settings: { wait: 'try', fresh: true },
    search: true,
  },
  blocking: { title: '`sendSync` / `recvSync`', module: 'millrace/single', settings: { wait: 'block' } },
  'blocking-into': {
    title: '`sendSync` / `recvIntoSync`',
    module: 'millrace/single',
    settings: { wait: 'block', into: true },
  },
  awaited: { title: '`send` / `for await`', module: 'millrace/awaited' },
  batches: { title: '`sendMany` / `batches()`', module: 'millrace/batches' },
  'batch-batches': {
    title: '`batch().send` / `batches()`',
    module: 'millrace/batch',
    settings: { wait: 'await' },
    needs: 'batch',
  },
  many: { title: '`trySendMany` / `tryRecvMany`', module: 'millrace/many', search: true },
  batch: {
    title: '`batch().trySend` / `tryRecvMany`',
    module: 'millrace/batch',
    settings: { wait: 'try' },
    search: true,
    needs: 'batch',
  },
  'batch-blocking': {
    title: '`batch().sendSync` / `recvManySync`',
    module: 'millrace/batch',
    settings: { wait: 'block' },
    needs: 'batch',
  },
  'read-ref': {
    title: '`sendSync` / `recvRefSync`',
    module: 'millrace/refs',
    settings: { written: false },
    needs: 'recvRefSync',
  },
  refs: {
    title: '`sendRef` filled / `recvRefSync`',
    module: 'millrace/refs',
    settings: { written: true },
    needs: 'recvRefSync',
  },
  'refs-unfilled': {
    title: '`sendRef` not filled / `recvRefSync`',
    module: 'millrace/refs',
    settings: { written: true, filled: false },
    needs: 'recvRefSync',
  },
};

const postMessage = {
  copy: { title: 'copied', module: 'post/copy' },
  receive: { title: 'copied, `receiveMessageOnPort`', module: 'post/receive', search: true },
  transfer: { title: 'transferred', module: 'post/transfer' },
  'transfer-back': { title: 'transferred, buffers sent back', module: 'post/transfer-back' },
  'transfer-unfilled': {
    title: 'transferred, not filled',
    module: 'post/transfer',
    settings: { filled: false },
  },
  'transfer-back-unfilled': {
    title: 'transferred, buffers sent back, not filled',
    module: 'post/transfer-back',
    settings: { filled: false },
  },
  mesh: { title: 'copied, a port from each to each', module: 'post/mesh' },
};

const npm = {
  ringbuf: { title: 'ringbuf.js', module: 'rings/ringbuf', settings: { batched: false }, search: true },
  'ringbuf-batched': {
    title: 'ringbuf.js, many at once',
    module: 'rings/ringbuf',
    settings: { batched: true },
    search: true,
  },
  multithreading: {
    title: 'multithreading, `send` / `recv`',
    module: 'packages/multithreading',
    settings: { blocking: false },
  },
  'multithreading-blocking': {
    title: 'multithreading, `blockingSend` / `blockingRecv`',
    module: 'packages/multithreading',
    settings: { blocking: true },
  },
  'thread-stream': { title: 'thread-stream', module: 'packages/thread-stream', settings: { sync: false } },
  'thread-stream-sync': {
    title: 'thread-stream, `sync: true`',
    module: 'packages/thread-stream',
    settings: { sync: true },
  },
};

const ring = (title, settings) => ({ title, module: 'rings/single', settings, search: true });
const rings = {
  spsc: ring('SPSC, copied out', { ring: 'spsc', wait: 'try', take: 'into' }),
  'spsc-fresh': ring('SPSC, fresh arrays', { ring: 'spsc', wait: 'try', take: 'fresh' }),
  'spsc-place': ring('SPSC, read in place', { ring: 'spsc', wait: 'try', take: 'place' }),
  'spsc-sleep': ring('SPSC, `Atomics.wait`, copied out', { ring: 'spsc', wait: 'sleep', take: 'into' }),
  'spsc-sleep-place': ring('SPSC, `Atomics.wait`, in place', { ring: 'spsc', wait: 'sleep', take: 'place' }),
  'spsc-batched': {
    title: 'SPSC, batched, in place',
    module: 'rings/batched',
    settings: { ring: 'spsc' },
    search: true,
  },
  'spsc-bell': {
    title: 'SPSC, batched, in place, `postMessage` bell',
    module: 'rings/bell',
    settings: { ring: 'spsc' },
    search: true,
  },
  'latest-ring': { title: 'triple buffer', module: 'rings/latest' },
  mpmc: ring('MPMC, copied out', { ring: 'mpmc', wait: 'try', take: 'into' }),
  'mpmc-fresh': ring('MPMC, fresh arrays', { ring: 'mpmc', wait: 'try', take: 'fresh' }),
  'mpmc-sleep': ring('MPMC, `Atomics.wait`, copied out', { ring: 'mpmc', wait: 'sleep', take: 'into' }),
};

const limits = {
  crossbeam: {
    title: 'Rust threads, crossbeam, trying',
    module: 'limits',
    settings: { wait: 'try' },
    search: true,
  },
  'crossbeam-blocking': {
    title: 'Rust threads, crossbeam, blocking',
    module: 'limits',
    settings: { wait: 'block' },
    search: true,
  },
  memcpy: { title: 'memcpy into one block', module: 'limits', settings: { copies: 'hot' } },
  'memcpy-cold': { title: 'memcpy into many blocks in turn', module: 'limits', settings: { copies: 'cold' } },
  'chunks-alone': { title: 'read alone, handed to nobody', module: 'chunks/alone' },
};

const own = {
  'latest-millrace': { title: '`tripleBuffer`', module: 'millrace/latest' },
  'fan-1': { title: '`send` / `for await`, 1 channel', module: 'fan', settings: { channels: 1 } },
  'fan-10': { title: '10 channels', module: 'fan', settings: { channels: 10 } },
  'fan-100': { title: '100 channels', module: 'fan', settings: { channels: 100 } },
  'queued-recv': { title: '`await recv()`', module: 'millrace/queued-recv' },
  'queued-try-recv': { title: '`tryRecv()`', module: 'millrace/queued-try-recv' },
  'queued-recv-many': { title: '`await recvMany(256)`', module: 'millrace/queued-recv-many' },
  wait: { title: "`overflow: 'wait'`", module: 'millrace/overflow', settings: { overflow: 'wait' } },
  'drop-newest': {
    title: "`overflow: 'drop-newest'`",
    module: 'millrace/overflow',
    settings: { overflow: 'drop-newest' },
  },
  'drop-oldest': {
    title: "`overflow: 'drop-oldest'`",
    module: 'millrace/overflow',
    settings: { overflow: 'drop-oldest' },
  },
};

const families = {
  millrace: { ...millrace, ...fixed, ...own, ...millraceJobs },
  postMessage: { ...postMessage, ...postJobs },
  npm: { ...npm, ...packageJobs },
  ring: rings,
  limit: limits,
};

/** By name. */
export const peers = Object.fromEntries(
  Object.entries(families).flatMap(([family, members]) =>
    Object.entries(members).map(([name, peer]) => [name, { name, family, ...peer }]),
  ),
);

export function namesOf(family) {
  return Object.keys(families[family]);
}

/** A peer's whole name, with its family's; what is no peer has its own. */
export function titleOf(name) {
  if (peers[name] === undefined) return name;
  const { title, family } = peers[name];
  return (
    { millrace: `millrace ${title}`, postMessage: `\`postMessage\`, ${title}`, ring: `JS ring ${title}` }[
      family
    ] ?? title
  );
}
