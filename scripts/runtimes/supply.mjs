// What is installed, and from where: the tarballs of packed/ and what they depend on, served on this machine alone.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { serveRegistry } from '../release/fetching/registry.mjs';
import { cache, must, mustNpm, root } from '../steps.mjs';

const packed = join(root, 'packed');
const fetched = join(cache, 'runtimes', 'served');

/** Every installer asks this registry, as it would ask npm's: `npm install millrace` is what is tried. */
export async function supply() {
  const tarballs = existsSync(packed) ? readdirSync(packed).filter((name) => name.endsWith('.tgz')) : [];
  if (tarballs.length < 2) {
    console.error('packed/ does not hold the main and the platform package: run npm run pack first.');
    process.exit(1);
  }
  const served = [];
  for (const name of tarballs) served.push(await describe(join(packed, name)));
  served.push(...(await dependencies(served.flatMap(({ manifest }) => namesIn(manifest)))));
  return serveRegistry(served);
}

/** The packages of these names, and theirs, packed from node_modules as they lie there. */
async function dependencies(names) {
  rmSync(fetched, { recursive: true, force: true });
  mkdirSync(fetched, { recursive: true });
  const found = [];
  const left = [...names];
  for (const name of left) {
    const folder = join(root, 'node_modules', name);
    const told = await mustNpm(['pack', '--json', '--pack-destination', fetched], {
      cwd: folder,
      quiet: true,
    });
    found.push(await describe(join(fetched, JSON.parse(told)[0].filename)));
    left.push(...namesIn(found.at(-1).manifest).filter((each) => !left.includes(each)));
  }
  return found;
}

async function describe(file) {
  const manifest = JSON.parse(await must('tar', ['-xzOf', file, 'package/package.json'], { quiet: true }));
  const digest = createHash('sha512').update(readFileSync(file)).digest('base64');
  return { manifest, file, integrity: `sha512-${digest}` };
}

const namesIn = (manifest) => Object.keys(manifest.dependencies ?? {});
