// What the documented errors of misuse say, word for word, and how a test gets hold of one.
import { expect } from 'vitest';

/** `text`, word for word, behind the call that it is of, which is another test's. */
export const ofAnyCall = (text: string): unknown =>
  expect.stringMatching(
    new RegExp(
      `^([A-Za-z ]+( on the channel '.*')?: )?${text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}$`,
      's',
    ),
  );

/** The error that says, word for word, that `what` is of another type than was expected. */
export const refusedType = (what: string, expected: string, received: string): object => ({
  name: 'TypeError',
  code: 'ERR_INVALID_ARG_TYPE',
  message: ofAnyCall(`The "${what}" argument must be ${expected}. Received ${received}`),
});
/** The same for a value of the right type. */
export const refusedValue = (what: string, expected: string, received: string): object => ({
  name: 'TypeError',
  code: 'ERR_INVALID_ARG_VALUE',
  message: ofAnyCall(`The "${what}" argument must ${expected}. Received ${received}`),
});
/** The same for a number that lies out of range. */
export const refusedRange = (what: string, expected: string, received: string): object => ({
  name: 'RangeError',
  code: 'ERR_OUT_OF_RANGE',
  message: ofAnyCall(`The value of "${what}" is out of range. It must be ${expected}. Received ${received}`),
});

/** The error of an object with a key that is none of `keys`. */
export const refusedKey = (what: string, keys: string, key: string): object =>
  refusedText(`The "${what}" argument must be an object of ${keys}. Received the key '${key}'`);
/** The error of a call that cannot be honoured; `message` says all. */
export const refusedText = (message: string): object => ({
  name: 'TypeError',
  code: 'ERR_INVALID_ARG_VALUE',
  message: ofAnyCall(message),
});
/** The error of what cannot be done in this state; `message` says all. */
export const refusedState = (message: string): object => ({
  name: 'ChannelStateError',
  code: 'ERR_CHANNEL_STATE',
  message: ofAnyCall(message),
});
/** The verb that a row of a test is about: what comes after it says how it is called. */
export const verbIn = (row: string): string => (row === 'for await' ? row : row.split(' ', 1)[0]!);

/** That of a handle that is spent, of a verb by its name. */
export const spent = (how: 'closed' | 'transferred', verb = '[A-Za-z ]+'): object => ({
  ...refusedState(''),
  // Native code alone cannot tell which.
  message: expect.stringMatching(
    `^${verb}: this handle is spent: it was (${how}|closed, or transferred to another thread)$`,
  ),
});

/** What `refusedValue` of a codec expects. */
export const aCodec = "be a Codec or one of 'bytes', 'buffer', 'text', 'f64', 'json', 'structured'";

/** What the error about a value of a wrong type says of it. */
export function came(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'object') return `an instance of ${value.constructor.name}`;
  if (typeof value === 'function') return `function ${value.name}`.trimEnd();
  const text =
    typeof value === 'string' ? `'${value}'` : typeof value === 'bigint' ? `${value}n` : String(value);
  return `type ${typeof value} (${text})`;
}

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
