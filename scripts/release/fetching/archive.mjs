// Where Debian's packages come from: the archive that this machine's own apt knows, asked of apt. Nothing here names a host.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { misuse, readCommand, run } from '../../steps.mjs';

const helper = '/usr/lib/apt/apt-helper';
const format = '$(LABEL) $(COMPONENT) $(SITE)';

/** The archive's address, or undefined: apt's own, or on a machine that is no Debian what DEBIAN_ARCHIVE says. */
export async function debianArchive() {
  if (process.env.DEBIAN_ARCHIVE) return process.env.DEBIAN_ARCHIVE;
  const { code, stdout } = await run('apt-get', ['indextargets', '--format', format], { quiet: true });
  if (code !== 0) return undefined;
  const line = stdout.split('\n').find((each) => each.startsWith('Debian main '));
  return line?.split(' ')[2];
}

/** As `debianArchive`; a machine that knows none ends the script. */
export async function mustDebianArchive() {
  const archive = await debianArchive();
  if (archive !== undefined) return archive;
  console.error("Expected a machine whose apt knows Debian's archive, or its address in DEBIAN_ARCHIVE.");
  return process.exit(1);
}

/** Whether apt can have something of these releases there. */
async function isReached(suites) {
  const archive = await debianArchive();
  if (archive === undefined) return false;
  const folder = mkdtempSync(join(tmpdir(), 'millrace-archive-'));
  try {
    for (const suite of suites) {
      const order = ['download-file', `${archive}/dists/${suite}/Release`, join(folder, suite)];
      if ((await run(helper, order, { quiet: true, timeout: 60_000 })).code !== 0) return false;
    }
    return true;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { words: suites } = readCommand(
    `
Usage: node scripts/release/fetching/archive.mjs SUITE ...

Says whether this machine's apt can fetch from these releases of Debian's archive. Where apt knows no archive of
Debian's, the environment variable DEBIAN_ARCHIVE gives its address.

Exit codes: 0 it can, 1 it cannot, 2 wrong usage.`,
    {},
    { takesWords: true },
  );
  if (suites.length === 0) misuse('Expected names of releases');
  process.exit((await isReached(suites)) ? 0 : 1);
}
