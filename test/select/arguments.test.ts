// Bad cases of a select, and bad options: the documented error, word for word, and nothing lost by it.
import { after, select, selectSync, sending, tripleBuffer, trySelect } from 'millrace';
import { describe, expect, test } from 'vitest';

import { expectUnharmed, rx, tx, useChannelOfOne } from '../channel-of-one';
import { came, failureOf, refusedType, refusedValue, spent } from '../misuse';

const bytes = Uint8Array.of(9);

useChannelOfOne();

describe('cases of a select', () => {
  const object = (received: string) =>
    refusedType('cases', 'an object of receivers and sending(sender, value)', received);
  const one = (received: string) =>
    refusedType(
      'cases.a',
      'a receiver, a Responder, an Output, a WatchReceiver or sending(sender, value)',
      received,
    );
  const none = refusedValue('cases', 'have at least one case', 'none');
  const [input, output] = tripleBuffer({ byteLength: 8 });
  const wrong: [given: string, cases: () => unknown, error: object][] = [
    ['nothing', () => undefined, object('undefined')],
    ['null', () => null, object('null')],
    ['a number', () => 5, object('type number (5)')],
    ['a receiver itself', () => rx, object('an instance of SharedReceivingEnd')],
    ['a timer itself', () => after(1), object('an instance of TimerEnd')],
    ['an output itself', () => output, object('an instance of ReadingEnd')],
    ['an empty object', () => ({}), none],
    ['an empty array', () => [], none],
    ['a case of undefined', () => ({ rx, a: undefined }), one('undefined')],
    ['a sender', () => ({ rx, a: tx }), one('an instance of SendingEnd')],
    ['an input', () => ({ rx, a: input }), one('an instance of WritingEnd')],
    ['a promise', () => ({ rx, a: Promise.resolve() }), one('an instance of Promise')],
    ['a copy of a sending', () => ({ rx, a: { ...sending(tx, bytes) } }), one('an instance of Object')],
  ];
  const verbs: [string, (cases: never, wait?: never) => unknown][] = [
    ['select', select],
    ['selectSync', selectSync],
    ['trySelect', trySelect],
  ];
  describe.each(verbs)('%s', (_, verb) => {
    test.each(wrong)('%s', async (__, cases, error) => {
      expect(await failureOf(() => verb(cases() as never))).toMatchObject(error);
      expectUnharmed();
    });

    test('a value that cannot be sent', async () => {
      const error = refusedType(
        'value',
        'an ArrayBufferView, an ArrayBuffer or a SharedArrayBuffer',
        "type string ('x')",
      );
      const cases = { rx, out: sending(tx, 'x' as never) };
      expect(await failureOf(() => verb(cases as never))).toMatchObject(error);
      expectUnharmed();
    });

    test('biased that is no boolean, and an unknown key', async () => {
      const biased = refusedType('wait.biased', 'a boolean', 'type number (1)');
      expect(await failureOf(() => verb({ rx } as never, { biased: 1 } as never))).toMatchObject(biased);
      expect(await failureOf(() => verb({ rx } as never, { bias: true } as never))).toMatchObject({
        code: 'ERR_INVALID_ARG_VALUE',
        message: expect.stringMatching(/ must be an object of [a-z, ]*biased\. Received the key 'bias'$/),
      });
      expectUnharmed();
    });

    test('a spent receiver, sender or output', async () => {
      const gone = { tx: tx.clone(), rx: rx.clone() };
      const sends = sending(gone.tx, bytes);
      for (const end of Object.values(gone)) end.close();
      for (const cases of [
        { rx, spent: gone.rx },
        { rx, spent: sends },
      ]) {
        expect(await failureOf(() => verb(cases as never))).toMatchObject(spent('closed'));
      }
      expectUnharmed();
    });
  });

  test.each([undefined, null, 5, {}])('sending(%s, value)', (sender) => {
    expect(() => sending(sender as never, 1)).toThrow(
      expect.objectContaining(refusedType('sender', 'a Sender', came(sender))),
    );
  });

  test('sending of what is no sender', () => {
    for (const [end, name] of [
      [rx, 'SharedReceivingEnd'],
      [input, 'WritingEnd'],
    ] as const) {
      const error = refusedType('sender', 'a Sender', `an instance of ${name}`);
      expect(() => sending(end as never, 1)).toThrow(expect.objectContaining(error));
    }
  });
});
