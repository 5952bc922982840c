// Messages by a `postMessage` to each receiver.
import { MessageChannel } from 'node:worker_threads';
import { Credits, counters } from './credits.mjs';
import * as job from './job.mjs';

export function open(scenario) {
  const pairs = Array.from({ length: scenario.receivers }, () => new MessageChannel());
  const taken = counters(scenario.receivers);
  const ports = pairs.map(({ port1 }) => port1);
  const receivers = pairs.map(({ port2 }, index) => ({ port: port2, taken, index, transferList: [port2] }));
  return job.open(scenario, { way: 'ports', sender: { ports, taken, transferList: ports }, receivers });
}

export function send({ ports, taken }, { window }) {
  const credits = new Credits(taken, window);
  return (bytes) => {
    credits.spend();
    for (const port of ports) port.postMessage(bytes);
  };
}

export function receive({ port, taken, index }, { window }) {
  const credits = new Credits(taken, window);
  return (take) =>
    new Promise((resolve, reject) => {
      port.removeAllListeners('message').on('message', (bytes) => {
        try {
          if (!take(bytes)) resolve();
        } catch (error) {
          reject(error);
        }
        credits.give(index);
      });
    });
}
