/** Puts pieces that come back in any order in order again, and proves what they make. */
import { type Job, type Piece, chunkOf } from './job';
import { type Proof, Prover } from './proof';

export class Assembly<P extends Piece = Piece> {
  readonly #job: Job;
  readonly #prover = new Prover();
  /** Pieces that came before their turn. */
  readonly #early = new Map<number, P>();
  #next = 0;
  #bytes = 0;

  constructor(job: Job) {
    this.#job = job;
  }

  /** How much of the file is together again. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether it is the turn of this piece. */
  isNext(index: number): boolean {
    return index === this.#next;
  }

  /** Takes a piece; answers those whose turn has come by it, which are not needed any more. */
  add(piece: P): P[] {
    if (piece.index < this.#next || this.#early.has(piece.index)) {
      throw new Error(`Chunk ${piece.index} came back twice`);
    }
    this.#early.set(piece.index, piece);
    const placed: P[] = [];
    for (let next = this.#early.get(this.#next); next !== undefined; next = this.#early.get(this.#next)) {
      this.#place(next);
      placed.push(next);
    }
    return placed;
  }

  /** Nothing more comes back. */
  finish(): Proof {
    if (this.#early.size > 0) throw new Error(`Chunk ${this.#next} never came back`);
    return this.#prover.finish();
  }

  #place(piece: P): void {
    const chunk = chunkOf(this.#job, piece);
    this.#prover.add(chunk, piece.digest);
    this.#early.delete(piece.index);
    this.#next += 1;
    this.#bytes += chunk.length;
  }
}
