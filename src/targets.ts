/** The machines that millrace ships a binary for: the one list, which the loader and the scripts read. */

export interface Target {
  /** What the package and its binary are named after. */
  readonly name: string;
  /** `process.platform` there. */
  readonly platform: NodeJS.Platform;
  /** `process.arch` there. */
  readonly arch: NodeJS.Architecture;
  /** The C library, on Linux, as npm names it in a package's `libc`. */
  readonly libc?: Libc;
  /** What Rust calls it; Node for Windows asks for `msvc`, and what is in that package needs no Microsoft tool to be built. */
  readonly triple: string;
}

export type Libc = 'glibc' | 'musl';

// prettier-ignore
export const targets: readonly Target[] = [
  { name: 'linux-x64-gnu', platform: 'linux', arch: 'x64', libc: 'glibc', triple: 'x86_64-unknown-linux-gnu' },
  { name: 'linux-arm64-gnu', platform: 'linux', arch: 'arm64', libc: 'glibc', triple: 'aarch64-unknown-linux-gnu' },
  { name: 'linux-arm-gnueabihf', platform: 'linux', arch: 'arm', libc: 'glibc', triple: 'armv7-unknown-linux-gnueabihf' },
  { name: 'linux-ppc64-gnu', platform: 'linux', arch: 'ppc64', libc: 'glibc', triple: 'powerpc64le-unknown-linux-gnu' },
  { name: 'linux-x64-musl', platform: 'linux', arch: 'x64', libc: 'musl', triple: 'x86_64-unknown-linux-musl' },
  { name: 'linux-arm64-musl', platform: 'linux', arch: 'arm64', libc: 'musl', triple: 'aarch64-unknown-linux-musl' },
  { name: 'win32-x64-msvc', platform: 'win32', arch: 'x64', triple: 'x86_64-pc-windows-gnullvm' },
  { name: 'win32-arm64-msvc', platform: 'win32', arch: 'arm64', triple: 'aarch64-pc-windows-gnullvm' },
  { name: 'darwin-x64', platform: 'darwin', arch: 'x64', triple: 'x86_64-apple-darwin' },
  { name: 'darwin-arm64', platform: 'darwin', arch: 'arm64', triple: 'aarch64-apple-darwin' },
];

/** The npm package of a target. */
export function packageOf(target: Target): string {
  return `millrace-${target.name}`;
}

/** The file name of a target's binary. */
export function binaryOf(target: Target): string {
  return `millrace.${target.name}.node`;
}
