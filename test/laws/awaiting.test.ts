// The laws of the awaiting verbs over the channels of this process; test/nats runs the same table over a server's.
import { afterEach, describe, test } from 'vitest';

import { type AwaitingRow, everywhere, whereFull } from './awaiting';
import { closeAll, rows } from './rows';

afterEach(closeAll);

const awaiting: AwaitingRow[] = rows
  .filter(({ capacity }) => capacity > 0)
  .map((row) => ({
    name: row.name,
    capacity: row.capacity,
    async open() {
      const [tx, rx] = row.open();
      const receiver = () => rx.clone();
      return row.shared && !row.broadcast ? { tx, rx, receiver } : { tx, rx };
    },
  }));

describe.each(awaiting)('$name', (row) => {
  for (const [sentence, law] of Object.entries(everywhere)) test(sentence, () => law(row));
  if (row.capacity === Infinity) return;
  for (const [sentence, law] of Object.entries(whereFull)) test(sentence, () => law(row));
});
