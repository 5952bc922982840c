// A value in shared memory with a counter beside it, as it is written by hand: odd while it is written, so that a reader
// that saw the counter move reads again.
import * as job from './job.mjs';

export function open(scenario) {
  const shared = {
    version: new Int32Array(new SharedArrayBuffer(4)),
    value: new Uint8Array(new SharedArrayBuffer(scenario.size)),
  };
  const set = (bytes) => {
    Atomics.add(shared.version, 0, 1);
    shared.value.set(bytes);
    Atomics.add(shared.version, 0, 1);
    Atomics.notify(shared.version, 0);
  };
  return job.open(scenario, {
    way: 'shared',
    set,
    ends: Array.from({ length: scenario.readers }, () => shared),
  });
}

/** In a reader, which goes on while it waits. */
export async function join({ version, value }, see) {
  const bytes = new Uint8Array(value.length);
  for (let seen = 0; ;) {
    const { async, value: waited } = Atomics.waitAsync(version, 0, seen);
    if (async) await waited;
    const now = Atomics.load(version, 0);
    if (now % 2 === 1) {
      await undefined;
      continue;
    }
    bytes.set(value);
    if (Atomics.load(version, 0) !== now || now === seen) continue;
    seen = now;
    see(bytes);
  }
}
