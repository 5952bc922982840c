// The hunt for waits that do not end: what it takes for one, and a short run of it.
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { Child } from '../process/child';

interface Player {
  readonly player: number;
  readonly thread: number;
  readonly verb: string;
  readonly receives: number[];
  readonly sends: number[];
  readonly drains: number[];
  readonly calls: number[];
  readonly holds: number[];
  readonly missed: number[];
}
interface Channel {
  readonly flavor: string;
  readonly capacity: number;
  readonly length: number;
  readonly senders: number;
  readonly receivers: number;
  readonly waitingSenders: number;
  readonly packed: boolean;
  readonly ends: readonly { side: 'sender' | 'receiver'; thread: number }[];
}

const { faultsOf } = createRequire(import.meta.url)('./faults.cjs') as {
  faultsOf: (players: readonly Player[], channels: readonly (Channel | undefined)[]) => string[];
};

const nothing = { receives: [], sends: [], drains: [], calls: [], holds: [], missed: [] };
const player = (number: number, does: Partial<Player>): Player => ({
  player: number,
  thread: number + 1,
  verb: 'verb',
  ...nothing,
  ...does,
});
const [sender, receiver] = [1, 2].map((thread) => ({ side: 'sender' as const, thread }));
const held = [sender!, { ...receiver!, side: 'receiver' as const }];
const channel = (has: Partial<Channel> = {}): Channel => ({
  flavor: 'bounded',
  capacity: 2,
  length: 0,
  senders: 1,
  receivers: 1,
  waitingSenders: 0,
  packed: false,
  ends: held,
  ...has,
});

const receives = player(0, { receives: [0] });
const sends = player(1, { sends: [0] });
const calls = player(0, { calls: [0] });
const full = channel({ length: 2 });

test.each<[string, Player[], Channel | undefined]>([
  ['messages are queued', [receives], full],
  ['all ends of it are gone', [receives], undefined],
  ['no sender is left', [receives], channel({ senders: 0 })],
  ['somebody else sends', [receives, sends], channel({ capacity: 0 })],
  ['a value was set since', [player(0, { receives: [0], missed: [0] })], channel({ flavor: 'watch' })],
  ['no receiver is left', [sends], channel({ length: 2, receivers: 0 })],
  ['there is room', [sends], channel({ length: 1 })],
  ['there is room', [sends], channel({ packed: true })],
  ['nothing is queued', [player(0, { drains: [0] })], channel()],
  ['no responder is left', [calls], channel({ flavor: 'rpc', length: 1, receivers: 0 })],
  ['nobody has the request', [calls], channel({ flavor: 'rpc' })],
  ['there is room', [calls], channel({ flavor: 'rpc', length: 1, waitingSenders: 1 })],
  ['nobody else has an end', [receives], channel({ ends: [sender!] })],
  ['messages are queued', [player(1, { receives: [0] })], channel({ flavor: 'broadcast', length: 1 })],
])('who waits although %s is told of', (fault, players, on) => {
  expect(faultsOf(players, [on])).toEqual([expect.stringContaining(fault)]);
});

test.each<[string, Player[], Channel]>([
  ['a receive on an empty channel', [receives], channel()],
  ['a send on a full one', [sends], full],
  ['a pack that finds too little room', [sends], channel({ length: 1, packed: true })],
  [
    'a select that is both sides of a rendezvous',
    [player(0, { receives: [0], sends: [0] })],
    channel({ capacity: 0 }),
  ],
  [
    'a drained where a batch left a send',
    [player(0, { drains: [0] })],
    channel({ capacity: 0, packed: true }),
  ],
  ['a call whose request somebody has', [calls, player(1, { holds: [0] })], channel({ flavor: 'rpc' })],
  ['a broadcast of which another is behind', [receives], channel({ flavor: 'broadcast', length: 1 })],
])('%s may wait', (_, players, on) => {
  expect(faultsOf(players, [on])).toEqual([]);
});

test('three threads that block in every verb all come to an end', async () => {
  const child = new Child(new URL('run.mjs', import.meta.url), { args: ['--seconds', '8', '--seed', '1'] });
  const { code } = await child.ended;
  expect({ code, errors: child.errors }).toEqual({ code: 0, errors: '' });
});
