// What the peers over our own JavaScript rings share: a ring each way, with what its ends sleep on.
import { MessageChannel } from 'node:worker_threads';
import { Mpmc, makeMpmc } from '../../rings/mpmc.mjs';
import { Sleep, makeSleep } from '../../rings/sleep.mjs';
import { Spsc, makeSpsc } from '../../rings/spsc.mjs';

const makers = { spsc: makeSpsc, mpmc: makeMpmc };
const classes = { spsc: Spsc, mpmc: Mpmc };

const make = ({ window, size }, { ring }) => ({ ring: makers[ring](window, size), sleep: makeSleep() });

/** The ends of two workers: a ring each way, and a port each for those that ring by messages. */
export function open(scenario, settings) {
  const there = make(scenario, settings);
  const back = make(scenario, settings);
  const { port1, port2 } = new MessageChannel();
  return [
    { ends: { tx: there, rx: back, port: port1 }, transferList: [port1] },
    { ends: { tx: back, rx: there, port: port2 }, transferList: [port2] },
  ];
}

/** The ends of a team's workers, all of one ring. */
export function openTeam(scenario, settings) {
  const shared = make(scenario, settings);
  return {
    senders: Array.from({ length: scenario.senders }, () => ({ ends: { tx: shared } })),
    receivers: Array.from({ length: scenario.receivers }, () => ({ ends: { rx: shared } })),
  };
}

/** One worker's ends; a team's has one of the two. */
export function take({ tx, rx, port }, { ring }) {
  const end = (shared) =>
    shared && {
      ring: new classes[ring](shared.ring),
      messages: new Sleep(shared.sleep, 0),
      room: new Sleep(shared.sleep, 1),
    };
  return { tx: end(tx), rx: end(rx), port, close: () => port?.close() };
}
