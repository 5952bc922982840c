// What the documented errors of misuse look like, and how a test gets hold of one.
import { expect } from 'vitest';

export const wrongType = {
  name: 'TypeError',
  code: 'ERR_INVALID_ARG_TYPE',
  message: expect.stringMatching(/must be [^]*Received/),
};
export const misuse = {
  name: 'TypeError',
  code: expect.stringMatching(/^ERR_INVALID_ARG_(TYPE|VALUE)$/),
  message: expect.stringMatching(/Received|not available|cannot/),
};
export const outOfRange = {
  name: 'RangeError',
  code: 'ERR_OUT_OF_RANGE',
  message: expect.stringMatching(/must be [^]*Received/),
};
export const state = {
  name: 'ChannelStateError',
  code: 'ERR_CHANNEL_STATE',
  message: expect.stringMatching(/./),
};

/** The error that says, word for word, that `what` is of another type than was expected. */
export const refusedType = (what: string, expected: string, received: string): object => ({
  name: 'TypeError',
  code: 'ERR_INVALID_ARG_TYPE',
  message: `The "${what}" argument must be ${expected}. Received ${received}`,
});
/** The same for a value of the right type. */
export const refusedValue = (what: string, expected: string, received: string): object => ({
  name: 'TypeError',
  code: 'ERR_INVALID_ARG_VALUE',
  message: `The "${what}" argument must ${expected}. Received ${received}`,
});
/** The same for a number that lies out of range. */
export const refusedRange = (what: string, expected: string, received: string): object => ({
  name: 'RangeError',
  code: 'ERR_OUT_OF_RANGE',
  message: `The value of "${what}" is out of range. It must be ${expected}. Received ${received}`,
});

/** What a call throws or rejects with; fails when it does neither. */
export async function failureOf(call: () => unknown): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error('the call succeeded');
}

export const shown = (value: unknown): string =>
  typeof value === 'bigint' ? `${value}n` : typeof value === 'object' ? JSON.stringify(value) : String(value);
export const rowsOf = (values: readonly unknown[]) =>
  values.map((value): [string, unknown] => [shown(value), value]);
