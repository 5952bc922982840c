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
