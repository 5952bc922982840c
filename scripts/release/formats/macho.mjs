// Reads of a macOS binary what decides where it loads: processor, libraries, lookups, deployment target, signature.
import { createHash } from 'node:crypto';
import { readBinds } from './binds.mjs';
import { text } from './elf.mjs';

const machines = new Map([
  [0x01000007, 'x64'],
  [0x0100000c, 'arm64'],
]);
const command = {
  symtab: 0x2,
  loadDylib: 0xc,
  idDylib: 0xd,
  signature: 0x1d,
  buildVersion: 0x32,
  binds: 0x80000022,
};

/**
 * `imports`: by name, whether the process as a whole is searched (`flat`) or one library; `oldest`: the
 * macOS it is built for; `signature`: undefined where there is none.
 */
export function readMacho(bytes) {
  if (bytes.readUInt32LE(0) !== 0xfeedfacf) throw new Error('not a 64-bit Mach-O file');
  const found = {
    needed: [],
    imports: new Map(),
    exports: [],
    id: '',
    oldest: '',
    signature: undefined,
    stripped: true,
  };
  for (let count = bytes.readUInt32LE(16), at = 32; count > 0; count -= 1) {
    const kind = bytes.readUInt32LE(at);
    const word = (index) => bytes.readUInt32LE(at + index * 4);
    if (kind === command.loadDylib) found.needed.push(text(bytes, at + word(2)));
    if (kind === command.idDylib) found.id = text(bytes, at + word(2));
    if (kind === command.buildVersion) found.oldest = `${word(3) >>> 16}.${(word(3) >>> 8) & 0xff}`;
    if (kind === command.symtab) readSymbols(bytes, word(2), word(3), word(4), found);
    if (kind === command.binds) {
      // What is bound at once, and what is bound at its first call.
      for (const [from, size] of [
        [word(4), word(5)],
        [word(8), word(9)],
      ]) {
        for (const [name, bind] of readBinds(bytes, from, from + size)) found.imports.set(name, bind);
      }
    }
    if (kind === command.signature) found.signature = readSignature(bytes, word(2));
    at += word(1);
  }
  return { cpu: machines.get(bytes.readUInt32LE(4)) ?? 'another processor', ...found };
}

function readSymbols(bytes, table, count, strings, found) {
  for (let at = table; at < table + count * 16; at += 16) {
    const kind = bytes[at + 4];
    const defined = (kind & 0x0e) !== 0;
    if (!defined) continue;
    if ((kind & 0x01) === 0) found.stripped = false;
    else found.exports.push(text(bytes, strings + bytes.readUInt32LE(at)));
  }
}

/** The ad-hoc signature's directory of pages: how many there are, and how many of them the file's bytes fit. */
function readSignature(bytes, at) {
  const parts = Array.from(
    { length: bytes.readUInt32BE(at + 8) },
    (_, index) => at + bytes.readUInt32BE(at + 16 + index * 8),
  );
  const directory = parts.find((part) => bytes.readUInt32BE(part) === 0xfade0c02);
  const flags = bytes.readUInt32BE(directory + 12);
  const hashes = directory + bytes.readUInt32BE(directory + 16);
  const pages = bytes.readUInt32BE(directory + 28);
  const end = bytes.readUInt32BE(directory + 32);
  const hashSize = bytes[directory + 36];
  const pageSize = 2 ** bytes[directory + 39];
  let right = 0;
  for (let page = 0; page < pages; page += 1) {
    const content = bytes.subarray(page * pageSize, Math.min((page + 1) * pageSize, end));
    const expected = bytes.subarray(hashes + page * hashSize, hashes + (page + 1) * hashSize);
    if (createHash('sha256').update(content).digest().equals(expected)) right += 1;
  }
  return { adHoc: (flags & 2) !== 0, pages, right };
}
