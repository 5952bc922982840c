// Errors of channels say which verb they are of, and which channel by its label, where it has one.
import { bounded, type Receiver, type Sender, transfer } from 'millrace';
import { describe, expect, test } from 'vitest';

import { failureOf } from '../misuse';

const options = { codec: 'text', label: 'jobs' } as const;

/** What the error says: of a channel with a label, and of one without. */
const errors: [what: string, labelled: string, without: string, fail: (given: Given) => unknown][] = [
  [
    'a send to a closed channel',
    "trySend: the channel 'jobs' is closed",
    'trySend: the channel is closed',
    ([tx, rx]) => {
      rx.close();
      return tx.trySend('late');
    },
  ],
  [
    'a receive of a closed channel',
    "recv: the channel 'jobs' is closed",
    'recv: the channel is closed',
    ([tx, rx]) => {
      tx.close();
      return rx.recv();
    },
  ],
  [
    'a pending receive',
    "recv: the channel 'jobs' is closed",
    'recv: the channel is closed',
    ([tx, rx]) => {
      const received = rx.recv();
      tx.close();
      return received;
    },
  ],
  [
    'a failed channel',
    "recvSync: the channel 'jobs' failed: no more paper",
    'recvSync: the channel failed: no more paper',
    ([tx, rx]) => {
      tx.fail(new Error('no more paper'));
      return rx.recvSync();
    },
  ],
  [
    'a closed handle',
    "transfer: this handle of the channel 'jobs' is spent: it was closed",
    'transfer: this handle is spent: it was closed',
    ([tx]) => {
      tx.close();
      return transfer(tx);
    },
  ],
  [
    'a transferred handle',
    "for await: this handle of the channel 'jobs' is spent: it was transferred",
    'for await: this handle is spent: it was transferred',
    ([, rx]) => {
      transfer(rx);
      return rx[Symbol.asyncIterator]();
    },
  ],
  [
    'a verb of a closed handle',
    "trySend: this handle of the channel 'jobs' is spent: it was closed, or transferred to another thread",
    'trySend: this handle is spent: it was closed, or transferred to another thread',
    ([tx]) => {
      tx.close();
      return tx.trySend('late');
    },
  ],
  [
    'a wait that could never end',
    "recvSync: this wait of the channel 'jobs' could never end",
    'recvSync: this wait could never end',
    ([, rx]) => rx.recvSync(),
  ],
];
type Given = [Sender<string>, Receiver<string>];

describe.each(errors)('%s', (_, labelled, without, fail) => {
  test('names the label', async () => {
    expect(((await failureOf(() => fail(bounded(1, options)))) as Error).message.startsWith(labelled)).toBe(
      true,
    );
  });

  test('has the same words without one', async () => {
    const ends = bounded(1, { codec: 'text' });
    expect(((await failureOf(() => fail(ends))) as Error).message.startsWith(without)).toBe(true);
  });
});
