// `npm run soak`: the soak in a process of its own, whose C library keeps little of what threads have freed, so that its
// resident memory is what it holds.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { readOptions } from './options.mjs';

const { minutes, seed } = readOptions(process.argv.slice(2));
const program = fileURLToPath(new URL('soak.mjs', import.meta.url));
/** A young generation of one size: the engine's own grows and shrinks by more than is looked for. */
const flags = ['--max-semi-space-size=1', '--expose-gc'];
/** Of glibc, which else has an arena for each of many threads, and holds back blocks of up to 32 MiB. */
const settings = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '65536', MALLOC_TRIM_THRESHOLD_: '65536' };

const child = spawn(process.execPath, [...flags, program, String(minutes), String(seed)], {
  env: { ...process.env, ...settings },
  stdio: 'inherit',
});
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('close', (code) => process.exit(code ?? 1));
