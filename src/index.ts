/// <reference types="node" preserve="true" />
/** The package's public names. */
export { bounded, unbounded } from './channel.js';
export type { Carried, Make } from './channel.js';
export { attach, revoke, transfer } from './transfer.js';
export type { Transferred } from './transfer.js';
export { spawn } from './spawn.js';
export type { BytesLike } from './bytes.js';
export type { Codec } from './codec.js';
export type { BoundedOptions, Options } from './options.js';
export type { Handle, QueueHandle, Stats } from './handle.js';
export type { Send, Sender } from './sender.js';
export type { Receiver, Recv, RecvSync, SoleReceiver } from './receiver.js';
export type { AnySyncWait, AnyWait, SyncWait, TimedSyncWait, TimedWait, Wait } from './wait.js';
export {
  ChannelClosedError,
  ChannelCodecError,
  ChannelError,
  ChannelLoadError,
  ChannelStateError,
} from './errors.js';
