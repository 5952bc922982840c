// The laws of order, room and closing, spoken with sendRef and recvRef.
import { afterEach, describe, test } from 'vitest';

import * as closing from '../laws/closing';
import * as order from '../laws/order';
import * as room from '../laws/room';
import { closeAll, type FormLaw, forms, type Law } from '../laws/rows';
import { rowsInPlace } from './in-place';

interface Chapter {
  readonly inEveryForm?: Record<string, FormLaw>;
  readonly inEveryRow: Record<string, Law>;
}

afterEach(closeAll);

const chapters: Record<string, Chapter> = { order, room, closing };

/** It counts sends, of whatever verb, and so many refs at once take long. */
const ofAnyVerb = 'more than 65,536 pending sends of one handle reject, and nothing is lost by it';

for (const [title, { inEveryForm = {}, inEveryRow }] of Object.entries(chapters)) {
  describe.each(rowsInPlace)(`${title}, $name`, (row) => {
    for (const [sentence, law] of Object.entries(inEveryForm)) {
      if (law.applies?.(row) ?? true) test.each(forms)(`${sentence}: $name`, (form) => law(row, form));
    }
    for (const [sentence, law] of Object.entries(inEveryRow)) {
      if (sentence !== ofAnyVerb && (law.applies?.(row) ?? true)) test(sentence, () => law(row));
    }
  });
}
