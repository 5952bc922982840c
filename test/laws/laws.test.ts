// The law table: every law over every flavor and, where verbs may differ, over every form of waiting.
import { afterEach, describe, test } from 'vitest';

import * as closing from './closing';
import * as iterating from './iterating';
import * as order from './order';
import * as room from './room';
import { closeAll, type FormLaw, forms, type Law, rows } from './rows';
import * as waiting from './waiting';

interface Chapter {
  readonly inEveryForm?: Record<string, FormLaw>;
  readonly inEveryRow: Record<string, Law>;
}

const chapters: Record<string, Chapter> = { order, room, closing, waiting, iterating };

afterEach(closeAll);

for (const [title, { inEveryForm = {}, inEveryRow }] of Object.entries(chapters)) {
  describe(title, () => {
    describe.each(rows)('$name', (row) => {
      for (const [sentence, law] of Object.entries(inEveryForm)) {
        if (law.applies?.(row) ?? true) test.each(forms)(`${sentence}: $name`, (form) => law(row, form));
      }
      for (const [sentence, law] of Object.entries(inEveryRow)) {
        if (law.applies?.(row) ?? true) test(sentence, () => law(row));
      }
    });
  });
}
