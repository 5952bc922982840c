/** `millrace doctor`: what may be asked for. */
import { UsageError, parse } from '../usage';

export interface DoctorOptions {
  /** Everything as one JSON value, in place of a page to read. */
  readonly json: boolean;
}

export const doctorHelp = `Usage: millrace doctor [--json]

Says what millrace finds here: the runtime, the machine, the binary that is loaded, from where, its checksum and
version, the variables that it reads; hands a message through a worker and ends a worker that is blocked; then
says in words what is wrong, and the command that would cure it.

  --json        the same as JSON: "isWell", "faults" and the facts
  -h, --help    this text

Exit codes: 0 all is well, 1 something is wrong, 2 used wrongly.`;

const options = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;

export function readDoctorArguments(args: string[]): DoctorOptions | 'help' {
  const { values, positionals } = parse(args, options);
  if (values.help) return 'help';
  if (positionals.length > 0) throw new UsageError(`Expected options only. Received '${positionals[0]}'`);
  return { json: values.json ?? false };
}
