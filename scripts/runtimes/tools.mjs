// The tools of the matrix, each in the version that is tried, and where its commands lie.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fetchPackages } from '../fetch.mjs';

const machine = `${process.platform}-${process.arch}`;
const bun = `@oven/bun-${machine.replace('win32', 'windows').replace('arm64', 'aarch64')}`;
const deno = `@deno/${machine}${process.platform === 'linux' ? '-glibc' : ''}`;

/** Packages by the name of the tool; the first one's version is the tool's. Its commands are in `bin`. */
const tools = {
  bun: { packages: [`${bun}@1.4.5`], bin: join(bun, 'bin') },
  deno: { packages: [`${deno}@2.9.6`], bin: deno },
  pnpm: { packages: ['pnpm@12.21.0'] },
  'yarn 1': { packages: ['yarn@1.22.22'] },
  yarn: { packages: ['@yarnpkg/cli-dist@4.18.1'] },
  esbuild: { packages: ['esbuild@0.28.2'] },
  rollup: { packages: ['rollup@4.68.8'] },
  webpack: { packages: ['webpack@5.113.0'] },
  rspack: { packages: ['@rspack/core@2.3.3'] },
  postject: { packages: ['postject@1.0.0-alpha.6'] },
};

/** Fetches a tool: its version, the folder of its packages, and that of its commands. */
export async function getTool(name) {
  const { packages, bin = '.bin' } = tools[name];
  const modules = join(await fetchPackages(...packages), 'node_modules');
  const main = packages[0].slice(0, packages[0].lastIndexOf('@'));
  return { version: versionIn(join(modules, main)), modules, bin: join(modules, bin) };
}

/** The version of the package in a folder. */
export function versionIn(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;
}
