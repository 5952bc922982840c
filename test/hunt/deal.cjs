// One game's channels, and who is dealt which of their ends.
const { bounded, broadcast, channel, rpc, syncChannel, tripleBuffer, unbounded, watch } = require('millrace');
const { players } = require('./board.cjs');

const label = (number) => ({ label: String(number) });
/** Each is made for its number, which is its label. */
const makers = [
  (number) => [bounded(0, label(number)), 'senders', 'receivers'],
  (number) => [bounded(1, label(number)), 'senders', 'receivers'],
  (number) => [bounded(3, label(number)), 'senders', 'receivers'],
  (number) => [unbounded(label(number)), 'senders', 'receivers'],
  (number) => [syncChannel(0, label(number)), 'senders', 'receivers'],
  (number) => [syncChannel(1, label(number)), 'senders', 'receivers'],
  (number) => [channel(label(number)), 'senders', 'receivers'],
  (number) => [broadcast(2, { codec: 'bytes', ...label(number) }), 'senders', 'receivers'],
  (number) => [rpc(1, { request: 'bytes', response: 'bytes', ...label(number) }), 'callers', 'responders'],
  (number) => [watch({ codec: 'bytes', ...label(number) }), 'setters', 'watchers'],
  (number) => [tripleBuffer({ byteLength: 8, ...label(number) }), 'inputs', 'outputs'],
];

const kinds = ['senders', 'receivers', 'callers', 'responders', 'setters', 'watchers', 'inputs', 'outputs'];
const emptyHand = () => Object.fromEntries(kinds.map((kind) => [kind, []]));

/** The hands of the players, and what the dealer keeps: ends of all that can be cloned, where `keeps`. */
function deal(random, keeps) {
  const hands = Array.from({ length: players }, emptyHand);
  const kept = [];
  const count = random.below(3) + 1;
  for (let number = 0; number < count; number += 1) {
    const [ends, ...of] = random.oneOf(makers)(number);
    for (const [side, end] of ends.entries()) {
      const kind = of[side];
      if (end.clone === undefined) {
        hands[random.below(players)][kind].push({ number, end });
        continue;
      }
      for (const hand of hands) if (random.once(0.7)) hand[kind].push({ number, end: end.clone() });
      if (keeps) kept.push(end);
      else end.close();
    }
  }
  return { hands, kept };
}

module.exports = { deal };
