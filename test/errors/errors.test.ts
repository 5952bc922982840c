// The error family: names, codes, kinship, and that each error is made when it is thrown.
import {
  bounded,
  ChannelClosedError,
  ChannelCodecError,
  ChannelError,
  ChannelFailedError,
  ChannelLoadError,
  ChannelStateError,
} from 'millrace';
import { describe, expect, test } from 'vitest';

const family = [
  ['ChannelClosedError', ChannelClosedError, 'ERR_CHANNEL_CLOSED'],
  ['ChannelFailedError', ChannelFailedError, 'ERR_CHANNEL_FAILED'],
  ['ChannelStateError', ChannelStateError, 'ERR_CHANNEL_STATE'],
  ['ChannelCodecError', ChannelCodecError, 'ERR_CHANNEL_CODEC'],
  ['ChannelLoadError', ChannelLoadError, 'ERR_CHANNEL_LOAD'],
] as const;

describe.each(family)('%s', (name, ErrorClass, code) => {
  test('is a ChannelError and an Error, with its name and code', () => {
    const cause = new Error('why');
    const error = new ErrorClass('what', { cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toBeInstanceOf(ChannelError);
    expect([error.name, error.code, error.message, error.cause]).toEqual([name, code, 'what', cause]);
    expect(String(error)).toBe(`${name}: what`);
    expect(error.stack).toContain(`${name}: what`);
  });

  test('is none of the others', () => {
    const error = new ErrorClass('what');
    for (const [, Other] of family) expect(error instanceof Other).toBe(Other === ErrorClass);
    expect(new ChannelError('what') instanceof ErrorClass).toBe(false);
  });

  test('a class derived from it is told from it', () => {
    class Derived extends (ErrorClass as typeof ChannelError) {}
    const error = new Derived('what');
    expect([error instanceof Derived, error instanceof ErrorClass, error instanceof ChannelError]).toEqual([
      true,
      true,
      true,
    ]);
    expect(new ErrorClass('what') instanceof Derived).toBe(false);
  });

  test.each([undefined, null, 5, 'x', {}, new Error('x'), new TypeError('x'), { name, code }])(
    '%o is none',
    (other) => {
      expect(other instanceof ErrorClass).toBe(false);
      expect(other instanceof ChannelError).toBe(false);
    },
  );
});

/** What `call` throws. */
function thrown(call: () => unknown): Error {
  try {
    call();
  } catch (error) {
    return error as Error;
  }
  throw new Error('it did not throw');
}

describe('a thrown error', () => {
  const [tx, rx] = bounded(1);
  rx.close();
  const throwClosed = () => thrown(() => tx.trySend(new Uint8Array(1)));
  const throwMisuse = () => thrown(() => bounded(-1));

  test.each([throwClosed, throwMisuse])('is made anew each time, and its stack leads to the call', (make) => {
    const [one, other] = [make(), make()];
    expect(one).not.toBe(other);
    expect(one.stack).toContain('errors.test');
  });

  test('is made anew for each promise that rejects', async () => {
    const errors = await Promise.all(
      [1, 2].map(() => tx.send(new Uint8Array(1)).catch((error: unknown) => error)),
    );
    expect(errors[0]).toBeInstanceOf(ChannelClosedError);
    expect(errors[0]).not.toBe(errors[1]);
  });

  test('of misuse bears the code in the way that those of Node do', () => {
    const error = throwMisuse() as RangeError & { code: string };
    expect(error).toBeInstanceOf(RangeError);
    expect(error.code).toBe('ERR_OUT_OF_RANGE');
    expect(error.message).toBe(
      'The value of "capacity" is out of range. It must be an integer, 0 to 8388608. Received -1',
    );
  });
});
