// Runs a program inside a root: another folder as its whole file system, with mounts that end with it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../steps.mjs';

/** A run that takes longer than this is ended: a hang must not look like slowness. */
const longest = 45 * 60;

const mounts = 'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev"';
/** Only root may mount; others can where the kernel lets them be root of a space of their own. */
const asRoot = process.getuid?.() === 0 ? [] : ['--map-root-user'];
const isolation = [...asRoot, '--mount', '--pid', '--fork', '--kill-child'];

/** As `run`, never shown: `code`, and `output`. */
export function enter(root, command, env = {}) {
  return isolated(root, `${mounts} && exec chroot "$0" "$@"`, command, env);
}

/** As `enter`, for Windows programs, which write to files: under Wine a console that is a pipe loses lines. */
export async function enterWine(root, command, env = {}) {
  const files = [join(root, 'out.txt'), join(root, 'err.txt')];
  // The registry is written by Wine's server, which has to be waited for.
  const script = `${mounts} && chroot "$0" "$@" </dev/null >"$0/out.txt" 2>"$0/err.txt"
    code=$?; chroot "$0" "$WINESERVER" -w; exit $code`;
  const { code, output } = await isolated(root, script, ['/usr/lib/wine/wine64', ...command], {
    ...env,
    HOME: '/',
    WINEPREFIX: '/prefix',
    WINEARCH: 'win64',
    WINEDEBUG: '-all',
    WINELOADER: '/usr/lib/wine/wine64',
    WINESERVER: '/usr/lib/wine/wineserver64',
  });
  return { code, output: output + files.map((file) => readFileSync(file, 'utf8')).join('') };
}

async function isolated(root, script, command, env) {
  // In the foreground, Ctrl-C reaches it; nothing but KILL ends unshare, and with it all that runs there.
  const limited = [
    '--foreground',
    '--signal=KILL',
    String(longest),
    'unshare',
    ...isolation,
    'sh',
    '-c',
    script,
    root,
  ];
  const result = await run('timeout', [...limited, ...command], { quiet: true, env });
  if (result.code !== 137) return result;
  return { code: 137, output: `${result.output}It had not ended after ${longest / 60} minutes.\n` };
}
