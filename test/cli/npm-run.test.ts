// `npm run demo` is `millrace demo`, built first; that is why no other file runs beside this one.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

import { npmRun } from './millrace';

const folder = mkdtempSync(join(tmpdir(), 'millrace-npm-run-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('npm run demo is that command, and hands its exit code on', async () => {
  const path = join(folder, 'file');
  const bytes = new Uint8Array(3_000_001).fill(7);
  writeFileSync(path, bytes);
  const whole = await npmRun('demo', [path, '--workers', '1']);
  expect(whole.stderr).toBe('');
  expect(whole.code).toBe(0);
  expect(whole.stdout).toContain(`sha256 ${createHash('sha256').update(bytes).digest('hex')}`);
  const missing = await npmRun('demo', [join(folder, 'missing')]);
  expect(missing.stderr).toMatch(/file that can be read. Received '.*missing': ENOENT/);
  expect(missing.stdout).not.toContain('sha256');
  expect(missing.code).toBe(2);
});
