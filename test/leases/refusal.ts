// What a call is refused with, in one line.

/** Class, code and words of what `call` throws. */
export function refusal(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    const { name, code, message } = error as Error & { code: string };
    return `${name} ${code}: ${message}`;
  }
  return 'nothing';
}
