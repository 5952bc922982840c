// Binaries that are not what they should be, made from the one that was built.

/** Replaces text, everywhere, by text that is no longer: what is left over becomes zeros, which end it. */
export function reword(binary: Buffer, from: string, to: string): Buffer {
  const bytes = Buffer.from(binary);
  const word = Buffer.alloc(from.length);
  word.write(to, 'latin1');
  let at = bytes.indexOf(from);
  if (at < 0 || to.length > from.length) throw new Error(`there is no '${from}' to become '${to}'`);
  for (; at >= 0; at = bytes.indexOf(from, at + from.length)) word.copy(bytes, at);
  return bytes;
}

/** A processor that this one is not, as ELF knows it. */
export const otherArch = process.arch === 'arm64' ? 'x64' : 'arm64';

/** Linux: says that it is for that processor. */
export function forOther(binary: Buffer): Buffer {
  const bytes = Buffer.from(binary);
  bytes.writeUInt16LE(otherArch === 'arm64' ? 0xb7 : 0x3e, 18);
  return bytes;
}

/** Linux: asks for musl's C library in place of glibc's. */
export const forMusl = (binary: Buffer) => reword(binary, 'libc.so.6', 'libc.so');

/** Linux: asks for a glibc that nobody has yet. */
export function forNewerGlibc(binary: Buffer): Buffer {
  const asked = /GLIBC_2\.\d\d(?=\0)/.exec(binary.toString('latin1'))?.[0];
  if (asked === undefined) throw new Error('it asks for no glibc');
  return reword(binary, asked, 'GLIBC_2.99');
}

/** Linux: throws while it is loaded, where it should name its functions. */
export const throwing = (binary: Buffer) => reword(binary, 'napi_set_named_property', 'napi_throw');
