// Which verbs the built package has: a peer that needs another one is left out, and its targets say so.
import { bounded } from 'millrace';

export function isOffered(verb) {
  const ends = bounded(1);
  for (const end of ends) end.close();
  return verb === undefined || ends.some((end) => typeof end[verb] === 'function');
}
