// Ctrl-C reaches a process whose main thread is blocked in a channel.
import { expect, test } from 'vitest';
import { Child } from './child';

test.each(['recvSync', 'sendSync'])(
  'Ctrl-C on a main thread blocked in %s ends the process',
  async (verb) => {
    const child = new Child(new URL('fixtures/blocked-main.cjs', import.meta.url), { args: [verb] });
    expect(await child.line()).toBe('blocked');
    const start = performance.now();
    child.kill('SIGINT');
    const { signal, at } = await child.ended;
    expect(signal, child.errors).toBe('SIGINT');
    // A blocked thread looks every 20 ms; a slow machine has more, and one that never looks hangs.
    expect(at - start).toBeLessThanOrEqual(20_000);
  },
);
