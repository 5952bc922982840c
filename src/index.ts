/** The package's public names. */
export { bounded, unbounded } from './channel.js';
export type { Carried, Make } from './channel.js';
export { tripleBuffer } from './triple-buffer.js';
export type { Input, LatestOptions, Output } from './triple-buffer.js';
export { attach, revoke, transfer } from './transfer.js';
export type { Transferred } from './transfer.js';
export { spawn } from './spawn.js';
export type { BytesLike } from './bytes.js';
export type { Codec } from './codec.js';
export type { BoundedOptions, Options } from './options.js';
export type { Handle, QueueHandle, Stats } from './handle.js';
export type { Send, SendSync, Sender } from './sender.js';
export type { Receiver, Recv, RecvSync, SoleReceiver } from './receiver.js';
export type { AnySyncWait, AnyWait, SyncWait, TimedSyncWait, TimedWait, Wait } from './wait.js';
export {
  ChannelClosedError,
  ChannelCodecError,
  ChannelError,
  ChannelLoadError,
  ChannelStateError,
} from './errors.js';
