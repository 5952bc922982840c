/** The five forms of what lies between the camera and the consumer, and the ends that each thread is handed. */
import {
  type BytesLike,
  type Input,
  type Output,
  type Sender,
  type SoleReceiver,
  bounded,
  syncChannel,
  tripleBuffer,
  unbounded,
} from '../../index';

export const forms = ['unbounded', 'latest', 'sync', 'drop-oldest', 'triple'] as const;
export type Form = (typeof forms)[number];

/** As the table calls them. */
export const titles: Readonly<Record<Form, string>> = {
  unbounded: 'unbounded',
  latest: 'unbounded, latest()',
  sync: 'syncChannel(1), trySend',
  'drop-oldest': "bounded(1), 'drop-oldest'",
  triple: 'tripleBuffer',
};

export type Entry =
  | { readonly kind: 'queue'; readonly sender: Sender<BytesLike> }
  | { readonly kind: 'slots'; readonly input: Input<BytesLike> };

export type Exit =
  /** `newest`: older frames are passed over. */
  | { readonly kind: 'queue'; readonly receiver: SoleReceiver<Uint8Array>; readonly newest: boolean }
  | { readonly kind: 'slots'; readonly output: Output<Uint8Array> };

/** Both ends of a form for messages of `byteLength` bytes. */
export function open(form: Form, byteLength: number): [Entry, Exit] {
  const label = form;
  switch (form) {
    case 'unbounded':
      return queue(unbounded({ label }), false);
    case 'latest':
      return queue(unbounded({ label }), true);
    case 'sync':
      return queue(syncChannel(1, { label }), false);
    case 'drop-oldest':
      return queue(bounded(1, { label, overflow: 'drop-oldest' }), false);
    case 'triple': {
      const [input, output] = tripleBuffer({ byteLength, label });
      return [
        { kind: 'slots', input },
        { kind: 'slots', output },
      ];
    }
  }
}

function queue(ends: [Sender<BytesLike>, SoleReceiver<Uint8Array>], newest: boolean): [Entry, Exit] {
  const [sender, receiver] = ends;
  return [
    { kind: 'queue', sender },
    { kind: 'queue', receiver, newest },
  ];
}
