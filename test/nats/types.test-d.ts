// The types of `millrace/nats`: they follow the codec, and `ack`. Compiled with the tests, never run.
import type { AsyncReceiver, AsyncSender, Receiver, Sender } from 'millrace';
import { type Lease, natsChannel, natsWatch, pipe } from 'millrace/nats';

import { same } from '../types/expect.js';

interface Job {
  id: number;
}
const servers = '127.0.0.1:4222';

export async function types(near: Receiver<Job>, far: Sender<Job>): Promise<void> {
  const bytes = await natsChannel({ servers }, 'bytes', { capacity: 1 });
  same<ReturnType<typeof bytes.receiver>, AsyncReceiver<Uint8Array<ArrayBuffer>>>(true);
  void bytes.sender().send(new DataView(new ArrayBuffer(1)));
  // @ts-expect-error a string is no bytes
  void bytes.sender().send('x');

  const jobs = await natsChannel<Job>({ servers }, 'jobs', { capacity: Infinity, codec: 'json' });
  same<ReturnType<typeof jobs.receiver>, AsyncReceiver<Job>>(true);
  same<ReturnType<typeof jobs.sender>, AsyncSender<Job>>(true);
  // @ts-expect-error no Job
  void jobs.sender().send({ name: 'x' });

  const leased = await natsChannel<Job>({ servers }, 'jobs', {
    capacity: 1,
    codec: 'json',
    ack: true,
    maxAttempts: 2,
  });
  same<ReturnType<typeof leased.receiver>, AsyncReceiver<Lease<Job>>>(true);

  void pipe(near, jobs.sender());
  void pipe(jobs.receiver(), far);
  void pipe(leased.receiver(), far);
  // @ts-expect-error bytes are no jobs
  void pipe(bytes.receiver(), far);

  const limit = await natsWatch({ servers }, 'limit', { codec: 'f64' });
  same<ReturnType<typeof limit.get>, number | undefined>(true);
  same<ReturnType<typeof limitChanged>, Promise<boolean>>(true);
  const limitChanged = () => limit.changed({ timeout: 5 });

  // @ts-expect-error a channel has a capacity
  void natsChannel({ servers }, 'jobs', { codec: 'json' });
  // @ts-expect-error a type without a codec that carries it
  void natsChannel<Job>({ servers }, 'jobs', { capacity: 1 });
  // @ts-expect-error attempts are for leases
  void natsChannel({ servers }, 'jobs', { capacity: 1, maxAttempts: 2 });
  // @ts-expect-error nothing blocks over a network
  void jobs.receiver().recvSync();
}
