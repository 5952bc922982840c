/** The package's public names. */
export { bounded, unbounded } from './channel';
export type { Carried, Make } from './channel';
export { attach, revoke, transfer } from './transfer';
export type { Transferred } from './transfer';
export { spawn } from './spawn';
export type { BytesLike } from './bytes';
export type { Codec } from './codec';
export type { BoundedOptions, Options } from './options';
export type { Handle, QueueHandle, Stats } from './handle';
export type { Send, Sender } from './sender';
export type { Receiver, Recv, RecvSync, SoleReceiver } from './receiver';
export type { AnySyncWait, AnyWait, SyncWait, TimedSyncWait, TimedWait, Wait } from './wait';
export {
  ChannelClosedError,
  ChannelCodecError,
  ChannelError,
  ChannelLoadError,
  ChannelStateError,
} from './errors';
