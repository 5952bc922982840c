/** The camera's end, whatever the form: memory for the next frame, and handing it over without waiting. */

export function outletOf(entry, byteLength) {
  return entry.kind === 'queue'
    ? new QueueOutlet(entry.sender, byteLength)
    : new SlotOutlet(entry.input, byteLength);
}

/** A send copies, so that the same memory is written again. */
class QueueOutlet {
  message;
  #sender;

  constructor(sender, byteLength) {
    this.#sender = sender;
    this.message = new Uint8Array(byteLength);
  }

  get queued() {
    return this.#sender.stats().bytes;
  }

  give() {
    return this.#sender.trySend(this.message);
  }

  close() {
    this.#sender.close();
  }
}

/** Frames are written in place. */
class SlotOutlet {
  queued;
  #input;

  constructor(input, byteLength) {
    this.#input = input;
    // Three slots, however many frames there are.
    this.queued = 3 * byteLength;
  }

  get message() {
    return this.#input.buffer;
  }

  give() {
    return !this.#input.publish();
  }

  close() {
    this.#input.close();
  }
}
