// Rows: where an installation lies, and what may be done there.
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ask } from './parts.mjs';
import { place } from './project.mjs';

const { node: version } = process.versions;

const odd = {
  name: 'A path with spaces and other letters',
  note: "`it's here/ü 漢字 #1 %20`",
  async run({ installed }) {
    const outer = join(place, "it's here");
    mkdirSync(outer);
    const folder = join(outer, 'ü 漢字 #1 %20');
    cpSync(installed('odd'), folder, { recursive: true, verbatimSymlinks: true });
    return { version, answers: await ask(folder, [process.execPath]) };
  },
};

/** Mounts the project over itself in a space of its own, where even root cannot write into it. */
const script =
  'mount --bind . . && mount -o remount,ro,bind . && cd "$PWD" && ! touch written 2>/dev/null && exec "$@"';
const unshare = ['unshare', ...(process.getuid?.() === 0 ? [] : ['--map-root-user']), '--mount'];

const readOnly = {
  name: 'A read-only `node_modules`',
  on: ['linux'],
  note: 'mounted read-only',
  async run({ installed }) {
    const folder = installed('read-only');
    const runner = [...unshare, 'sh', '-c', script, 'sh', process.execPath];
    return { version, answers: await ask(folder, runner) };
  },
};

export const places = [odd, readOnly];
