// Between threads the type comes with the value: transfer, attach, revoke and spawn; and the errors.
import type { Worker } from 'node:worker_threads';

import {
  attach,
  bounded,
  ChannelClosedError,
  ChannelCodecError,
  type ChannelError,
  type Codec,
  type Receiver,
  revoke,
  type Sender,
  spawn,
  transfer,
  type Transferred,
} from 'millrace';

import { same } from './expect.js';

const [tx, rx] = bounded<{ id: number }>(1, { codec: 'json' });
const sent = transfer({ tx, deep: [new Map([[rx, 'x']])] });
same<typeof sent, Transferred<{ tx: Sender<{ id: number }>; deep: Map<Receiver<{ id: number }>, string>[] }>>(
  true,
);
const back = attach(sent);
same<typeof back.tx, Sender<{ id: number }>>(true);
same<ReturnType<typeof revoke>, number>(true);
revoke(sent);
transfer(tx, { reusable: true, signal: new AbortController().signal });
declare const dates: Codec<Date>;
attach(sent, { codecs: [dates] });

// workerData and messages are any: the type is said there.
declare const workerData: ReturnType<typeof JSON.parse>;
const ends = attach<{ jobs: Receiver<string> }>(workerData);
same<typeof ends.jobs, Receiver<string>>(true);

const worker = spawn(new URL('file:///worker.js'), { tx }, { name: 'x' });
same<typeof worker, Worker>(true);
spawn('./worker.js', undefined);

// @ts-expect-error a value that was not transferred
attach({ tx });
// @ts-expect-error an unknown option
transfer(tx, { reuse: true });
// @ts-expect-error a controller is no signal
transfer(tx, { signal: new AbortController() });
// @ts-expect-error the value of a ticket is a secret
void sent.tx;
// @ts-expect-error a ticket is not its handle
const notYet: Sender<{ id: number }> = transfer(tx);
void notYet;

const error = new ChannelCodecError('x');
const family: ChannelError = error;
same<typeof error.bytes, Uint8Array | undefined>(true);
const code: string = family.code;
void [code, new ChannelClosedError('x', { cause: 1 })];
// @ts-expect-error a code is not to be changed
family.code = 'ERR_MINE';
