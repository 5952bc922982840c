/** `millrace/nats`: the same verbs between machines, over a NATS server. */
export { natsChannel } from './nats/nats-channel.js';
export type { NatsChannel, OpenNatsChannel } from './nats/nats-channel.js';
export { natsWatch } from './nats/nats-watch.js';
export type { NatsWatch, NatsWatchOptions, OpenNatsWatch } from './nats/nats-watch.js';
export type { Lease } from './leases/lease.js';
export type { NatsLeaseOptions, NatsOptions } from './nats/options.js';
export { pipe } from './pipe/pipe.js';
export type { PipeOptions, Settling } from './pipe/pipe.js';
