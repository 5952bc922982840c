/** Which call an error is about: what reads arguments and values does not know it, and the verb adds it. */
import { inspect } from 'node:util';

/** The verb that was called; whether it has a label, and which one. */
export interface Call {
  readonly verb: string;
  readonly label: string | undefined;
}

interface Known {
  /** Makes the error of a call. */
  readonly make: (call: Call) => Error;
  /** Whether it names one. */
  readonly isNamed: boolean;
}

const made = new WeakMap<Error, Known>();

/** An error that its verb is to name: `make` makes it of the text of its message. */
export function unnamed<E extends Error>(text: string, make: (text: string) => E): E {
  return known(make(text), false, (call) => make(`${prefix(call)}: ${text}`));
}

/** The same of an error whose words depend on the call, `isNamed` where it says one; unless it is one already. */
export function known<E extends Error>(error: E, isNamed: boolean, make: Known['make']): E {
  if (!made.has(error)) made.set(error, { make, isNamed });
  return error;
}

/** What `verb` throws in place of `error`: the same, which names the verb and the channel's label; another as it is. `renames`: even one that names a verb, which this one has called. */
export function inCall(
  error: unknown,
  verb: string,
  label: () => string | undefined,
  renames = false,
): unknown {
  const of = made.get(error as Error);
  if (of === undefined || (of.isNamed && !renames)) return error;
  return known(of.make({ verb, label: label() }), true, of.make);
}

function prefix({ verb, label }: Call): string {
  return label === undefined ? verb : `${verb} on the channel ${inspect(label)}`;
}
