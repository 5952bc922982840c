// Why a channel closed: the reason's kinds, what fail and cancel take, and a failed case of a select.
import {
  bounded,
  broadcast,
  type CloseReason,
  type Handle,
  type Output,
  type Receiver,
  rpc,
  select,
  type Sender,
  type SoleReceiver,
  unbounded,
  watch,
} from 'millrace';

import { same } from './expect.js';

declare const tx: Sender<string>;
declare const rx: Receiver<string>;
declare const sole: SoleReceiver<string>;
declare const output: Output<string>;

same<Handle['closeReason'], CloseReason | undefined>(true);
same<CloseReason['kind'], 'closed' | 'ended' | 'cancelled' | 'failed' | 'died'>(true);
same<CloseReason['error'], unknown>(true);
same<CloseReason['thread'], number | undefined>(true);
same<(typeof output)['closeReason'], CloseReason | undefined>(true);

tx.fail(new Error('why'));
tx.fail('why');
tx.fail(undefined);
// @ts-expect-error a failure has a reason, be it undefined
tx.fail();
// @ts-expect-error receivers do not fail a channel
rx.fail(new Error('why'));

same<number, ReturnType<typeof rx.cancel>>(true);
rx.cancel();
sole.cancel(new Error('why'));
rx.cancel('why');
// @ts-expect-error senders do not cancel
tx.cancel();

broadcast(1, { onDeath: 'fail' });
watch({ onDeath: 'close', codec: 'text' });
// @ts-expect-error there is no other way
broadcast(1, { onDeath: 'die' });
// @ts-expect-error nor for a watch
watch({ onDeath: 'die' });
// @ts-expect-error a caller that dies fails nobody else's calls
rpc(1, { onDeath: 'fail' });

bounded(1, { onDeath: 'fail', codec: 'text' });
unbounded({ onDeath: 'close' });
// @ts-expect-error there is no other way
unbounded({ onDeath: 'die' });

// @ts-expect-error a reason is read, not written
rx.closeReason = undefined;
if (rx.closeReason !== undefined) {
  // @ts-expect-error nor are its parts
  rx.closeReason.kind = 'ended';
}

declare const op: Awaited<ReturnType<typeof selectOne>>;
const selectOne = () => select({ rx });
if (op.closed) {
  same<typeof op.error, unknown>(true);
} else {
  // @ts-expect-error a message is no failure
  void op.error;
}
