/** The consumer's end, whatever the form: the next frame to work on, and what became of those it did not get. */
import { ChannelClosedError, type Output, type SoleReceiver } from '../../index';
import type { Exit } from './forms';

export interface Intake {
  /** Blocks until there is a frame; its message, good until the next one. `undefined`: there will be none. */
  take(): Uint8Array | undefined;
  /** Frames that were handed over and replaced or passed over since. */
  readonly lost: number;
  /** Takes nothing more; answers how many frames lie there still. */
  leave(): number;
}

export function intakeOf(exit: Exit, byteLength: number): Intake {
  return exit.kind === 'slots'
    ? new SlotIntake(exit.output)
    : new QueueIntake(exit.receiver, exit.newest, byteLength);
}

class QueueIntake implements Intake {
  readonly #receiver: SoleReceiver<Uint8Array>;
  readonly #newest: boolean;
  readonly #memory: Uint8Array;

  constructor(receiver: SoleReceiver<Uint8Array>, newest: boolean, byteLength: number) {
    this.#receiver = receiver;
    this.#newest = newest;
    this.#memory = new Uint8Array(byteLength);
  }

  get lost(): number {
    const { dropped, skipped } = this.#receiver.stats();
    return dropped + skipped;
  }

  take(): Uint8Array | undefined {
    return unlessClosed(() => {
      const newest = this.#newest ? this.#receiver.latest() : undefined;
      if (newest !== undefined) return newest;
      // Nothing is queued, or the oldest is as good as any: into memory of our own, where nothing is lent.
      return this.#memory.subarray(0, this.#receiver.recvIntoSync(this.#memory));
    });
  }

  leave(): number {
    const left = this.#receiver.cancel();
    this.#receiver.close();
    return left;
  }
}

class SlotIntake implements Intake {
  /** The camera counts what it replaces. */
  readonly lost = 0;
  readonly #output: Output<Uint8Array>;

  constructor(output: Output<Uint8Array>) {
    this.#output = output;
  }

  take(): Uint8Array | undefined {
    return unlessClosed(() => {
      this.#output.changedSync();
      this.#output.update();
      return this.#output.buffer;
    });
  }

  leave(): number {
    const left = this.#output.updated ? 1 : 0;
    this.#output.close();
    return left;
  }
}

/** What `call` answers; nothing once the channel is closed. */
function unlessClosed<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    if (error instanceof ChannelClosedError) return undefined;
    throw error;
  }
}
