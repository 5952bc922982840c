// millrace's triple buffer, written and read in place.
import { attach, transfer, tripleBuffer } from 'millrace';
import { latestParts } from '../latest-parts.mjs';

export function open({ size }) {
  const [input, output] = tripleBuffer({ byteLength: size });
  return [{ ends: transfer(input) }, { ends: transfer(output) }];
}

export function join(ends, scenario) {
  const end = attach(ends);
  return { ...latestParts(end, scenario), close: () => end.close() };
}
