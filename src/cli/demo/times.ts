/** The file, handed over again and again: each time is over when every chunk that was sent has come back. */
import { Assembly } from './assembly';
import type { Piece } from './job';
import type { Journey } from './run';

export class Times<P extends Piece = Piece> {
  readonly #run: Journey;
  #assembly: Assembly<P>;
  #failure: { readonly reason: unknown } | undefined;
  /** Something has come back, or will not. */
  #news: () => void = () => undefined;

  constructor(run: Journey) {
    this.#run = run;
    this.#assembly = new Assembly(run.options.job);
  }

  /** Sends the file as often as it is asked for. `send` sends chunk `index`, and answers its length: 0 after the end. */
  async feed(send: (index: number) => Promise<number>): Promise<void> {
    const { next, done, options, signal } = this.#run;
    while (await next()) {
      this.#assembly = new Assembly(options.job);
      let sent = 0;
      while ((await send(sent)) > 0) {
        signal.throwIfAborted();
        sent += 1;
      }
      await this.#back(sent);
      done(this.#assembly.finish());
    }
  }

  /** Whether it is the turn of this piece. */
  isNext(index: number): boolean {
    return this.#assembly.isNext(index);
  }

  /** Takes a piece that has come back; answers those that are not needed any more. */
  add(piece: P): P[] {
    const placed = this.#assembly.add(piece);
    this.#run.progress(this.#assembly.bytes);
    this.#news();
    return placed;
  }

  /** Nothing comes back any more. */
  end(reason: unknown = new Error('Not every chunk came back')): void {
    this.#failure ??= { reason };
    this.#news();
  }

  async #back(sent: number): Promise<void> {
    while (!this.#assembly.isNext(sent)) {
      if (this.#failure !== undefined) throw this.#failure.reason;
      await new Promise<void>((resolve) => {
        this.#news = resolve;
      });
    }
  }
}
