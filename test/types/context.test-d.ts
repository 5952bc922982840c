// What travels with messages: naming storages, and looking at what came.
import { AsyncLocalStorage } from 'node:async_hooks';

import {
  type Carrying,
  type MessageContext,
  type Stats,
  type TraceEvent,
  bounded,
  broadcast,
  carry,
  messageContexts,
  rpc,
  traceparent,
  unbounded,
} from 'millrace';

import { same } from './expect.js';

const requests = new AsyncLocalStorage<{ id: string }>();
carry('request', requests);
carry('request', requests, { inject: ({ id }) => id, extract: (id: string) => ({ id }) });
const how: Carrying<{ id: string }, string> = { inject: ({ id }) => id, extract: (id) => ({ id }) };
carry('request', requests, how);
// @ts-expect-error what is made of it is no request
carry('request', requests, { inject: ({ id }) => id, extract: (id: string) => id });
// @ts-expect-error half of a way
carry('request', requests, { inject: ({ id }) => id });
// @ts-expect-error a storage
carry('request', new Map());
// @ts-expect-error a name
carry(1, requests);

const parent: AsyncLocalStorage<string> = traceparent;
void parent;
const contexts = messageContexts();
same<typeof contexts, readonly MessageContext[]>(true);
const first = contexts.at(0);
same<MessageContext['traceparent'], string | undefined>(true);
const ran: number | undefined = first?.run(() => 1);
void ran;
// @ts-expect-error it came with the message
first!.traceparent = '';

bounded(1, { codec: 'text', context: true });
unbounded({ context: false });
broadcast(1, { context: true });
rpc<string, string>(1, { context: true });
// @ts-expect-error a boolean
bounded(1, { context: 'all' });

same<TraceEvent['flavor'], Stats['flavor']>(true);
const event = {} as TraceEvent;
event.traceparent = '';
// @ts-expect-error which verb it was is told
event.verb = 'send';
