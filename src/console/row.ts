/** Where a channel's figures lie: its number, what a look answers in the order of `statNames`, then what the console makes of it. */
import { statNames } from '../border/binding.js';

/** What pages are told of a channel, in this order: messages a second in and out, and since when it stands still, -1 while it does not. */
export const shownNames = [...statNames, 'inRate', 'outRate', 'stillSince'] as const;

export type ShownName = (typeof shownNames)[number];

/** How long a row is as a look answers it, and as it is kept. */
export const surveyedLength = 1 + statNames.length;
export const rowLength = 1 + shownNames.length;

export const placeOf = Object.fromEntries(shownNames.map((name, index) => [name, index + 1])) as Record<
  ShownName,
  number
>;

/** A set of places is a number, with the bit of the name in `shownNames` for each. */
export const allPlaces = 2 ** shownNames.length - 1;

export function placesOf(...names: ShownName[]): number {
  return names.reduce((places, name) => places | (1 << (placeOf[name] - 1)), 0);
}
