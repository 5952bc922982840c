// Commands that need the network: tried again when it fails them, because it often works a little later.
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../../steps.mjs';

/** Seconds between one try and the next. */
const pauses = [5, 20, 60];

/** Runs a command quietly until it succeeds, or four times; its failure ends the script with code 1, having shown why. */
export async function mustFetch(command, args, options = {}) {
  for (const pause of pauses) {
    const { code } = await run(command, args, { ...options, quiet: true });
    if (code === 0) return;
    console.log(`  ${command} failed; again in ${pause} s`);
    await sleep(pause * 1000);
  }
  const { code, output } = await run(command, args, { ...options, quiet: true });
  if (code === 0) return;
  process.stderr.write(output);
  process.exit(1);
}

/** As `mustFetch`, for the npm in use. */
export function mustFetchNpm(args, options) {
  const path = process.env.npm_execpath;
  return path === undefined
    ? mustFetch('npm', args, options)
    : mustFetch(process.execPath, [path, ...args], options);
}

/** Installs Debian packages on this machine, where some of them are missing; needs root, or sudo. */
export async function mustInstallDebian(...packages) {
  const { code } = await run('dpkg', ['--status', ...packages], { quiet: true });
  if (code === 0) return;
  console.log(`Installing ${packages.join(', ')}`);
  const root = process.getuid() === 0 ? [] : ['sudo'];
  const apt = async (...args) => {
    const [command, ...rest] = [...root, 'apt-get', '-qq', ...args];
    await mustFetch(command, rest, { env: { DEBIAN_FRONTEND: 'noninteractive' } });
  };
  await apt('update');
  await apt('install', '-y', '--no-install-recommends', ...packages);
}
