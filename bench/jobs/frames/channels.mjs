// Frames through two channels of one place that drop the older one, in place.
import { attach, bounded, transfer } from 'millrace';
import { FRAME_BYTES, process, take } from './frame.mjs';
import * as job from './job.mjs';

export function open(scenario) {
  const [taken, toStage] = bounded(1, { overflow: 'drop-oldest' });
  const [processed, toScreen] = bounded(1, { overflow: 'drop-oldest' });
  const ends = [{ tx: taken }, { rx: toStage, tx: processed }, { rx: toScreen }];
  return job.open(scenario, { way: 'channels', ends: ends.map((each) => ({ tickets: transfer(each) })) });
}

export function camera({ tickets }) {
  const { tx } = attach(tickets);
  return (number) => {
    const frame = tx.sendRef(FRAME_BYTES);
    take(frame.bytes, number);
    frame.sendSync();
  };
}

export function stage({ tickets }) {
  const { rx, tx } = attach(tickets);
  return () => {
    for (;;) {
      const frame = rx.recvRefSync();
      process(frame.bytes);
      frame.forwardSync(tx);
    }
  };
}

export function screen({ tickets }) {
  const { rx } = attach(tickets);
  return (see) => {
    const frame = rx.recvRefSync();
    see(frame.bytes);
    frame[Symbol.dispose]();
  };
}
