/** Chance that is cheap: it only has to be fair. */
const bits32 = 2 ** 32;

/** Of xorshift32: any number but 0. */
let state = 1 + Math.floor(Math.random() * (bits32 - 1));

/** An integer, 0 to `below - 1`. */
function random(below: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return Math.floor(((state >>> 0) / bits32) * below);
}

/** Puts `items` in an order in which each is as likely in each place. */
export function shuffle<T>(items: T[]): T[] {
  for (let last = items.length - 1; last > 0; last -= 1) {
    const chosen = random(last + 1);
    const item = items[chosen] as T;
    items[chosen] = items[last] as T;
    items[last] = item;
  }
  return items;
}
