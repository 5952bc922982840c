// Rings, leases, calls, broadcasts and watches.
import {
  nothing,
  ringTakenDown,
  foundWhole,
  leaseAgainstEnd,
  backBeforeEnd,
  replyAgainstAbort,
  replyWakes,
  callAgainstEnd,
  replyAgainstEnd,
  lastReader,
  setAgainstDeath,
  row,
  edit,
} from '../models.mjs';

export const ends = [
  row(
    'Acquire in `Revocable::revoke`',
    [ringTakenDown],
    edit(
      'wait/revocable.rs',
      'self.uses.load(Ordering::Acquire) != REVOKED',
      'self.uses.load(Ordering::Relaxed) != REVOKED',
    ),
  ),
  row(
    'Release at the end of a use of a `Revocable`',
    [ringTakenDown],
    edit(
      'wait/revocable.rs',
      'self.0.fetch_sub(ONE, Ordering::Release)',
      'self.0.fetch_sub(ONE, Ordering::Relaxed)',
    ),
  ),
  row(
    'the look whether it is revoked in `Revocable::with`',
    [ringTakenDown],
    edit(
      'wait/revocable.rs',
      '        if revoked {\n            return None;\n        }\n',
      '        let _ = revoked;\n',
    ),
  ),
  row(
    'Release in `Revocable::provide`',
    [foundWhole],
    edit(
      'wait/revocable.rs',
      'self.uses.fetch_and(!REVOKED, Ordering::Release)',
      'self.uses.fetch_and(!REVOKED, Ordering::Relaxed)',
    ),
  ),
  row(
    'Acquire in `Revocable::with`',
    [foundWhole],
    edit(
      'wait/revocable.rs',
      'self.uses.fetch_add(ONE, Ordering::Acquire)',
      'self.uses.fetch_add(ONE, Ordering::Relaxed)',
    ),
  ),
  row(
    'the fence after a lease that is over',
    [leaseAgainstEnd],
    edit('channel/leases.rs', '`Channel::change`.\n        full_fence();', '`Channel::change`.'),
  ),
  row(
    'the look at the phase after a lease that is over',
    [leaseAgainstEnd],
    edit('channel/leases.rs', ' || (self.phase() != 0 && self.leased() == 0)', nothing),
  ),
  row(
    'the look for waiting sends after a lease that is over',
    ['a_waiting_send_gets_the_room_of_what_is_acknowledged', 'drained_hears_of_the_last_acknowledgement'],
    edit('channel/leases.rs', 'self.flags.senders_wait.load(Ordering::Relaxed) > 0 || ', nothing),
  ),
  row(
    'the look at what is leased before waiting receives are closed',
    [backBeforeEnd],
    edit('channel/settle.rs', '        if self.may_come_back() {\n            return;\n        }\n', nothing),
  ),
  row(
    'the look at what is leased before a receive that does not wait is closed',
    ['a_receive_that_does_not_wait_is_not_told_of_the_end_too_early'],
    edit(
      'ends/receiver.rs',
      'if channel.may_come_back() { TryRecvError::Empty } else { TryRecvError::Closed }',
      'TryRecvError::Closed',
    ),
  ),
  row(
    'what is leased, in what has left the queue',
    ['drained_hears_of_the_last_acknowledgement'],
    edit('channel/settle.rs', 'inner.left().saturating_sub(self.leased() as u64)', 'inner.left()'),
  ),
  row(
    'the look in `Call::take_request` whether somebody waits',
    [replyAgainstAbort],
    edit('calls/mod.rs', 'let wanted = matches!(*state, State::Asked);', 'let wanted = true;'),
  ),
  row(
    'the wake of a blocked call in `Call::settle`',
    [replyWakes],
    edit('calls/mod.rs', 'Wake::Thread(thread) => thread.unpark(),', 'Wake::Thread(_) => {}'),
  ),
  row(
    'the settling of a request that is dropped',
    [callAgainstEnd, replyAgainstEnd],
    edit('calls/request.rs', 'self.call.settle(|taken| Answer::Lost { taken });', nothing),
  ),
  row(
    'whether somebody had the request, in `Call::settle`',
    [replyAgainstEnd],
    edit(
      'calls/mod.rs',
      '*state = State::Answered(answer(taken));',
      '*state = State::Answered(answer(true));',
    ),
  ),
  row(
    'the look at the phase before what was leased goes back',
    ['what_is_discarded_with_the_last_receiver_is_counted_once'],
    edit(
      'channel/returned.rs',
      'if self.phase() & REFUSED == 0 && !message.is_abandoned() {',
      'if !message.is_abandoned() {',
    ),
  ),
  row(
    'the look in `Ring::take` whether others have yet to get the message',
    [lastReader],
    edit(
      'flavors/ring.rs',
      'let first = at == self.oldest && self.has_outlived();',
      'let first = at == self.oldest;',
    ),
  ),
  row(
    'the look at the number in `Newest::get`',
    ['a_get_beside_sets_sees_whole_values_in_their_order'],
    edit('flavors/newest.rs', 'value.as_ref().filter(|value| value.number == number)', 'value.as_ref()'),
  ),
  row(
    'the wait for sets under way in `Changes::look`',
    [setAgainstDeath],
    edit('ends/changes.rs', '            channel.quiet(&mut channel.lock());\n', nothing),
  ),
];
