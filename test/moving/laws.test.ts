// The laws of order, room, closing and iterating, spoken with { transfer: true } and refs().
import { afterEach, describe, test } from 'vitest';

import * as closing from '../laws/closing';
import * as iterating from '../laws/iterating';
import * as order from '../laws/order';
import * as room from '../laws/room';
import { closeAll, type FormLaw, forms, type Law } from '../laws/rows';
import { movedRows } from './moved';

interface Chapter {
  readonly inEveryForm?: Record<string, FormLaw>;
  readonly inEveryRow: Record<string, Law>;
}

afterEach(closeAll);

const chapters: Record<string, Chapter> = { order, room, closing, iterating };

const left = new Set([
  // It counts sends, of whatever verb, and so many buffers at once take long.
  'more than 65,536 pending sends of one handle reject, and nothing is lost by it',
  // It counts bytes, and here messages have more than a number's.
  'stats add up whenever the channel is at rest',
]);

for (const [title, { inEveryForm = {}, inEveryRow }] of Object.entries(chapters)) {
  describe.each(movedRows)(`${title}, $name`, (row) => {
    for (const [sentence, law] of Object.entries(inEveryForm)) {
      if (law.applies?.(row) ?? true) test.each(forms)(`${sentence}: $name`, (form) => law(row, form));
    }
    for (const [sentence, law] of Object.entries(inEveryRow)) {
      if (!left.has(sentence) && (law.applies?.(row) ?? true)) test(sentence, () => law(row));
    }
  });
}
