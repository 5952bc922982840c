// The channels of the soak: one lane for each flavor and option, of random capacity.
import { bounded, channel, syncChannel, unbounded } from 'millrace';
import { playLatest } from './latest.mjs';
import { LONGEST } from './message.mjs';
import { playRound } from './round.mjs';

const some = (random) => 1 + random.below(random.once(0.3) ? 256 : 16);

/** `sole`: one receiver only. `drops`: what is sent may be lost, counted. `longest`: bytes of a message. */
const queues = [
  { name: 'bounded', open: (random) => bounded(some(random)) },
  { name: 'bounded(0)', open: () => bounded(0) },
  { name: 'unbounded', open: () => unbounded() },
  { name: 'syncChannel', open: (random) => syncChannel(some(random)), sole: true },
  { name: 'channel', open: () => channel(), sole: true },
  {
    name: 'drop-newest',
    open: (random) => bounded(some(random), { overflow: 'drop-newest' }),
    drops: true,
  },
  {
    name: 'drop-oldest',
    open: (random) => bounded(some(random), { overflow: 'drop-oldest' }),
    drops: true,
  },
  { name: 'maxBytes', open: (random) => bounded(some(random), { maxBytes: 2 * LONGEST }) },
  {
    name: 'slotBytes',
    open: (random) => bounded(some(random), { slotBytes: 4096 }),
    longest: 4096,
  },
  { name: 'ownBuffers', open: (random) => bounded(some(random), { ownBuffers: true }) },
];

/** Each with how a round of it is played. */
export const lanes = [
  ...queues.map((lane) => ({
    name: lane.name,
    play: (random, books) => playRound(lane, random, books),
  })),
  { name: 'tripleBuffer', play: playLatest },
];
