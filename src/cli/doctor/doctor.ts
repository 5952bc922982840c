/** `millrace doctor`: looks, tells, and answers with the exit code. */
import type { DoctorOptions } from './arguments';
import { diagnose } from './diagnosis';
import { tell } from './report';

/** 0 all is well, 1 something is wrong. */
export async function doctor(options: DoctorOptions, output: NodeJS.WritableStream): Promise<number> {
  const found = await diagnose();
  output.write(`${options.json ? JSON.stringify(found, undefined, 2) : tell(found)}\n`);
  return found.isWell ? 0 : 1;
}
