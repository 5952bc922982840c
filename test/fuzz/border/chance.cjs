// Chance that a seed repeats.

/** Numbers from 0 to 1, always the same ones for a seed (mulberry32). */
function chanceOf(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end) => Math.floor(next() * end);
  return { next, below, oneIn: (count) => below(count) === 0, pick: (list) => list[below(list.length)] };
}

module.exports = { chanceOf };
