// The law table: every law over every flavor and, where verbs may differ, over every form of waiting.
import { afterEach, describe, test } from 'vitest';

import * as batches from './batches';
import * as closing from './closing';
import * as failing from './failing';
import * as iterating from './iterating';
import * as many from './many';
import * as meeting from './meeting';
import * as order from './order';
import * as room from './room';
import { closeAll, type FormLaw, forms, type Law, type Row, rows } from './rows';
import * as select from './select';
import * as waiting from './waiting';

interface Chapter {
  /** Which rows all of it speaks of; all rows where it does not say. */
  readonly applies?: (row: Row) => boolean;
  readonly inEveryForm?: Record<string, FormLaw>;
  readonly inEveryRow: Record<string, Law>;
}

const chapters: Record<string, Chapter> = {
  order,
  room,
  closing,
  failing,
  waiting,
  iterating,
  meeting,
  many,
  batches,
  select,
};

afterEach(closeAll);

const holds = (law: Law | FormLaw, row: Row): boolean => law.applies?.(row) ?? true;

for (const [title, { applies = () => true, inEveryForm = {}, inEveryRow }] of Object.entries(chapters)) {
  const spokenOf = (row: Row) =>
    [...Object.values(inEveryForm), ...Object.values(inEveryRow)].some((law) => holds(law, row));
  describe(title, () => {
    describe.each(rows.filter(applies).filter(spokenOf))('$name', (row) => {
      for (const [sentence, law] of Object.entries(inEveryForm)) {
        if (holds(law, row)) test.each(forms)(`${sentence}: $name`, (form) => law(row, form));
      }
      for (const [sentence, law] of Object.entries(inEveryRow)) {
        if (holds(law, row)) test(sentence, () => law(row));
      }
    });
  });
}
