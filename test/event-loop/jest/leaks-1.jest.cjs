// For --detectLeaks: nothing of a test file stays that used the package.
const { after, bounded, select } = require('millrace');

test('channels are made, waited for, and closed', async () => {
  const [tx, rx] = bounded(4, { codec: 'f64' });
  const waiting = [rx.recv(), select({ rx, idle: after(1e3) })];
  tx.trySend(1);
  tx.trySend(2);
  await Promise.all(waiting);
  tx.close();
  rx.close();
});
