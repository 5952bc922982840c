// The channels of the soak: one lane for each flavor and option, each with ends of random capacity.
import { bounded, channel, syncChannel, unbounded } from 'millrace';
import { LONGEST } from './message.mjs';

const some = (random) => 1 + random.below(random.once(0.3) ? 256 : 16);

/** `sole`: one receiver only. `drops`: what is sent may be lost, counted. `longest`: bytes of a message. */
export const lanes = [
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
