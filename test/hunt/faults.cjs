// What may not be where everybody waits: a wait whose end has come, and who is not told.

/** Channels that keep one value, and whose receivers wait for a change. */
const ofValues = new Set(['latest', 'watch']);

/**
 * Of a standstill: all players wait without a timeout, and nothing moves. `channels` by number, as `inspect()` shows
 * them, those without ends left out; `thread` of each player. The answer: sentences.
 */
function faultsOf(players, channels) {
  const faults = [];
  const say = (who, number, what) =>
    faults.push(`player ${who.player} waits in ${who.verb} on ${number}: ${what}`);
  const others = (who) => players.filter((other) => other !== who);
  for (const who of players) {
    for (const number of who.receives) {
      const channel = channels[number];
      if (channel === undefined) say(who, number, 'all ends of it are gone');
      else if (ofValues.has(channel.flavor)) {
        if (who.missed.includes(number)) say(who, number, 'a value was set since');
      } else if (isBehind(channel, number, players))
        say(who, number, `${channel.length} messages are queued`);
      if (channel?.senders === 0) say(who, number, 'no sender is left');
      const meets = channel?.capacity === 0 && others(who).some(({ sends }) => sends.includes(number));
      if (meets) say(who, number, 'somebody else sends');
    }
    for (const number of who.sends) {
      const channel = channels[number];
      if (channel === undefined || channel.receivers === 0) say(who, number, 'no receiver is left');
      else if (hasRoom(channel)) say(who, number, `there is room, ${channel.length} are queued`);
    }
    for (const number of who.drains) {
      const channel = channels[number];
      if (channel === undefined || channel.receivers === 0) say(who, number, 'no receiver is left');
      // What is left of a batch may wait for somebody to meet.
      else if (channel.length === 0 && !(channel.capacity === 0 && channel.packed)) {
        say(who, number, 'nothing is queued');
      }
    }
    for (const number of who.calls) {
      const channel = channels[number];
      const isHeld = players.some(({ holds }) => holds.includes(number));
      if (isHeld) continue;
      if (channel === undefined || channel.receivers === 0) say(who, number, 'no responder is left');
      else if (channel.length + channel.waitingSenders === 0) say(who, number, 'nobody has the request');
      else if (channel.waitingSenders > 0 && channel.length < channel.capacity) {
        say(who, number, `there is room, ${channel.length} are queued`);
      }
    }
    const on = [...who.receives, ...who.sends, ...who.drains].map((number) => channels[number]);
    const isAlone = (channel) => channel?.ends.every(({ thread }) => thread === who.thread);
    if (on.length > 0 && on.every(isAlone)) say(who, 'all of its channels', 'nobody else has an end');
  }
  return faults;
}

/** Whether messages are there for somebody who waits. */
function isBehind({ flavor, length, ends }, number, players) {
  if (flavor !== 'broadcast' || length === 0) return length > 0;
  // Each receiver has a place of its own: what is queued must be for somebody who does not wait.
  const holders = ends.filter(({ side }) => side === 'receiver').map(({ thread }) => thread);
  const waiting = new Set(
    players.filter(({ receives }) => receives.includes(number)).map(({ thread }) => thread),
  );
  return new Set(holders).size === holders.length && holders.every((thread) => waiting.has(thread));
}

function hasRoom({ length, capacity, packed }) {
  return capacity > 0 && (packed ? length === 0 : length < capacity);
}

module.exports = { faultsOf };
