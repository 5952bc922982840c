// The native side of each way, in order: files, and the functions of them that a message passes. Their lines are counted.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../steps.mjs';

const entry = [
  ['crates/binding/src/call.rs', 'enter', 'handle'],
  ['crates/binding/src/slots.rs', 'get'],
];
const pop = [
  ['crates/core/src/flavors/mod.rs', 'Slots::try_pop', 'Queue::try_pop'],
  ['crates/core/src/flavors/crossbeam.rs', 'Bounded::try_pop'],
];
const receiver = ['with_place', 'with_receiver', 'place_at', 'recv', 'took'];
const soon = ['take_soon', 'may_have_messages', 'try_take', 'others_wait'];

const ways = {
  trySend: [
    ...entry,
    ['crates/binding/src/ends/sender.rs', 'try_send', 'with_source', 'source', 'with_sender'],
    ['crates/core/src/ends/sender.rs', 'try_send_short'],
    ['crates/core/src/message.rs', 'short'],
    ['crates/core/src/channel/end.rs', 'End::enter', 'End::leave'],
    ['crates/core/src/flavors/mod.rs', 'Slots::try_push', 'Queue::try_push'],
    ['crates/core/src/flavors/crossbeam.rs', 'Bounded::try_push'],
    ['crates/core/src/channel/mod.rs', 'pushed'],
  ],
  ready: [
    ...entry,
    ['crates/binding/src/ends/receiver.rs', ...receiver, 'copy'],
    ['crates/core/src/ends/receiver.rs', ...soon, 'copied'],
    ...pop,
    ['crates/core/src/channel/mod.rs', 'popped_and_fenced'],
  ],
  waiting: [
    ...entry,
    ['crates/binding/src/ends/receiver.rs', ...receiver],
    [
      'crates/core/src/ends/receiver.rs',
      ...soon,
      'recv_or_wait',
      'recv_unless_waited',
      'try_recv',
      'register',
    ],
    ...pop,
    ['crates/core/src/channel/mod.rs', 'take'],
    ['crates/core/src/channel/rendezvous.rs', 'meet_send'],
    ['crates/core/src/wait/pending.rs', 'Pending::register', 'insert_recv', 'Pending::take'],
    ['crates/core/src/channel/settle.rs', 'settle', 'hand_messages', 'told'],
    ['crates/core/src/wait/ringer.rs', 'wake'],
    ['crates/core/src/wait/environment.rs', 'post', 'wants_ring', 'ring_now', 'next_settled'],
    ['crates/binding/src/wake.rs', 'ring'],
    ['crates/binding/src/waits.rs', 'next_wait', 'begin_wait', 'end_wait', 'next_settled', 'tell', 'told'],
  ],
};

/** The native steps of a way: `file`, its `functions`, and how many `lines` these have. */
export function nativeSteps(way) {
  return ways[way].map(([file, ...functions]) => {
    const lines = readFileSync(join(root, file), 'utf8').split('\n');
    const count = functions.reduce((sum, name) => sum + linesOf(lines, name, file), 0);
    return { file, functions: functions.map((name) => name.replace(/.*::/, '')), lines: count };
  });
}

/** How long a function is, `name` or `Type::name`; a function that is not there is an error. */
function linesOf(lines, named, file) {
  const [name, type] = named.split('::').reverse();
  const block =
    type === undefined ? 0 : lines.findIndex((line) => new RegExp(`^impl.*\\b${type}\\b.*\\{$`).test(line));
  const begin = lines.findIndex((line, at) => at >= block && new RegExp(`\\bfn ${name}\\b`).test(line));
  if (block < 0 || begin < 0)
    throw new Error(`${file} has no ${named}: scripts/hot-path/native.mjs says it has`);
  const indent = /^ */.exec(lines[begin])[0];
  const end = lines.findIndex(
    (line, at) => at >= begin && (line === `${indent}}` || (line.endsWith(' }') && at === begin)),
  );
  return end - begin + 1;
}
