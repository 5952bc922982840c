// Messages by millrace's `broadcast`, whose sender waits for the slowest receiver: awaited, or blocking where `into` says
// that receivers fill an array of their own.
import { attach, transfer } from 'millrace';
import { offered } from '../../who/offered.mjs';
import * as job from './job.mjs';

export function open(scenario, { into }) {
  const [tx, first] = offered.broadcast(scenario.window);
  const others = Array.from({ length: scenario.receivers - 1 }, () => tx.subscribe());
  const receivers = [first, ...others].map((rx) => ({ tickets: transfer({ rx }), into }));
  return job.open(scenario, { way: 'channels', sender: { tickets: transfer({ tx }), into }, receivers });
}

export function send({ tickets, into }) {
  const { tx } = attach(tickets);
  return into ? (bytes) => tx.sendSync(bytes) : (bytes) => tx.send(bytes);
}

export function receive({ tickets, into }, { size }) {
  const { rx } = attach(tickets);
  if (!into) {
    return async (take) => {
      for await (const bytes of rx) if (!take(bytes)) return;
    };
  }
  const target = new Uint8Array(size);
  return async (take) => {
    do {
      rx.recvIntoSync(target);
    } while (take(target));
  };
}
