// Reads of a Linux binary what decides where it loads: processor, libraries, the versions it asks of them.

const machines = new Map([
  [0x3e, 'x64'],
  [0xb7, 'arm64'],
  [0x28, 'arm'],
  [0x15, 'ppc64'],
]);
const section = { symtab: 2, dynamic: 6, dynsym: 11, verneed: 0x6ffffffe };

/** `needed`: libraries; `versions`: such as GLIBC_2.17; `exports`: names that others may look up. */
export function readElf(bytes) {
  if (bytes.toString('latin1', 0, 4) !== '\x7fELF') throw new Error('not an ELF file');
  const wide = bytes[4] === 2;
  const word = (at) => (wide ? Number(bytes.readBigUInt64LE(at)) : bytes.readUInt32LE(at));
  const table = word(wide ? 0x28 : 0x20);
  const entry = bytes.readUInt16LE(wide ? 0x3a : 0x2e);
  const count = bytes.readUInt16LE(wide ? 0x3c : 0x30);
  const sections = Array.from({ length: count }, (_, index) => {
    const at = table + index * entry;
    return {
      type: bytes.readUInt32LE(at + 4),
      offset: word(at + (wide ? 0x18 : 0x10)),
      size: word(at + (wide ? 0x20 : 0x14)),
      link: bytes.readUInt32LE(at + (wide ? 0x28 : 0x18)),
    };
  });
  const of = (type) => sections.find((each) => each.type === type);
  const name = (owner, at) => text(bytes, sections[owner.link].offset + at);

  const needed = [];
  const dynamic = of(section.dynamic);
  for (let at = dynamic.offset; at < dynamic.offset + dynamic.size; at += wide ? 16 : 8) {
    if (word(at) === 1) needed.push(name(dynamic, word(at + (wide ? 8 : 4))));
  }
  const exports = [];
  const symbols = of(section.dynsym);
  for (let at = symbols.offset; at < symbols.offset + symbols.size; at += wide ? 24 : 16) {
    const defined = bytes.readUInt16LE(at + (wide ? 6 : 14)) !== 0;
    if (defined) exports.push(name(symbols, bytes.readUInt32LE(at)));
  }
  return {
    cpu: machines.get(bytes.readUInt16LE(18)) ?? 'another processor',
    needed,
    exports,
    stripped: of(section.symtab) === undefined,
    versions: versionsOf(bytes, of(section.verneed), name),
  };
}

/** A chain of libraries, each with a chain of the versions asked of it. */
function versionsOf(bytes, verneed, name) {
  const versions = [];
  if (verneed === undefined) return versions;
  for (let library = verneed.offset, step = 1; step !== 0; library += step) {
    for (let at = library + bytes.readUInt32LE(library + 8), next = 1; next !== 0; at += next) {
      versions.push(name(verneed, bytes.readUInt32LE(at + 8)));
      next = bytes.readUInt32LE(at + 12);
    }
    step = bytes.readUInt32LE(library + 12);
  }
  return versions;
}

/** The newest glibc that the versions ask for, as `2.17`; undefined where none is asked for. */
export function newestGlibc(versions) {
  const found = versions.flatMap((each) => /^GLIBC_(\d+)\.(\d+)/.exec(each) ?? []).length > 0;
  if (!found) return undefined;
  const minors = versions.map((each) => Number(/^GLIBC_2\.(\d+)/.exec(each)?.[1] ?? 0));
  return `2.${Math.max(...minors)}`;
}

/** The text that ends with a zero. */
export function text(bytes, at) {
  return bytes.toString('latin1', at, bytes.indexOf(0, at));
}
