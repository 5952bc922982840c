// What lies beside the queue: packed messages, messages passed without one, several channels at once.
import {
  nothing,
  blockingSend,
  blockingReceive,
  selectElsewhere,
  selectsCross,
  ringTakenDown,
  row,
  edit,
} from '../models.mjs';

export const queues = [
  row(
    'the look after the answer in `Environment::answer_or_go_on`',
    ['what_is_posted_while_the_bell_is_heard_is_seen_or_rings_again'],
    edit('wait/environment.rs', '&& self.has_news();', '&& false;'),
  ),
  row(
    'the clearing in `Environment::answer`',
    ['what_is_posted_while_the_bell_is_answered_is_seen_or_rings_again'],
    edit('wait/environment.rs', 'self.rung.swap(false, Ordering::AcqRel);', nothing),
  ),
  row(
    '`quiet` in `Channel::go_packed`',
    ['a_send_in_flight_and_a_pack_share_one_capacity'],
    edit('channel/payload/packed.rs', '        self.quiet(&mut inner);\n', '        drop(inner);\n'),
  ),
  row(
    'the second look at the queue, in `Channel::take`',
    ['what_was_sent_before_going_packed_is_received_before'],
    edit('channel/mod.rs', '{ self.take_next(&mut self.lock()) }', '{ self.take_packed(&mut self.lock()) }'),
    edit('channel/payload/packed.rs', '    fn take_packed(', '    pub(crate) fn take_packed('),
  ),
  row(
    'the look for waits in `Sender::push_pack`',
    ['a_pack_reaches_a_receive_being_registered'],
    edit(
      'ends/batch.rs',
      '        drop(inner);\n        channel.pushed(&self.held.end);',
      '        drop(inner);',
    ),
  ),
  row(
    'waiting for busy ends in `settle_drains`',
    ['drained_counts_the_pushes_that_are_under_way'],
    edit(
      'channel/settle.rs',
      '                end.await_quiet();\n                sums.list(end);',
      '                sums.list(end);',
    ),
  ),
  row(
    "the look at the receive's state in `Waiter::claim_pair`",
    ['a_receive_claimed_elsewhere_leaves_the_send_that_it_meets'],
    edit(
      'wait/mod.rs',
      'let State::Waiting { quiet: receive_quiet } = *receiving else {\n            return Pairing::ReceiveGone(message);\n        };',
      'let receive_quiet = matches!(*receiving, State::Waiting { quiet: true });',
    ),
  ),
  row(
    "the look at the send's state in `Waiter::claim_pair`",
    ['a_send_claimed_elsewhere_leaves_the_receive_that_it_meets'],
    edit(
      'wait/mod.rs',
      'let State::Waiting { quiet: send_quiet } = *sending else { return Pairing::SendGone };',
      'let send_quiet = matches!(*sending, State::Waiting { quiet: true });',
    ),
  ),
  row(
    'the look at the state in `Waiter::claim`',
    ['one_channel_alone_claims_a_select', selectElsewhere],
    edit(
      'wait/mod.rs',
      'let State::Waiting { quiet } = *state else { return Claim::Gone(None) };',
      'let quiet = matches!(*state, State::Waiting { quiet: true });',
    ),
  ),
  row(
    'the order of the two locks in `Waiter::claim_pair`',
    [selectsCross],
    edit('wait/mod.rs', 'if receive.rank() < send.rank() {', 'if true {'),
  ),
  row(
    'passing over the own send of a select in `Channel::pair`',
    ['a_select_of_both_sides_meets_others_and_never_itself'],
    edit('channel/rendezvous.rs', 'if Arc::ptr_eq(&send.waiter, &receive.waiter) {', 'if false {'),
  ),
  row(
    '`pair_waits` in `Channel::settle`',
    [blockingSend, blockingReceive],
    edit('channel/settle.rs', '            self.pair_waits(inner, wakes);\n', nothing),
  ),
  row(
    '`wake_receive` in `Channel::pair`',
    [blockingReceive],
    edit('channel/rendezvous.rs', 'if wake_receive {', 'if false && wake_receive {'),
  ),
  row(
    '`wake_send` in `Channel::pair`',
    [blockingSend],
    edit('channel/rendezvous.rs', 'if wake_send {', 'if false && wake_send {'),
  ),
  row(
    'going on to the next receive in `meet_receive`',
    [selectElsewhere],
    edit(
      'channel/rendezvous.rs',
      'Claim::Gone(_) | Claim::NotYet => {}',
      'Claim::Gone(_) | Claim::NotYet => break,',
    ),
  ),
  row(
    "what `listen` answers in select's `register`",
    ['a_push_reaches_a_select_that_is_being_registered', selectsCross],
    edit(
      'ends/select.rs',
      '        Some(claimed) => Selected::Now(pending.chosen(claimed)),\n        None => Selected',
      '        _ => Selected',
    ),
  ),
  row(
    '"and nothing claimed it" in `PendingSelect::cancel`',
    ['a_select_that_is_given_up_loses_nothing'],
    edit(
      'ends/select.rs',
      'let cancelled = self.waiter.cancel();',
      'let cancelled = self.waiter.cancel() || true;',
    ),
  ),
  row(
    'the wait for uses under way in `Revocable::revoke`',
    [ringTakenDown],
    edit('wait/revocable.rs', 'while self.uses.load(Ordering::Acquire) != REVOKED {', 'while false {'),
  ),
];
