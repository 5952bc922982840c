/** `millrace top`: what it may be told. */
import { UsageError, parse } from '../usage';

export interface TopOptions {
  /** Where the console listens. */
  readonly url: URL;
  /** One look, and the end. */
  readonly once: boolean;
  /** Milliseconds between two looks. */
  readonly everyMs: number;
}

export const topHelp = `Usage: millrace top URL [--once] [--every SECONDS]

Shows the channels of a process that serves a console (serveConsole() of millrace/console, or MILLRACE_CONSOLE=PORT in its
environment), those that stand still first.

  URL                what serveConsole() says, such as http://127.0.0.1:9330/
  --once             one look, and the end
  --every SECONDS    time between two looks (default 1)

Exit codes: 0 done, 1 the console cannot be reached, 2 used wrongly, 130 interrupted.`;

export function readTopArguments(args: string[]): TopOptions | 'help' {
  const { values, positionals } = parse(args, {
    once: { type: 'boolean' },
    every: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  });
  if (values.help === true) return 'help';
  const [given, ...more] = positionals;
  if (given === undefined || more.length > 0) throw new UsageError('Expected one URL');
  if (!URL.canParse(given) || !/^https?:/.test(given)) {
    throw new UsageError(`Expected a URL such as http://127.0.0.1:9330/, received '${given}'`);
  }
  const every = Number(values.every ?? 1);
  if (!(every > 0)) throw new UsageError(`Expected a number of seconds, received '${values.every}'`);
  return { url: new URL('/snapshot.json', given), once: values.once === true, everyMs: every * 1000 };
}
