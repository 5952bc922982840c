/** The proof: what is known of a file that was read, or put together again, chunk by chunk in order. */
import { createHash } from 'node:crypto';

export interface Proof {
  readonly chunks: number;
  readonly bytes: number;
  /** SHA-256 of all the bytes in order. */
  readonly digest: string;
  /** SHA-256 of the chunks' own digests in order. */
  readonly digestOfDigests: string;
}

/** Makes a proof of chunks that are added in order. */
export class Prover {
  readonly #whole = createHash('sha256');
  readonly #digests = createHash('sha256');
  #chunks = 0;
  #bytes = 0;

  add(chunk: Uint8Array, digest: Uint8Array): void {
    this.#whole.update(chunk);
    this.#digests.update(digest);
    this.#chunks += 1;
    this.#bytes += chunk.length;
  }

  finish(): Proof {
    return {
      chunks: this.#chunks,
      bytes: this.#bytes,
      digest: this.#whole.digest('hex'),
      digestOfDigests: this.#digests.digest('hex'),
    };
  }
}

/** What differs, one sentence each; nothing when both prove the same. */
export function differences(expected: Proof, received: Proof): string[] {
  const names = {
    chunks: 'Number of chunks',
    bytes: 'Number of bytes',
    digest: 'Digest of the bytes',
    digestOfDigests: "Digest of the workers' digests",
  };
  return (Object.keys(names) as (keyof Proof)[])
    .filter((fact) => expected[fact] !== received[fact])
    .map((fact) => `${names[fact]}: expected ${expected[fact]}, received ${received[fact]}`);
}
