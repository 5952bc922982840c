// How much of the longest laws is run: all of it, or a part where an emulator makes every message slow.

/** That part of so many messages. */
export function part(messages: number): number {
  return Math.ceil(messages * Number(process.env['MILLRACE_LAWS_PART'] ?? 1));
}
