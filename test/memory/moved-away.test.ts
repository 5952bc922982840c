// A received message's memory may be moved to another thread, and outlives the thread that received it.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

test('a long message whose memory was moved away outlives the thread that received it', () => {
  const fixture = fileURLToPath(new URL('fixtures/moved-away.cjs', import.meta.url));
  const printed = execFileSync(process.execPath, [fixture], { encoding: 'utf8' });
  expect(JSON.parse(printed)).toEqual({ moved: 8, whole: 8, others: 64 });
});
