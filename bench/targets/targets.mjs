// What is asked of millrace, row by row: the jobs first, then the queues.
import { ratio, under, within } from './claims.mjs';
import { jobTargets } from './job-targets.mjs';

const postMessage = ['copy', 'receive', 'transfer', 'transfer-back'];
const awaitedPost = ['copy', 'transfer', 'transfer-back'];
const transfers = ['transfer', 'transfer-back'];
const oneByOneRings = ['spsc', 'spsc-fresh', 'spsc-place', 'mpmc', 'mpmc-fresh', 'ringbuf'];
const copyingRings = ['spsc', 'spsc-fresh', 'spsc-sleep', 'mpmc', 'mpmc-fresh', 'mpmc-sleep'];
const placeRings = ['spsc-place', 'spsc-sleep-place'];
const blockingRings = ['spsc-sleep', 'spsc-sleep-place', 'mpmc-sleep'];
const allRings = [...oneByOneRings, ...blockingRings, 'spsc-batched', 'spsc-bell', 'ringbuf-batched'];
const refs = ['read-ref', 'refs'];
const blocking = ['blocking', 'blocking-into'];

/** A cost that is flat is at most so many times as much where there is much as where there is little. */
const FLAT = 1.5;
const flat = (what, many) =>
  within(
    'scaling',
    [`${what} ${many}`],
    FLAT,
    [`${what} 1`],
    `with 1, of ${many.toLocaleString('en-US')} ${what}`,
  );

const large = (label) => [
  ratio(`${label}-one-way`, refs, 0.9, ['memcpy'], 'memcpy into one block'),
  ratio(`${label}-one-way`, refs, 1, transfers, 'the best transfer'),
  ratio(
    `${label}-one-way`,
    refs,
    1,
    ['spsc', 'spsc-place', 'spsc-sleep-place', 'spsc-bell', 'mpmc'],
    'the best JS ring',
  ),
];

export const targets = [
  ...jobTargets,
  {
    row: '64 B one by one, `trySend` / `tryRecvInto`, 1:1',
    claims: [
      ratio('64B-one-way', ['try'], 1.5, oneByOneRings, 'the best JS ring one by one'),
      ratio('64B-one-way', ['try'], 0.7, ['crossbeam', 'crossbeam-blocking'], 'Rust threads on crossbeam'),
      ratio('64B-one-way', ['try'], 20, postMessage, '`postMessage`'),
      ratio('64B-one-way', ['try'], 12, postMessage, '`postMessage`'),
    ],
  },
  {
    row: '64 B one by one, blocking both sides',
    claims: [ratio('64B-one-way', blocking, 1, blockingRings, 'the best JS ring that blocks')],
  },
  {
    row: '64 B one by one, a fresh `Uint8Array` sent and a fresh one received',
    claims: [
      ratio('64B-one-way', ['fresh'], 15, postMessage, '`postMessage`'),
      ratio('64B-one-way', ['fresh'], 1, ['mpmc-fresh'], 'the JS MPMC ring giving fresh arrays'),
    ],
  },
  {
    row: '64 B, `send` + `for await`',
    claims: [
      ratio('64B-one-way', ['awaited'], 8, awaitedPost, '`postMessage`'),
      ratio('64B-one-way', ['awaited'], 3, awaitedPost, '`postMessage`'),
      ratio('64B-one-way', ['awaited'], 2, ['multithreading'], 'any awaited channel on npm'),
    ],
  },
  {
    row: '64 B, `batches()` awaited',
    claims: [
      ratio('64B-one-way', ['batches', 'batch-batches'], 0.8, ['spsc-bell'], 'the JS ring with a bell'),
    ],
  },
  {
    row: '64 B batched, read as views',
    claims: [
      ratio('64B-one-way', ['many', 'batch', 'batch-blocking'], 2, allRings, 'the best JS ring of any kind'),
    ],
  },
  {
    row: '1 KiB one by one / in place',
    claims: [
      ratio('1KiB-one-way', ['try'], 0.7, copyingRings, 'the best JS ring that copies out'),
      ratio('1KiB-one-way', refs, 1, placeRings, 'the ring read in place'),
      ratio('1KiB-one-way', ['try'], 12, postMessage, '`postMessage`'),
    ],
  },
  {
    row: 'in place beside the copying verbs',
    claims: ['4KiB', '16KiB'].map((label) =>
      ratio(`${label}-one-way`, refs, 1, [...blocking, 'awaited'], `the best copying verb, ${label}`),
    ),
  },
  {
    row: '64 KiB copied in once, read in place',
    claims: [
      ratio('64KiB-one-way', refs, 1.3, transfers, 'the best `postMessage` transfer'),
      ratio('64KiB-one-way', refs, 1, placeRings, 'the best ring read in place'),
    ],
  },
  {
    row: '64 KiB and larger, copied in once, whatever the verb',
    claims: ['64KiB', '1MiB', '6.2MB'].map((label) =>
      ratio(
        `${label}-one-way`,
        ['try', ...blocking, 'awaited', ...refs],
        1,
        ['transfer'],
        `a \`postMessage\` transfer, a new buffer filled, of ${label}`,
      ),
    ),
  },
  { row: '1 MiB copied in once, read in place', claims: large('1MiB') },
  { row: '6.2 MB copied in once, read in place', claims: large('6.2MB') },
  {
    row: '6.2 MB and 64 MB in place, not filled',
    claims: [
      ...['6.2MB', '64MB'].map((label) =>
        ratio(
          `${label}-hand-over`,
          ['refs-unfilled'],
          0.5,
          ['refs-unfilled'],
          `the rate at 64 KiB, of ${label}`,
          '64KiB-hand-over',
        ),
      ),
      ratio(
        '6.2MB-hand-over',
        ['refs-unfilled'],
        5,
        ['transfer-unfilled', 'transfer-back-unfilled'],
        'the best transfer, not filled either',
      ),
      ratio(
        '6.2MB-hand-over',
        ['refs-unfilled'],
        20,
        transfers,
        'the best transfer, filled',
        '6.2MB-one-way',
      ),
    ],
  },
  {
    row: 'triple buffer through the border',
    claims: ['64 B', '64 KiB', '6.2 MB'].flatMap((size) => [
      under('steps', [`publish ${size}`], 60, 'ns'),
      under('steps', [`update ${size}`], 60, 'ns'),
    ]),
  },
  {
    row: 'triple buffer in the core alone',
    claims: ['64 B', '64 KiB', '6.2 MB'].flatMap((size) => [
      under('latest', [`core publish ${size}`], 40, 'ns'),
      under('latest', [`core update ${size}`], 40, 'ns'),
    ]),
  },
  {
    row: 'blocking ping-pong, hot / cold p50',
    claims: [
      within('64B-ping-pong', blocking, 1.5, ['crossbeam-blocking'], 'Rust threads, hot'),
      within('64B-ping-pong-cold', blocking, 1.25, ['crossbeam-blocking'], 'Rust threads, cold'),
    ],
  },
  {
    row: 'awaited ping-pong p50, hot / cold',
    claims: [
      within('64B-ping-pong', ['awaited'], 1 / 3, ['copy', 'transfer'], '`postMessage`, hot'),
      within('64B-ping-pong-cold', ['awaited'], 1, ['copy'], '`postMessage`, cold'),
    ],
  },
  {
    row: '4:4 across 8 workers',
    claims: [
      ratio('4-to-4', ['try', ...blocking], 0.7, ['try', ...blocking], '1:1, total', '64B-one-way'),
      ratio('4-to-4', ['try', ...blocking], 1, ['mpmc', 'mpmc-sleep'], 'the JS MPMC ring'),
    ],
  },
  {
    row: 'queued messages, `recvMany(256)`',
    claims: [
      ratio('queued', ['queued-recv-many'], 4, ['queued-recv'], '`await recv()`'),
      ratio('queued', ['queued-recv-many'], 1.5, ['queued-try-recv'], '`tryRecv()`'),
    ],
  },
  {
    row: 'packed by `batch()`, blocking both sides',
    claims: [ratio('64B-one-way', ['batch-blocking'], 4, ['blocking'], '`sendSync` / `recvSync`')],
  },
  {
    row: 'a full channel that drops',
    claims: ['drop-newest', 'drop-oldest'].map((name) =>
      ratio('overflow', [name], 0.5, ['wait'], `one that waits, by \`${name}\``),
    ),
  },
  {
    row: 'a message costs the same, however many there are',
    claims: [
      flat('handles', 64),
      flat('channels', 64),
      flat('queued', 1000),
      flat('queued', 1_000_000),
      ratio('awaited-channels', ['fan-100'], 1 / FLAT, ['fan-1'], 'with 1, of 100 channels awaited'),
    ],
  },
  {
    row: 'longest stall of a loop that closes 1,000,000 queued messages',
    claims: ['64 B', '1 KiB'].flatMap((size) =>
      ['close', 'cancel'].map((verb) => under('closing', [`${verb} ${size}`], 20, 'ms')),
    ),
  },
  { row: 'an idle blocked worker', claims: [under('idle', ['recvSync'], 0.5, '% of a core')] },
];
