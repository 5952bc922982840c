// The laws of order, room and closing, spoken with sendRef and recvRef, and those of waiting too with recvInto.
import { afterEach, describe, test } from 'vitest';

import * as closing from '../laws/closing';
import * as order from '../laws/order';
import * as room from '../laws/room';
import { closeAll, type FormLaw, forms, type Law, type Row } from '../laws/rows';
import * as waiting from '../laws/waiting';
import { rowsInPlace, rowsInto } from './in-place';

interface Chapter {
  readonly inEveryForm?: Record<string, FormLaw>;
  readonly inEveryRow: Record<string, Law>;
}

afterEach(closeAll);

const chapters: [title: string, chapter: Chapter, rows: readonly Row[]][] = [
  ['order', order, [...rowsInPlace, ...rowsInto]],
  ['room', room, [...rowsInPlace, ...rowsInto]],
  ['closing', closing, [...rowsInPlace, ...rowsInto]],
  ['waiting', waiting, rowsInto],
];

/** It counts sends, of whatever verb, and so many refs at once take long. */
const ofAnyVerb = 'more than 65,536 pending sends of one handle reject, and nothing is lost by it';

for (const [title, { inEveryForm = {}, inEveryRow }, rows] of chapters) {
  describe.each(rows)(`${title}, $name`, (row) => {
    for (const [sentence, law] of Object.entries(inEveryForm)) {
      if (law.applies?.(row) ?? true) test.each(forms)(`${sentence}: $name`, (form) => law(row, form));
    }
    for (const [sentence, law] of Object.entries(inEveryRow)) {
      if (sentence !== ofAnyVerb && (law.applies?.(row) ?? true)) test(sentence, () => law(row));
    }
  });
}
