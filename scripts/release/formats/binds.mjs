// Which library each function of a macOS binary is looked up in, as its loader is told: a little program of opcodes.

/** The special library number -2: whoever in the process has it, that is to say Node. */
const anyLibrary = 0xe;
const opcode = { library: 0x1, libraryAfter: 0x2, special: 0x3, symbol: 0x4 };
const bindings = new Set([0x9, 0xa, 0xb, 0xc]);
/** How many numbers follow each opcode; the others have none. */
const numbers = new Map([
  [opcode.libraryAfter, 1],
  [0x6, 1],
  [0x7, 1],
  [0x8, 1],
  [0xa, 1],
  [0xc, 2],
]);

/** The names that are bound between two places of the file, each with whether the whole process is searched. */
export function readBinds(bytes, from, to) {
  const found = new Map();
  let flat = false;
  let name = '';
  for (let at = from; at < to;) {
    const kind = bytes[at] >> 4;
    const small = bytes[at] & 0x0f;
    at += 1;
    if (kind === opcode.special) flat = small === anyLibrary;
    if (kind === opcode.library || kind === opcode.libraryAfter) flat = false;
    if (kind === opcode.symbol) {
      const end = bytes.indexOf(0, at);
      name = bytes.toString('latin1', at, end);
      at = end + 1;
    }
    if (bindings.has(kind)) found.set(name, { flat });
    for (let left = numbers.get(kind) ?? 0; left > 0; left -= 1) at = afterNumber(bytes, at);
  }
  return found;
}

/** A number takes as many bytes as have their highest bit set, and one more. */
function afterNumber(bytes, at) {
  let end = at;
  while (bytes[end] >= 0x80) end += 1;
  return end + 1;
}
