// A user's project: a fresh folder with the probes, into which millrace is installed, and in which commands run.
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { root, run } from '../steps.mjs';

/** All that is made lies here, the installers' caches too, and is gone at the end. */
export const place = mkdtempSync(join(realpathSync(tmpdir()), 'millrace-runtimes-'));
process.on('exit', () => rmSync(place, { recursive: true, force: true }));

export const probes = join(root, 'test', 'smoke', 'runtimes');
/** Milliseconds that a command may take: only what hangs takes so long. */
const patience = 300_000;

/** A folder of its own with the probes in it. */
export function makeProject(name) {
  const folder = join(place, name);
  mkdirSync(folder, { recursive: true });
  cpSync(probes, folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  return folder;
}

/**
 * Runs a command in a project: nothing is handed on of the npm that started this script, every installer asks
 * the registry on this machine, and keeps what it caches to this run. The Node of this script comes first.
 */
export function inProject(folder, [command, ...args], { registry, env = {} } = {}) {
  const handedOn = Object.keys(process.env).filter((name) => /^(npm_|MILLRACE_|NODE_OPTIONS$)/i.test(name));
  return run(command, args, {
    quiet: true,
    cwd: folder,
    timeout: patience,
    env: {
      ...Object.fromEntries(handedOn.map((name) => [name, undefined])),
      PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
      NO_COLOR: '1',
      ...(registry === undefined ? {} : settings(registry)),
      ...env,
    },
  });
}

/** As `inProject`; a failure is thrown, with what was printed. */
export async function mustInProject(folder, command, options) {
  const { code, output } = await inProject(folder, command, options);
  if (code !== 0) throw new Error(`${command.join(' ')}\n${output.trim()}`);
  return output;
}

/** Where each installer reads which registry to ask, and where to keep things. */
function settings(registry) {
  const kept = (name) => join(place, 'caches', name);
  return {
    npm_config_registry: `${registry}/`,
    npm_config_cache: kept('npm'),
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
    pnpm_config_registry: `${registry}/`,
    pnpm_config_store_dir: kept('pnpm'),
    BUN_CONFIG_REGISTRY: `${registry}/`,
    BUN_INSTALL_CACHE_DIR: kept('bun'),
    NPM_CONFIG_REGISTRY: `${registry}/`,
    DENO_DIR: kept('deno'),
  };
}
