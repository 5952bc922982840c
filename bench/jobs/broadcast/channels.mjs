// Messages by millrace's `broadcast`, whose sender waits for the slowest receiver.
import { attach, transfer } from 'millrace';
import { offered } from '../../offered.mjs';
import * as job from './job.mjs';

export function open(scenario) {
  const [tx, first] = offered.broadcast(scenario.window);
  const others = Array.from({ length: scenario.receivers - 1 }, () => tx.subscribe());
  const receivers = [first, ...others].map((rx) => ({ tickets: transfer({ rx }) }));
  return job.open(scenario, { way: 'channels', sender: { tickets: transfer({ tx }) }, receivers });
}

export function send({ tickets }) {
  const { tx } = attach(tickets);
  return (bytes) => tx.send(bytes);
}

export function receive({ tickets }) {
  const { rx } = attach(tickets);
  return async (take) => {
    for await (const bytes of rx) if (!take(bytes)) return;
  };
}
