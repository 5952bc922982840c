// The limits: Rust threads without Node on the same crossbeam channel, or copying alone.
import { startLimits } from '../limits/limits.mjs';

export async function start(scenario, { wait, copies }) {
  const { size, window, shape, gap = 0, senders = 1, receivers = 1 } = scenario;
  const { ask, close } = await startLimits();
  const blocks = copies === 'hot' ? 1 : window;
  return {
    run({ count, backoff = 'none' }) {
      if (copies !== undefined) return ask('memcpy', { size, count, blocks });
      if (shape === 'ping-pong') return ask('ping-pong', { size, count, gap, wait, backoff });
      return ask('one-way', { size, window, count, senders, receivers, wait, backoff });
    },
    close,
  };
}
