// What is asked of the whole jobs, of busy machines and of single calls; as targets.mjs has it.
import { cost, peak, ratio, under, within } from './claims.mjs';
import { pollSettings, spinSettings } from '../who/peers.mjs';

const inPlaceOrMoved = ['chunks-refs', 'chunks-blocking', 'chunks-transfer', 'chunks-transfer-back'];
const chunkJobs = ['16KiB', '64KiB', '256KiB', '1MiB'].flatMap((label) => [
  `${label}-chunks`,
  `${label}-chunks-hashed`,
]);
const back = ['chunks-post-back'];
const broadcasts = ['broadcast', 'broadcast-into'];

const fixedSpins = spinSettings.map((spin) => `blocking-spin-${spin}`);
const fixedPolls = pollSettings.map((poll) => `awaited-poll-${poll}`);
const loads = ['busy-1', 'busy-2', 'busy-4', 'one-core'];
/** At least so much of the best fixed setting, and of others; a time at most so many times as long. */
const NEAR = 0.83;
const RING = 0.8;

export const jobTargets = [
  {
    row: 'file chunks there and back, by the best verbs',
    claims: chunkJobs.flatMap((job) => [
      ratio(job, inPlaceOrMoved, 1.3, back, `\`postMessage\`, buffers sent back, ${job}`),
      cost(job, inPlaceOrMoved, 1, back, `its CPU, ${job}`),
      peak(job, inPlaceOrMoved, 1, back, `its peak memory, ${job}`),
    ]),
  },
  {
    row: 'file chunks there and back, `send` / `for await`',
    claims: chunkJobs.map((job) =>
      ratio(job, ['chunks-plain'], 1, ['chunks-post'], `\`postMessage\`, a new buffer each, ${job}`),
    ),
  },
  {
    row: 'request and reply',
    claims: [
      within('call-idle', ['call-rpc'], 1, ['call-post'], '`postMessage` with ids, p50, 1 ms apart'),
      ratio('call-loaded', ['call-rpc'], 4, ['call-post'], '`postMessage` with ids, 16 callers'),
      ratio('64KiB-call', ['call-rpc'], 1.3, ['call-post'], '`postMessage` with ids, replies of 64 KiB'),
      within('call-sync', ['call-sync-rpc'], 1 / 3, ['call-sync-synckit'], 'synckit, p50'),
    ],
  },
  {
    row: 'broadcast of 4 KiB to 4 receivers',
    claims: [
      ratio('broadcast-4', broadcasts, 8, ['broadcast-channel'], '`BroadcastChannel`'),
      ratio('broadcast-4', broadcasts, 4, ['broadcast-ports'], 'a `postMessage` to each'),
    ],
  },
  {
    row: 'memory of 1,000 queued broadcasts of 64 KiB',
    claims: [within('broadcast-memory', ['receivers 8'], 1.1, ['receivers 1'], 'that of one receiver, of 8')],
  },
  {
    row: 'watch',
    claims: [
      under('steps', ['watch get'], 60, 'ns'),
      { ...under('watch-set', ['watch'], 0.003, 'ms'), words: '`set` of 1 KiB, 4 readers asleep' },
    ],
  },
  {
    row: 'leases, `recv` and `ack`',
    claims: [within('steps', ['lease'], 1 / 0.7, ['no lease'], 'the same channel without')],
  },
  {
    row: 'awaited round trip of 64 B, its CPU, hot / cold',
    claims: [
      cost('64B-ping-pong', ['awaited'], 1, ['copy'], '`postMessage`, hot', Math.min),
      cost('64B-ping-pong-cold', ['awaited'], 1, ['copy'], '`postMessage`, cold', Math.min),
    ],
  },
  {
    row: '64 B one way on a busy machine',
    claims: loads.flatMap((load) => {
      const scenario = `64B-one-way-${load}`;
      return [
        ratio(scenario, ['blocking-into'], NEAR, fixedSpins, `the best fixed \`spin\`, ${load}`),
        ratio(scenario, ['awaited'], NEAR, fixedPolls, `the best fixed \`poll\`, ${load}`),
        ratio(scenario, ['blocking-into'], RING, ['spsc-sleep'], `the ring on \`Atomics.wait\`, ${load}`),
        ratio(scenario, ['blocking-into'], 1, ['receive'], `\`receiveMessageOnPort\`, ${load}`),
        ratio(scenario, ['awaited'], 1, ['copy'], `\`postMessage\`, ${load}`),
      ];
    }),
  },
  {
    row: '64 B round trips on a busy machine',
    claims: loads.flatMap((load) => {
      const scenario = `64B-ping-pong-${load}`;
      return [
        within(scenario, ['blocking-into'], 1 / NEAR, fixedSpins, `the best fixed \`spin\`, ${load}`),
        within(scenario, ['awaited'], 1 / NEAR, fixedPolls, `the best fixed \`poll\`, ${load}`),
        within(
          scenario,
          ['blocking-into'],
          1 / RING,
          ['spsc-sleep'],
          `the ring on \`Atomics.wait\`, ${load}`,
        ),
        within(scenario, ['blocking-into'], 1, ['copy'], `\`postMessage\`, blocking, ${load}`),
        within(scenario, ['awaited'], 1, ['copy'], `\`postMessage\`, awaited, ${load}`),
      ];
    }),
  },
  {
    row: 'a ref through one thread, a byte written',
    claims: ['64 KiB', '6.2 MB', '64 MB'].map((size) => under('steps', [`ref ${size}`], 1200, 'ns')),
  },
  {
    row: 'a header and bytes, by `record` and `union`',
    claims: ['record', 'union'].map((codec) =>
      within('steps', [`codec ${codec}`], 1, ['codec by hand'], `a codec written by hand, \`${codec}\``),
    ),
  },
  { row: 'making a channel and closing its ends', claims: [under('steps', ['make bounded'], 10_000, 'ns')] },
  {
    row: 'loading',
    claims: [under('loading', ['require millrace'], 15, 'ms'), under('loading', ['worker more'], 15, 'ms')],
  },
];
