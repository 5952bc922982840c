// Capacities and messages that memory cannot hold: a RangeError, never the end of the process.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

const script = fileURLToPath(new URL('memory.mjs', import.meta.url));

// `ulimit -v` is the shell's, and only Linux keeps to it.
test.runIf(process.platform === 'linux')(
  'memory that cannot be had is a RangeError, and nothing is lost',
  () => {
    const child = spawnSync('sh', ['-c', 'ulimit -v 3145728 && exec "$0" "$1"', process.execPath, script]);
    expect([child.stderr.toString(), child.signal, child.status]).toEqual(['', null, 0]);
    const { channels, messages } = JSON.parse(child.stdout.toString()) as Record<string, number>;
    expect(channels).toBeGreaterThan(0);
    expect(messages).toBeGreaterThan(0);
  },
);
