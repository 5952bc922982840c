// Which verbs the built package has: a peer that needs another one is left out, and its targets say so.
import * as millrace from 'millrace';

/** What the package at hand exports, by name. */
export const offered = { ...millrace };

const ends = millrace.bounded(1);
for (const end of ends) end.close();

/** Whether there is such a verb of an end, or such a function of the package. */
export function isOffered(verb) {
  return verb === undefined || [millrace, ...ends].some((owner) => typeof owner[verb] === 'function');
}

/** Whether `bounded` takes such an option. */
export function takesOption(name, value) {
  try {
    for (const end of millrace.bounded(1, { [name]: value })) end.close();
    return true;
  } catch {
    return false;
  }
}
