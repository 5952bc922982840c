/** Receiving into the caller's memory: awaited, a message is held until it is known that it fits. */
import { Code, binding, outcome } from '../../border/binding.js';
import { asTarget, lengthOf } from '../../border/bytes.js';
import { outOfRange, refused } from '../../errors/misuse.js';
import type { EndState } from '../end-state.js';
import type { Taking } from './receive-one.js';

/** No pool to copy short messages to: each is held, and goes back where it cannot be taken. */
const nowhere = new Uint8Array(0);

/** The target of a receive from a channel that has bytes. */
export function targetFor({ traits: { codec } }: EndState, target: unknown): Uint8Array {
  if (codec.name === 'bytes' || codec.name === 'buffer') return asTarget(target);
  throw refused(
    `Receiving into memory is for channels of bytes or buffer. The codec of this one is '${codec.name}'`,
  );
}

/** The error for a message of `length` bytes, which is still the next one. */
export function tooLongFor(target: Uint8Array, length: number): RangeError {
  const expected = `at least ${length} bytes long, as the next message is`;
  return outOfRange('target.byteLength', expected, lengthOf(target));
}

/** One message, copied to the start of `target` as it is when the message is there. */
export class IntoTarget implements Taking {
  constructor(
    private readonly state: EndState,
    private readonly target: Uint8Array,
  ) {}

  get verb(): string {
    return 'recvInto';
  }

  ask(inLine: boolean): number {
    return binding.recv(this.state.handle, nowhere, 0, inLine);
  }

  take(): number {
    return this.takeSettled(Code.held, outcome[0] as number);
  }

  takeSettled(_result: number, length: number): number {
    try {
      // While it was waited for, it may have been moved away or made shorter.
      const target = asTarget(this.target);
      if (lengthOf(target) < length) throw tooLongFor(target, length);
      binding.copyHeld(target);
      return length;
    } catch (error) {
      binding.returnHeld();
      throw error;
    }
  }

  nothing(): number {
    return Code.nothing;
  }
}
