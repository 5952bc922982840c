// Reads of a Windows binary what decides where it loads: processor, the libraries it imports, what it exports.
import { text } from './elf.mjs';

const machines = new Map([
  [0x8664, 'x64'],
  [0xaa64, 'arm64'],
]);

/** `needed`: names of DLLs in lower case; `imports`: names of functions; `exports`: names others may look up. */
export function readPe(bytes) {
  const header = bytes.readUInt32LE(0x3c);
  if (bytes.toString('latin1', header, header + 4) !== 'PE\0\0') throw new Error('not a PE file');
  const optional = header + 24;
  if (bytes.readUInt16LE(optional) !== 0x20b) throw new Error('not a 64-bit PE file');
  const sectionTable = optional + bytes.readUInt16LE(header + 20);
  const sections = Array.from({ length: bytes.readUInt16LE(header + 6) }, (_, index) => {
    const at = sectionTable + index * 40;
    return {
      address: bytes.readUInt32LE(at + 12),
      size: bytes.readUInt32LE(at + 16),
      offset: bytes.readUInt32LE(at + 20),
    };
  });
  /** Where in the file an address of the loaded image lies. */
  const place = (address) => {
    const home = sections.find((each) => address >= each.address && address < each.address + each.size);
    return home.offset + address - home.address;
  };
  const directory = (index) => bytes.readUInt32LE(optional + 112 + index * 8);

  const needed = [];
  const imports = [];
  for (let at = place(directory(1)); bytes.readUInt32LE(at + 12) !== 0; at += 20) {
    needed.push(text(bytes, place(bytes.readUInt32LE(at + 12))).toLowerCase());
    const lookups = bytes.readUInt32LE(at) || bytes.readUInt32LE(at + 16);
    for (let entry = place(lookups); bytes.readBigUInt64LE(entry) !== 0n; entry += 8) {
      const byNumber = bytes.readUInt32LE(entry + 4) >>> 31 === 1;
      if (!byNumber) imports.push(text(bytes, place(bytes.readUInt32LE(entry)) + 2));
    }
  }
  const exported = place(directory(0));
  const names = place(bytes.readUInt32LE(exported + 32));
  const exports = Array.from({ length: bytes.readUInt32LE(exported + 24) }, (_, index) =>
    text(bytes, place(bytes.readUInt32LE(names + index * 4))),
  );
  return {
    cpu: machines.get(bytes.readUInt16LE(header + 4)) ?? 'another processor',
    needed,
    imports,
    exports,
    stripped: bytes.readUInt32LE(header + 12) === 0,
  };
}
