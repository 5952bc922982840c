/** `millrace/nats` for `import`: the one CommonJS copy of the code, by name. */
export { natsChannel, natsWatch, pipe } from './nats.js';
export type {
  Lease,
  NatsChannel,
  NatsLeaseOptions,
  NatsOptions,
  NatsWatch,
  NatsWatchOptions,
  OpenNatsChannel,
  OpenNatsWatch,
  PipeOptions,
  Settling,
} from './nats.js';
