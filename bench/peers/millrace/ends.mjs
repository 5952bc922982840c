// What the millrace peers share: channels as long as the scenario's window.
import { attach, bounded, transfer } from 'millrace';

/** The ends of two workers, a channel each way; `channel` are the options of both. */
export function open({ window }, { channel } = {}) {
  const [there, fromThere] = bounded(window, channel);
  const [back, fromBack] = bounded(window, channel);
  return [{ ends: transfer({ tx: there, rx: fromBack }) }, { ends: transfer({ tx: back, rx: fromThere }) }];
}

/** The ends of a team's workers, all of one channel. */
export function openTeam({ window, senders, receivers }) {
  const [tx, rx] = bounded(window);
  const ends = {
    senders: Array.from({ length: senders }, () => ({ ends: transfer({ tx: tx.clone() }) })),
    receivers: Array.from({ length: receivers }, () => ({ ends: transfer({ rx: rx.clone() }) })),
  };
  tx.close();
  rx.close();
  return ends;
}

/** One worker's ends, the message that it sends, and how it closes. */
export function take(ends, { size }) {
  const { tx, rx } = attach(ends);
  return {
    tx,
    rx,
    message: new Uint8Array(size),
    close() {
      tx?.close();
      rx?.close();
    },
  };
}
