/** The waits of a batch: a block that found no room, and a `flush` that waits for such blocks. */
import { Awaited, SenderAwaited } from './awaited.js';
import { Code, binding } from './binding.js';
import { closed } from './failure.js';
import type { Lease } from './lease.js';
import { type Patience, endless } from './wait.js';

/** A block on its way, in its place among the sender's pending sends. Nobody awaits its promise. */
export class PendingBlock extends SenderAwaited {
  override readonly outlivesHandle = true;
  readonly followers = new Set<Flushing>();

  /** `settled` is told how many of its messages were accepted. */
  constructor(
    private readonly id: number,
    end: object,
    lease: Lease,
    readonly count: number,
    private readonly settled: (block: PendingBlock, accepted: number) => void,
  ) {
    super(id, end, lease, endless);
  }

  /** Looks whether it has settled meanwhile, as after blocking. */
  look(): void {
    const result = binding.takeSettled(this.id);
    if (result !== Code.nothing) this.settle(result, 0);
  }

  protected answer(accepted: number): void {
    this.settled(this, accepted);
    for (const follower of this.followers) follower.settle(accepted === this.count);
  }

  protected override channelClosed(): void {
    this.answer(0);
  }

  protected nothing(): undefined {
    return undefined;
  }
}

/** A pending `flush`: over when the last block before it has settled. A timeout ends the wait, not the block. */
export class Flushing extends Awaited {
  override readonly outlivesHandle = true;

  constructor(
    private readonly lease: Lease,
    patience: Patience,
    private readonly last: PendingBlock,
  ) {
    super(patience);
  }

  settle(accepted: boolean): void {
    this.over();
    if (accepted) this.resolve(this.patience.timed ? true : undefined);
    else this.reject(closed());
  }

  protected tethers(): readonly Lease[] {
    return [this.lease];
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
