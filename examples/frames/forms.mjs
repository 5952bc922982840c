/** The five forms of what lies between the camera and the consumer, and the ends that each thread is handed. */
import { bounded, syncChannel, tripleBuffer, unbounded } from 'millrace';

export const forms = ['unbounded', 'latest', 'sync', 'drop-oldest', 'triple'];

/** As the table calls them. */
export const titles = {
  unbounded: 'unbounded',
  latest: 'unbounded, latest()',
  sync: 'syncChannel(1), trySend',
  'drop-oldest': "bounded(1), 'drop-oldest'",
  triple: 'tripleBuffer',
};

/** Both ends of a form for messages of `byteLength` bytes. */
export function open(form, byteLength) {
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

function queue(ends, newest) {
  const [sender, receiver] = ends;
  return [
    { kind: 'queue', sender },
    { kind: 'queue', receiver, newest },
  ];
}
