/** Commands as the shell of this system takes them, to be shown to somebody who pastes them. */

const isWindows = process.platform === 'win32';

/** A path that may have spaces in it, or signs that a shell takes as its own. */
export function quote(path: string): string {
  if (/^[\w./:\\@+-]+$/.test(path)) return path;
  return isWindows ? `"${path}"` : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}

/** Removes a folder, and a file beside it. */
export function removal(folder: string, file?: string): string {
  if (!isWindows) return `rm -rf ${folder}${file === undefined ? '' : ` ${file}`}`;
  return `rmdir /s /q ${folder}${file === undefined ? '' : ` & del ${file}`}`;
}

/** Forgets an environment variable. */
export function unset(name: string): string {
  return isWindows ? `set ${name}=` : `unset ${name}`;
}
