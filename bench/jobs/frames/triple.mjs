// Frames through two triple buffers, written and read where they lie.
import { attach, transfer, tripleBuffer } from 'millrace';
import { FRAME_BYTES, process, take } from './frame.mjs';
import * as job from './job.mjs';

export function open(scenario) {
  const [taken, toStage] = tripleBuffer({ byteLength: FRAME_BYTES });
  const [processed, toScreen] = tripleBuffer({ byteLength: FRAME_BYTES });
  const ends = [{ input: taken }, { output: toStage, input: processed }, { output: toScreen }];
  return job.open(scenario, { way: 'triple', ends: ends.map((each) => ({ tickets: transfer(each) })) });
}

export function camera({ tickets }) {
  const { input } = attach(tickets);
  return (number) => {
    take(input.buffer, number);
    input.publish();
  };
}

export function stage({ tickets }) {
  const { output, input } = attach(tickets);
  return () => {
    for (;;) {
      output.changedSync();
      output.update();
      process(output.buffer, input.buffer);
      input.publish();
    }
  };
}

export function screen({ tickets }) {
  const { output } = attach(tickets);
  return (see) => {
    output.changedSync();
    output.update();
    see(output.buffer);
  };
}
