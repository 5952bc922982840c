// What the millrace peers share: a channel each way, both as long as the scenario's window.
import { attach, bounded, transfer } from 'millrace';

/** The ends of both workers. */
export function open({ window }) {
  const [there, fromThere] = bounded(window);
  const [back, fromBack] = bounded(window);
  return [{ ends: transfer({ tx: there, rx: fromBack }) }, { ends: transfer({ tx: back, rx: fromThere }) }];
}

/** One worker's ends, the message that it sends, and how it closes. */
export function take(ends, { size }) {
  const { tx, rx } = attach(ends);
  return {
    tx,
    rx,
    message: new Uint8Array(size),
    close() {
      tx.close();
      rx.close();
    },
  };
}
