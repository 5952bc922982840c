// The types of calls: what a caller takes and gives, and what a responder is handed.
import { type Caller, type Request, type Responder, attach, rpc, select, transfer } from 'millrace';

import { same } from './expect.js';

const [caller, responder] = rpc<{ a: number }, string>(8, {
  request: 'json',
  response: 'text',
  label: 'sums',
});
same<[typeof caller, typeof responder], [Caller<{ a: number }, string>, Responder<{ a: number }, string>]>(
  true,
);

const answer = caller.call({ a: 1 });
same<typeof answer, Promise<string>>(true);
const timed = caller.call({ a: 1 }, { timeout: 1 });
same<typeof timed, Promise<string | undefined>>(true);
const blocked = caller.callSync({ a: 1 });
same<typeof blocked, string>(true);
const blockedTimed = caller.callSync({ a: 1 }, { timeout: 1 });
same<typeof blockedTimed, string | undefined>(true);
// @ts-expect-error: a request of another type
void caller.call({ a: 'one' });
// @ts-expect-error: blocking verbs take no signal
caller.callSync({ a: 1 }, { signal: AbortSignal.abort() });
// @ts-expect-error: undefined is how nothing is said
rpc<undefined, string>(8);
// @ts-expect-error: an unknown option
rpc<string, string>(8, { codec: 'text' });

const request = responder.tryRecv();
same<typeof request, Request<{ a: number }, string> | undefined>(true);
const next = responder.recv();
same<typeof next, Promise<Request<{ a: number }, string>>>(true);
if (request !== undefined) {
  const { value, signal } = request;
  same<[typeof value, typeof signal], [{ a: number }, AbortSignal]>(true);
  const isHeard: boolean = request.reply('one');
  void isHeard;
  // @ts-expect-error: an answer of another type
  request.reply(1);
  request.fail('anything');
}

void responder.serve(({ a }, { signal }) => (signal.aborted ? 'late' : String(a)));
void responder.serve(async ({ a }) => String(a), { concurrency: 4 });
// @ts-expect-error: a handler that answers with another type
void responder.serve(({ a }) => a);

void select({ responder }).then((op) => {
  if (op.closed) return;
  same<typeof op.value, Request<{ a: number }, string>>(true);
});
const inFlight: number = caller.stats().inFlight;
void inFlight;
const attached = attach(transfer({ caller, responder }));
same<typeof attached, { caller: typeof caller; responder: typeof responder }>(true);

// A caller takes what is asked for, a responder gives it.
const narrower: Caller<{ a: number; b: string }, string | number> = caller;
void narrower;
// @ts-expect-error: a caller that would be asked for less
const wider: Caller<unknown, string> = caller;
void wider;
