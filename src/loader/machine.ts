/** What the running process is, as far as it decides which binary fits. */
import { readFileSync } from 'node:fs';

import { type Libc, type Target, targets } from '../targets.js';

export interface Machine {
  /** The C library of this process; `undefined` where there is no choice, or it cannot be told. */
  readonly libc: Libc | undefined;
  /** Its version, where the runtime tells. */
  readonly libcVersion: string | undefined;
  /** Targets whose binary can be meant for this process: one, none, or both C libraries' when that cannot be told. */
  readonly fitting: readonly Target[];
  /** All of it in a few words. */
  readonly text: string;
}

/** What is read of Node's diagnostic report. */
interface Report {
  readonly header: { readonly glibcVersionRuntime?: string };
  readonly sharedObjects?: readonly string[];
  readonly environmentVariables?: Readonly<Record<string, string>>;
}

export function describeMachine(): Machine {
  const { platform, arch } = process;
  const { libc, version: libcVersion } = platform === 'linux' ? findLibc() : {};
  const fitting = targets.filter(
    (target) =>
      target.platform === platform && target.arch === arch && (libc === undefined || target.libc === libc),
  );
  const library = libc === undefined ? '' : `, ${libc}${libcVersion === undefined ? '' : ` ${libcVersion}`}`;
  return { libc, libcVersion, fitting, text: `${platform} ${arch}${library}, ${runtime()}` };
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

/** Made once, as it takes milliseconds; `undefined` where the runtime has none or forbids it. */
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

/** The C library that this process runs on, whatever else is installed. */
function findLibc(): { libc?: Libc; version?: string } {
  const version = report()?.header.glibcVersionRuntime;
  if (version !== undefined) return { libc: 'glibc', version };
  const loaded = report()?.sharedObjects?.join('\n') ?? mapped();
  if (/\/(ld-musl-[^/]*|libc\.musl-[^/]*|libc\.so)$/m.test(loaded)) return { libc: 'musl' };
  return /\/libc(\.so\.6|-2\.\d+\.so)$/m.test(loaded) ? { libc: 'glibc' } : {};
}

/** The files that are mapped into this process; empty where that cannot be read. */
function mapped(): string {
  try {
    return readFileSync('/proc/self/maps', 'utf8');
  } catch {
    return '';
  }
}
