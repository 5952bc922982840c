/// <reference types="node" preserve="true" />
/** The package's public names. */
export { bounded, channel, syncChannel, unbounded } from './channel.js';
export type { Carried, End, Make } from './channel.js';
export { alloc } from './alloc.js';
export { broadcast } from './broadcast/broadcast.js';
export type { BroadcastOptions, BroadcastReceiver, BroadcastSender } from './broadcast/broadcast.js';
export { watch } from './watch/watch.js';
export type { WatchOptions, WatchReceiver, WatchSender } from './watch/watch.js';
export { select, selectSync, trySelect } from './select/select.js';
export type { NothingSelected, SelectCases, Selected } from './select/select.js';
export { sending } from './select/cases.js';
export type { Sending } from './select/cases.js';
export { after, never, tick } from './timers/timers.js';
export type { Lease, LeaseOptions, LeaseReceiver } from './leases/lease.js';
export { rpc } from './calls/rpc.js';
export type { RpcOptions } from './calls/rpc.js';
export type { Caller, RpcStats } from './calls/caller.js';
export type { CallContext, Request, Responder } from './calls/responder.js';
export { tripleBuffer } from './latest/triple-buffer.js';
export type { Input, LatestOptions, Output } from './latest/triple-buffer.js';
export { attach, revoke, transfer } from './transfer/transfer.js';
export type { Transferred } from './transfer/transfer.js';
export { spawn } from './transfer/spawn.js';
export { toReadable, toWritable } from './streams/streams.js';
export type { ToReadableOptions } from './streams/streams.js';
export { toReadableStream, toWritableStream } from './streams/web-streams.js';
export { pipe } from './pipe/pipe.js';
export type { PipeOptions, Settling } from './pipe/pipe.js';
export { inspect } from './observe/inspect.js';
export type { InspectedChannel, InspectedEnd } from './observe/inspect.js';
export type { ChannelCloseEvent, ChannelDropEvent, ChannelEvent } from './observe/diagnostics.js';
export type { BatchOptions, BatchWriter } from './batch/batch.js';
export type { BytesLike } from './border/bytes.js';
export { carry, traceparent } from './context/carry.js';
export type { Carrying } from './context/carry.js';
export { messageContexts } from './context/delivery.js';
export type { MessageContext } from './context/delivery.js';
export type { TraceEvent } from './context/events.js';
export type { Codec } from './codecs/codec.js';
export { record } from './codecs/record/record.js';
export { union } from './codecs/record/union.js';
export type { UnionOf } from './codecs/record/union.js';
export { optional } from './codecs/record/fields.js';
export type { FieldKind, Fields, FieldValue, Optional, RecordOf } from './codecs/record/fields.js';
export type { BoundedOptions, Options } from './options.js';
export type { AsyncReceiver, AsyncSender } from './ends/async-ends.js';
export type { CloseReason } from './ends/close-reason.js';
export type { Handle, QueueHandle, Stats, WaitTimes } from './ends/handle.js';
export type { Send, SendSync, Sender } from './ends/sender.js';
export type { RecvRef, SendRef } from './refs/refs.js';
export type { Receiver, Recv, RecvSync, SoleReceiver } from './ends/receiver.js';
export type {
  AnySyncWait,
  AnyWait,
  Iterating,
  Moving,
  SyncWait,
  TimedSyncWait,
  TimedWait,
  Wait,
} from './event-loop/wait-options.js';
export {
  CallLostError,
  ChannelClosedError,
  ChannelCodecError,
  ChannelError,
  ChannelFailedError,
  ChannelLoadError,
  ChannelStateError,
} from './errors/errors.js';
export type { LoadAttempt } from './errors/errors.js';
