/// <reference types="node" preserve="true" />
/** The package's public names. */
export { bounded, channel, syncChannel, unbounded } from './channel.js';
export type { Carried, End, Make } from './channel.js';
export { select, selectSync, trySelect } from './select.js';
export type { NothingSelected, SelectCases, Selected } from './select.js';
export { sending } from './select-cases.js';
export type { Sending } from './select-cases.js';
export { after, never, tick } from './timers.js';
export { tripleBuffer } from './triple-buffer.js';
export type { Input, LatestOptions, Output } from './triple-buffer.js';
export { attach, revoke, transfer } from './transfer.js';
export type { Transferred } from './transfer.js';
export { spawn } from './spawn.js';
export { toReadable, toWritable } from './streams.js';
export type { ToReadableOptions } from './streams.js';
export { toReadableStream, toWritableStream } from './web-streams.js';
export { inspect } from './inspect.js';
export type { InspectedChannel, InspectedEnd } from './inspect.js';
export type { ChannelCloseEvent, ChannelDropEvent, ChannelEvent } from './diagnostics.js';
export type { BatchOptions, BatchWriter } from './batch.js';
export type { BytesLike } from './bytes.js';
export type { Codec } from './codec.js';
export type { BoundedOptions, Options } from './options.js';
export type { Handle, QueueHandle, Stats } from './handle.js';
export type { Send, SendSync, Sender } from './sender.js';
export type { RecvRef, SendRef } from './refs.js';
export type { Receiver, Recv, RecvSync, SoleReceiver } from './receiver.js';
export type { AnySyncWait, AnyWait, SyncWait, TimedSyncWait, TimedWait, Wait } from './wait.js';
export {
  ChannelClosedError,
  ChannelCodecError,
  ChannelError,
  ChannelLoadError,
  ChannelStateError,
} from './errors.js';
export type { LoadAttempt } from './errors.js';
