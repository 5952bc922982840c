// A triple buffer's overloads infer both ends; a value of the wrong type, or a type argument without a codec, does not compile.
import {
  type BytesLike,
  type Codec,
  type Handle,
  type Input,
  type Output,
  type Transferred,
  attach,
  transfer,
  tripleBuffer,
} from 'millrace';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Compiles when both are the same type. */
declare function same<A, B>(proof: Same<A, B>): void;

interface Pose {
  x: number;
}
const byteLength = 64;

const bytes = tripleBuffer({ byteLength });
same<typeof bytes, [Input<BytesLike>, Output<Uint8Array<ArrayBuffer>>]>(true);
const named = tripleBuffer({ byteLength, codec: 'bytes', label: 'frames' });
same<typeof named, typeof bytes>(true);
const buffers = tripleBuffer({ byteLength, codec: 'buffer' });
same<typeof buffers, [Input<BytesLike>, Output<Buffer>]>(true);
const texts = tripleBuffer({ byteLength, codec: 'text' });
same<typeof texts, [Input<string>, Output<string>]>(true);
const numbers = tripleBuffer({ byteLength, codec: 'f64' });
same<typeof numbers, [Input<number>, Output<number>]>(true);
const poses = tripleBuffer<Pose>({ byteLength, codec: 'json' });
same<typeof poses, [Input<Pose>, Output<Pose>]>(true);
const structured = tripleBuffer<Pose | null>({ byteLength, codec: 'structured' });
same<typeof structured, [Input<Pose | null>, Output<Pose | null>]>(true);
const anything = tripleBuffer({ byteLength, codec: 'json' });
same<typeof anything, [Input<unknown>, Output<unknown>]>(true);
declare const dates: Codec<Date, number>;
const own = tripleBuffer({ byteLength, codec: dates });
same<typeof own, [Input<Date>, Output<number>]>(true);

const [input, output] = poses;
same<ReturnType<typeof input.write>, boolean>(true);
same<ReturnType<typeof output.read>, Pose | undefined>(true);
input.write({ x: 1 });
input.publish();
input.publish(5);
const handles: Handle[] = [input, output];
void handles;

// @ts-expect-error there is no value without a length for it
tripleBuffer({});
// @ts-expect-error the length is a number
tripleBuffer({ byteLength: '64' });
// @ts-expect-error a type argument needs a codec that carries it
tripleBuffer<Pose>({ byteLength });
// @ts-expect-error a triple buffer has no overflow
tripleBuffer({ byteLength, overflow: 'drop-oldest' });
// @ts-expect-error undefined is how "nothing" is said
tripleBuffer<undefined>({ byteLength, codec: 'json' });
// @ts-expect-error the key is of another type
input.write({ x: '1' });
// @ts-expect-error a string is not bytes
bytes[0].write('x');
// @ts-expect-error it is written by its methods only
input.buffer = new Uint8Array(1);
// @ts-expect-error there is one writer
input.clone();
// @ts-expect-error and one reader
output.clone();
// @ts-expect-error there is no queue
void output.length;

// An input of more is an input of less; an output the other way round.
declare const wide: Input<'a' | 'b'>;
const narrow: Input<'a'> = wide;
void narrow;
declare const tight: Input<'a'>;
// @ts-expect-error it takes no 'b'
const wider: Input<'a' | 'b'> = tight;
void wider;
const seen: Output<Pose | null> = output;
void seen;

// A timeout is what makes the answer a boolean.
same<Awaited<ReturnType<() => ReturnType<typeof waits>>>, [void, boolean]>(true);
async function waits(): Promise<[void, boolean]> {
  const plain: void = await output.changed();
  const timed: boolean = await output.changed({ timeout: 5, signal: new AbortController().signal });
  // @ts-expect-error without a timeout there is no boolean
  const not: boolean = await output.changed();
  void not;
  return [plain, timed];
}
const blocked: boolean = output.changedSync({ timeout: 5 });
void blocked;
// @ts-expect-error a blocking wait takes no signal
output.changedSync({ timeout: 5, signal: new AbortController().signal });

// The type comes with the ticket.
const ticket: Transferred<{ output: Output<Pose> }> = transfer({ output });
same<ReturnType<typeof attach<{ output: Output<Pose> }>>, { output: Output<Pose> }>(true);
attach(ticket).output.update();
