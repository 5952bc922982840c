// What a message says where only text goes: its number at the front, seven bits a byte, and again at its end.

const mark = (number) => (number ^ 0x5a) & 0x7f;

/** Writes message `number` over `bytes`. */
export function stampText(bytes, number) {
  for (let index = 0; index < 4; index++) bytes[index] = (number >>> (7 * index)) & 0x7f;
  bytes[bytes.length - 1] = mark(number);
}

/** As `stampText`, a string: `filling` is as long as the message. */
export function textOf(number, filling) {
  let head = '';
  for (let index = 0; index < 4; index++) head += String.fromCharCode((number >>> (7 * index)) & 0x7f);
  return head + filling.slice(5) + String.fromCharCode(mark(number));
}

export function numberOfText(text, at) {
  let number = 0;
  for (let index = 0; index < 4; index++) number |= text.charCodeAt(at + index) << (7 * index);
  return number;
}

/** Throws unless message `number`, or the first of another run, lies at `at`; answers which it is. */
export function checkText(text, at, number, size) {
  const found = numberOfText(text, at);
  if ((found === number || found === 0) && text.charCodeAt(at + size - 1) === mark(found)) return found;
  throw new Error(`Expected message ${number} of ${size} characters, received ${found}`);
}
