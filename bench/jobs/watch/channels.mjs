// A value by millrace's `watch`.
import { attach, transfer } from 'millrace';
import { offered } from '../../who/offered.mjs';
import * as job from './job.mjs';

export function open(scenario) {
  const [tx, first] = offered.watch({ codec: 'bytes' });
  const others = Array.from({ length: scenario.readers - 1 }, () => first.clone());
  const ends = [first, ...others].map((rx) => ({ tickets: transfer({ rx }) }));
  return job.open(scenario, {
    way: 'channels',
    set: (bytes) => tx.set(bytes),
    ends,
    close: () => tx.close(),
  });
}

/** In a reader. */
export async function join({ tickets }, see) {
  const { rx } = attach(tickets);
  for await (const bytes of rx) see(bytes);
}
