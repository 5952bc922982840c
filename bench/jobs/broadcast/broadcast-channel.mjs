// Messages by Node's BroadcastChannel.
import { BroadcastChannel } from 'node:worker_threads';
import { Credits, counters } from './credits.mjs';
import * as job from './job.mjs';

const NAME = 'millrace-bench';

export function open(scenario) {
  const taken = counters(scenario.receivers);
  const receivers = Array.from({ length: scenario.receivers }, (_, index) => ({ taken, index }));
  return job.open(scenario, { way: 'broadcast-channel', sender: { taken }, receivers });
}

export function send({ taken }, { window }) {
  const channel = new BroadcastChannel(NAME);
  const credits = new Credits(taken, window);
  return (bytes) => {
    credits.spend();
    channel.postMessage(bytes);
  };
}

export function receive({ taken, index }, { window }) {
  const channel = new BroadcastChannel(NAME);
  const credits = new Credits(taken, window);
  return (take) =>
    new Promise((resolve, reject) => {
      channel.addEventListener('message', listen);
      function listen({ data }) {
        try {
          if (!take(data)) {
            channel.removeEventListener('message', listen);
            resolve();
          }
        } catch (error) {
          reject(error);
        }
        credits.give(index);
      }
    });
}
