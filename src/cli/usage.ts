/** A command line taken apart by Node's own parser, and what is said where that fails. */
import { type ParseArgsConfig, parseArgs } from 'node:util';

/** The command was used wrongly: exit code 2. */
export class UsageError extends Error {}

type Known = NonNullable<ParseArgsConfig['options']>;

/** The options and positional arguments among `args`; anything that is not one of `options` is a `UsageError`. */
export function parse<const O extends Known>(args: string[], options: O) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    if (!isParseError(error)) throw error;
    // Node's own text says what was received, and goes on with advice about positional arguments.
    const received = error.message.split('. ')[0];
    const expected = Object.keys(options).map((name) => `--${name}`);
    throw new UsageError(`${received}. Expected options: ${expected.join(', ')}`, { cause: error });
  }
}

function isParseError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_');
}
