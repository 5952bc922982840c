// Installs the tarballs of packed/ into an empty folder, without Rust in reach, and uses them there.
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { must, mustNpm, readCommand, root, run } from './steps.mjs';

readCommand(`
Usage: npm run smoke:packed

Installs what npm run pack has left in packed/ into an empty temporary folder, with no cargo on the PATH,
then requires it, imports it, and hands messages through a worker.

Exit codes: 0 it works, 1 it does not, 2 wrong usage.`);

const packed = join(root, 'packed');
const tarballs = existsSync(packed) ? readdirSync(packed).filter((name) => name.endsWith('.tgz')) : [];
if (tarballs.length < 2) {
  console.error('packed/ does not hold the main and the platform package: run npm run pack first.');
  process.exit(1);
}

const env = { PATH: pathWithoutRust(), CARGO_HOME: '', RUSTUP_HOME: '' };
const cargo = await run('cargo', ['--version'], { env, quiet: true });
if (cargo.code === 0) {
  console.error('cargo is still on the PATH, so this would prove nothing.');
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'millrace-smoke-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
const options = { env, cwd: folder, quiet: true };
await mustNpm(['install', '--no-audit', '--no-fund', ...tarballs.map((name) => join(packed, name))], options);
console.log(`installed ${tarballs.join(' and ')}`);
const programs = join(root, 'test', 'smoke', 'packed');
for (const name of readdirSync(programs)) {
  copyFileSync(join(programs, name), join(folder, name));
  process.stdout.write(await must(process.execPath, [name], options));
}

/** The PATH without the folders that hold cargo; node itself is called by its full path. */
function pathWithoutRust() {
  const holdsCargo = (each) => existsSync(join(each, process.platform === 'win32' ? 'cargo.exe' : 'cargo'));
  return process.env.PATH.split(delimiter)
    .filter((each) => each !== '' && !holdsCargo(each))
    .join(delimiter);
}
