// The smoke test under Jest's default configuration: the built package, required by its own name.
const { bounded, ChannelClosedError } = require('millrace');

test('a channel carries messages in order, says when it is full, and closes', async () => {
  const [tx, rx] = bounded(2);
  expect(tx.trySend(Uint8Array.of(1))).toBe(true);
  expect(tx.trySend(Uint8Array.of(2, 3))).toBe(true);
  expect(tx.trySend(Uint8Array.of(4))).toBe(false);

  expect([...rx.tryRecv()]).toEqual([1]);
  expect([...(await rx.recv())]).toEqual([2, 3]);
  expect(rx.tryRecv()).toBeUndefined();

  const later = rx.recv();
  expect(tx.trySend(Uint8Array.of(5))).toBe(true);
  expect([...(await later)]).toEqual([5]);

  tx.close();
  expect(() => rx.tryRecv()).toThrow(ChannelClosedError);
  rx.close();
});

test('a mistake is answered with the code of the error', () => {
  expect(() => bounded('many')).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }));
});
