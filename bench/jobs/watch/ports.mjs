// A value by a `postMessage` to each reader.
import { MessageChannel } from 'node:worker_threads';
import * as job from './job.mjs';

export function open(scenario) {
  const pairs = Array.from({ length: scenario.readers }, () => new MessageChannel());
  const set = (bytes) => {
    for (const { port1 } of pairs) port1.postMessage(bytes);
  };
  const ends = pairs.map(({ port2 }) => ({ port: port2, transferList: [port2] }));
  const close = () => {
    for (const { port1 } of pairs) port1.close();
  };
  return job.open(scenario, { way: 'ports', set, ends, close });
}

/** In a reader. */
export function join({ port }, see) {
  port.on('message', see);
}
