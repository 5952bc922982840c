/** As native.ts, of messages in place: what is held, refs, and memory that is lent. */

/** What JavaScript has of a ref: the buffer that its memory is in, an array beside it, or nothing. */
export type Shown = ArrayBuffer | Uint8Array | undefined;

/** The functions of one environment that lend memory, and take it back. */
export interface NativeMemory {
  /** Copies the held message to the start of `target`, which is at least as long, and lets it go. `ok` or `notBytes`. */
  copyHeld(target: Uint8Array): number;
  /** Lends the held message's own memory, as `lendRef` does, or `nothing` when it is to be copied instead (`copyHeld`): too much is lent out already, or the runtime forbids it. */
  takeHeld(): ArrayBuffer | number;
  /** Puts the held message back: it is the channel's next one. */
  returnHeld(): void;

  /** A ref: memory for a message of `byteLength` bytes, its name. Or a code. */
  makeRef(handle: number, byteLength: number): number;
  /** Makes a ref of the held message: its name. Or a code, and it is still held. */
  takeRef(): number;
  /** Lends a ref's memory: the number of its home, or a new buffer, the number that its home will have at `outcome[0]`, and at `outcome[1]` a 1 where all homes are to be dropped before. `nothing` where the runtime forbids that. */
  lendRef(ref: number): ArrayBuffer | number;
  /** Copies a ref's bytes to the start of `target`, which is as long. */
  copyRef(ref: number, target: Uint8Array): number;
  /** Takes back what was lent, and sends its first `byteLength` bytes. `shown` is what the memory is in now, or the array whose bytes are the ref's then, and which is detached. `ok`: the ref is no more. `moved`: neither, without a send. `spent`: there is no such ref or handle. Else, and also then where there is one, they are the ref's again. */
  trySendRef(ref: number, handle: number, shown: Shown, byteLength: number): number;
  /** As `trySendRef`, or a wait id; cancelled, or closed, the bytes are the ref's again. */
  sendRef(ref: number, handle: number, shown: Shown, byteLength: number): number;
  sendRefSync(ref: number, handle: number, shown: Shown, byteLength: number, timeout: number): number;
  /** Takes back what was lent, or detaches the array, as `trySendRef` does, and the ref ends. */
  dropRef(ref: number, shown: Shown): void;
  /** Leaves what was lent to the caller for good: `ok`, and the ref ends. `nothing`: the caller has too much already. `moved`: `buffer` is not what was lent any more. */
  keepRef(ref: number, buffer: ArrayBuffer): number;
  /** The ref ends; what was lent comes back when the engine has finished with it. */
  forgetRef(ref: number): void;

  /** Lends memory that belongs to no channel, as `lendRef` does. `nothing`: the engine's own is to be used. */
  alloc(byteLength: number): ArrayBuffer | number;
  /** Watches the buffer that was lent as number `home`, in a thread that may end before the process does. */
  watchLoan(home: number, buffer: ArrayBuffer): void;
  /** Takes this memory from the caller: answers the number of its home where it was lent, to which the buffer is to be moved; else -1, and it is detached. */
  giveUp(buffer: ArrayBuffer): number;
  /** All homes are dropped. */
  dropHomes(): void;
  /** `outcome[0]`: how many homes there are; `[1]`: the bytes that they stand for; `[2]`: the bytes that are lent out, refs aside. */
  countLoans(): void;
  /** Sends lent memory itself. `ok`: `outcome[0]` is as `giveUp` answers, and the buffer detached where that is -1. `foreign`: it is not lent. Else it is the caller's as before. */
  tryMove(handle: number, buffer: ArrayBuffer): number;
  /** As `tryMove`, behind those who wait; `nothing` where it would have to wait. */
  move(handle: number, buffer: ArrayBuffer): number;
  moveSync(handle: number, buffer: ArrayBuffer, timeout: number): number;
}
