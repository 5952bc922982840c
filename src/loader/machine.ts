/** What the running process is, as far as it decides which binary fits. */
import { readFileSync } from 'node:fs';

import { type Libc, type Target, targets } from '../targets.js';

export interface Machine {
  /** The C library of this process; `undefined` where there is no choice, or it cannot be told. */
  readonly libc: Libc | undefined;
  /** Targets whose binary can be meant for this process: one, none, or both C libraries' when that cannot be told. */
  readonly fitting: readonly Target[];
  /** All of it in a few words, for an error: made when asked for. */
  tell(): string;
}

/** What is read of Node's diagnostic report. */
interface Report {
  readonly sharedObjects?: readonly string[];
  readonly environmentVariables?: Readonly<Record<string, string>>;
}

export function describeMachine(): Machine {
  const { platform, arch } = process;
  const libc = platform === 'linux' ? libcOf(loaded()) : undefined;
  const fitting = targets.filter(
    (target) =>
      target.platform === platform && target.arch === arch && (libc === undefined || target.libc === libc),
  );
  const tell = () => [`${platform} ${arch}`, tellLibc(libc), runtime()].filter(Boolean).join(', ');
  return { libc, fitting, tell };
}

/** A C library with its version, where that can be told; for people. */
export function tellLibc(libc: Libc | undefined): string {
  const version = libc === 'glibc' ? glibcVersion() : undefined;
  return [libc, version].filter(Boolean).join(' ');
}

/** A variable of the process itself: a worker may have been given an environment of its own. */
export function processVariable(name: string): string | undefined {
  return report()?.environmentVariables?.[name];
}

/** The program that runs JavaScript here, with its version. */
export function runtime(): string {
  const { bun, deno, electron, node } = process.versions;
  if (bun !== undefined) return `Bun ${bun}`;
  if (deno !== undefined) return `Deno ${deno}`;
  return electron === undefined ? `Node ${node}` : `Electron ${electron} (Node ${node})`;
}

let made: Report | undefined;

/**
 * Made once, and only where nothing else answers: it takes ten milliseconds, and waits for every worker of
 * this thread that is inside a native call.
 */
function report(): Report | undefined {
  if (made !== undefined) return made;
  const reporter: { excludeNetwork?: boolean; getReport(): object } | undefined = process.report;
  if (reporter === undefined) return undefined;
  const before = reporter.excludeNetwork;
  try {
    // Else every open socket's address is looked up, which can take seconds.
    reporter.excludeNetwork = true;
    made = reporter.getReport() as Report;
  } catch {
    return undefined;
  } finally {
    if (before !== undefined) reporter.excludeNetwork = before;
  }
  return made;
}

/** The libraries that this process runs on, a line each, whatever else is installed. */
function loaded(): string {
  try {
    return readFileSync('/proc/self/maps', 'utf8');
  } catch {
    return report()?.sharedObjects?.join('\n') ?? '';
  }
}

const glibcFile = /\/.*\/libc(\.so\.6|-2\.\d+\.so)$/m;

function libcOf(libraries: string): Libc | undefined {
  if (/\/(ld-musl-.*|libc\.musl-.*|libc\.so)$/m.test(libraries)) return 'musl';
  return glibcFile.test(libraries) ? 'glibc' : undefined;
}

/** As the library's own file says. */
function glibcVersion(): string | undefined {
  const file = glibcFile.exec(loaded())?.[0];
  try {
    const text = file === undefined ? '' : readFileSync(file, 'latin1');
    return /GNU C Library .* release version (\d+\.\d+)/.exec(text)?.[1];
  } catch {
    return undefined;
  }
}
