/** The consumer's end, whatever the form: the next frame to work on, and what became of those it did not get. */
import { ChannelClosedError } from 'millrace';

export function intakeOf(exit, byteLength) {
  return exit.kind === 'slots'
    ? new SlotIntake(exit.output)
    : new QueueIntake(exit.receiver, exit.newest, byteLength);
}

class QueueIntake {
  #receiver;
  #newest;
  #memory;

  constructor(receiver, newest, byteLength) {
    this.#receiver = receiver;
    this.#newest = newest;
    this.#memory = new Uint8Array(byteLength);
  }

  get lost() {
    const { dropped, skipped } = this.#receiver.stats();
    return dropped + skipped;
  }

  take() {
    return unlessClosed(() => {
      const newest = this.#newest ? this.#receiver.latest() : undefined;
      if (newest !== undefined) return newest;
      // Nothing is queued, or the oldest is as good as any: into memory of our own, where nothing is lent.
      return this.#memory.subarray(0, this.#receiver.recvIntoSync(this.#memory));
    });
  }

  leave() {
    const left = this.#receiver.cancel();
    this.#receiver.close();
    return left;
  }
}

class SlotIntake {
  /** The camera counts what it replaces. */
  lost = 0;
  #output;

  constructor(output) {
    this.#output = output;
  }

  take() {
    return unlessClosed(() => {
      this.#output.changedSync();
      this.#output.update();
      return this.#output.buffer;
    });
  }

  leave() {
    const left = this.#output.updated ? 1 : 0;
    this.#output.close();
    return left;
  }
}

/** What `call` answers; nothing once the channel is closed. */
function unlessClosed(call) {
  try {
    return call();
  } catch (error) {
    if (error instanceof ChannelClosedError) return undefined;
    throw error;
  }
}
