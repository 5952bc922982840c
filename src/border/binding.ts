/**
 * The border: the one file that names the native binding, and every word spoken across it.
 *
 * Flat functions over small integers. A handle, a wait and a result are numbers; nothing native is
 * thrown on the hot path. Bytes go in through the staging array (a number says how many of its bytes
 * count) or as a `Uint8Array`; short messages come out into the pool that the caller passes.
 */
import { image } from '#binding';
import { isMainThread, threadId } from 'node:worker_threads';

import type { NativeBinding } from './native.js';
import { Flavor, outcomes } from './numbers.js';

export type { NativeBinding, NativeImage, OpenChannel, Parts } from './native.js';
export type { Shown } from './native-memory.js';
export * from './numbers.js';

/** The names of flavors, by number. */
export const flavorNames = Object.keys(Flavor) as (keyof typeof Flavor)[];

/** Where native results beyond one number land. Never handed out. */
export const outcome = new Float64Array(new ArrayBuffer(outcomes * Float64Array.BYTES_PER_ELEMENT));
/** Where short inputs, and values that are encoded here, are encoded before a call. Never handed out. Most of it is not touched before there is a long text. */
export const staging = new Uint8Array(new ArrayBuffer(2 ** 20));

let listener = (): void => undefined;

/** Says who is called when waits have settled. */
export function onBell(listen: () => void): void {
  listener = listen;
}

/** What a blocked thread calls from time to time, to serve the engine's interrupts. Without a prototype nothing of the program's is met by way of it. */
const probe = (): void => undefined;
Object.setPrototypeOf(probe, null);

/** The libuv that this runtime runs on; Bun and Deno have functions of its names that do something else, or nothing. */
const { bun, deno, uv } = process.versions;
const libuv = bun === undefined && deno === undefined ? uv : undefined;

/** Whether memory moves from one buffer to another, the same memory: so it does where V8 has `transfer`. */
export const moves = 'transfer' in ArrayBuffer.prototype && bun === undefined;

/**
 * An object that native code filled property by property is laid out for slow access; one that serves as
 * a prototype for fast access, which a hot call feels (8 ns of 48 measured).
 */
export const binding: NativeBinding = Object.create(
  image.open(outcome, staging, () => listener(), probe, isMainThread, moves, libuv),
);

binding.nameThread(threadId);
