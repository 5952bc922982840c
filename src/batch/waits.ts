/** The waits of a batch: a block that found no room, and a `flush` that waits for such blocks. */
import { PendingWait, SenderWait } from '../event-loop/pending-wait.js';
import { Code, binding } from '../border/binding.js';
import type { EndState } from '../ends/end-state.js';
import { type WaitOptions, endless } from '../event-loop/wait-options.js';

/** A block on its way, in its place among the sender's pending sends. Nobody awaits its promise. */
export class PendingBlock extends SenderWait {
  protected get verb(): string {
    return 'flush';
  }

  override get outlivesHandle(): boolean {
    return true;
  }
  readonly followers = new Set<Flushing>();

  /** `settled` is told how many of its messages were accepted. */
  constructor(
    private readonly id: number,
    end: object,
    state: EndState,
    readonly count: number,
    private readonly settled: (block: PendingBlock, accepted: number) => void,
  ) {
    super(id, end, state, endless);
  }

  /** Looks whether it has settled meanwhile, as after blocking. */
  look(): boolean {
    const result = binding.takeSettled(this.id);
    if (result === Code.nothing) return false;
    this.settle(result, 0);
    return true;
  }

  protected answer(accepted: number): void {
    this.settled(this, accepted);
    for (const follower of this.followers) follower.settle(accepted === this.count);
  }

  protected override closed(): void {
    this.answer(0);
  }

  protected nothing(): undefined {
    return undefined;
  }
}

/** A pending `flush`: over when the last block before it has settled. A timeout ends the wait, not the block. */
export class Flushing extends PendingWait {
  protected get verb(): string {
    return 'flush';
  }

  override get outlivesHandle(): boolean {
    return true;
  }

  constructor(
    private readonly state: EndState,
    options: WaitOptions,
    private readonly last: PendingBlock,
  ) {
    super(state, options);
  }

  settle(accepted: boolean): void {
    this.over();
    if (accepted) this.resolve(this.options.timed ? true : undefined);
    else this.reject(this.state.closedError('flush'));
  }

  protected enlist(): void {
    this.last.followers.add(this);
  }

  protected delist(): void {
    this.last.followers.delete(this);
  }

  protected withdraw(): boolean {
    return true;
  }

  protected nothing(): boolean {
    return false;
  }
}
