// The probe's import as a test of Jest's and Vitest's: an ES module.
import { bounded } from 'millrace';

test('import', () => {
  const [tx, rx] = bounded(1);
  expect(tx.trySend(Uint8Array.of(7))).toBe(true);
  expect([...rx.tryRecv()]).toEqual([7]);
  tx.close();
  rx.close();
});
