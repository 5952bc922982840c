// What is taken out of the core, one thing at a time, and the loom models that must fail then.
// A row: what it is, the models by the ends of their names, and its edits: a file of crates/core/src, what
// stands there exactly once, and what stands there instead.

const nothing = '';
const sendAgainstEnd = 'a_send_against_end_is_received_or_fails';
const waitingAgainstEnd = 'a_waiting_receive_hears_of_end_after_what_was_accepted';
const againstCancel = [
  'a_send_against_cancel_is_counted_or_fails',
  'a_send_against_the_last_receiver_is_counted_or_fails',
];
const closing = [sendAgainstEnd, waitingAgainstEnd, ...againstCancel];
const lastTicket = 'the_last_ticket_is_attached_or_released';
const pushReaches = 'a_push_reaches_a_receive_that_is_being_registered';
const pushRings = 'a_push_rings_for_a_wait_that_is_being_registered';
const popMakesRoom = 'a_pop_makes_room_for_a_send_that_is_being_registered';
const drainedHears = 'drained_hears_of_the_last_pop';
const registering = [pushReaches, pushRings, popMakesRoom, drainedHears];
const teardown = 'a_message_against_a_teardown_reaches_the_next_wait';
const passedOn = 'a_wake_is_passed_on_to_a_thread_that_sleeps';
const endings = [
  'a_message_against_an_abort_is_received_or_stays',
  'a_pending_send_against_an_abort_is_accepted_or_stays_out',
  teardown,
  passedOn,
];
const blockingSend = 'a_blocking_send_meets_an_awaiting_receive';
const blockingReceive = 'a_blocking_receive_meets_an_awaiting_send';
const selectElsewhere = 'a_message_for_a_select_claimed_elsewhere_goes_to_the_next_receive';
const selectsCross = 'selects_of_two_threads_over_two_rendezvous_cross_without_waiting_for_each_other';

const ringTakenDown = 'a_ring_against_the_taking_down_is_over_by_then_or_finds_nothing';
const foundWhole = 'who_finds_a_bell_finds_it_whole';

const leaseAgainstEnd = 'a_waiting_receive_hears_of_the_end_once_the_last_lease_is_acknowledged';
const backBeforeEnd = 'what_comes_back_is_received_before_the_end';
const replyAgainstAbort = 'a_reply_against_an_abort_settles_once';
const replyWakes = 'a_reply_wakes_a_thread_that_blocks_in_its_call';
const callAgainstEnd = 'a_call_against_the_end_of_its_last_responder_is_lost_or_refused';
const replyAgainstEnd = 'a_reply_against_the_end_of_its_responder_is_heard_and_what_was_queued_is_lost';
const lastReader = 'the_last_reader_of_a_message_meets_the_end_of_its_sender';
const setAgainstDeath = 'a_set_against_a_death_that_fails_the_watch_is_seen_or_refused';

const row = (what, models, ...edits) => ({ what, models, edits });
const edit = (file, from, to) => ({ file, from, to });

export const rows = [
  row(
    'the fence in `End::enter`',
    closing,
    edit(
      'channel/end.rs',
      'store_and_fence(&self.busy, self.busy.load(Ordering::Relaxed) + 1);',
      'self.busy.store(self.busy.load(Ordering::Relaxed) + 1, Ordering::Relaxed);',
    ),
  ),
  row(
    'the fence in `Channel::quiet`',
    againstCancel,
    edit(
      'channel/settle.rs',
      "sender's in `End::enter`.\n        full_fence();",
      "sender's in `End::enter`.",
    ),
  ),
  row(
    'the wait for busy ends in `Channel::quiet`',
    closing,
    edit(
      'channel/settle.rs',
      '        full_fence();\n        for end in &inner.senders {\n            end.await_quiet();\n        }',
      '        full_fence();\n        let _ = inner;',
    ),
  ),
  row(
    'Release in `End::leave`',
    closing,
    edit(
      'channel/end.rs',
      'self.busy.store(busy + 1, Ordering::Release)',
      'self.busy.store(busy + 1, Ordering::Relaxed)',
    ),
  ),
  row(
    'Acquire in `End::await_quiet`',
    closing,
    edit(
      'channel/end.rs',
      'let before = self.busy.load(Ordering::Acquire)',
      'let before = self.busy.load(Ordering::Relaxed)',
    ),
    edit(
      'channel/end.rs',
      'while self.busy.load(Ordering::Acquire)',
      'while self.busy.load(Ordering::Relaxed)',
    ),
  ),
  row(
    'the look at the phase in `Sender::push`',
    [sendAgainstEnd, ...againstCancel, lastTicket],
    edit(
      'ends/sender.rs',
      'let phase = channel.flags.phase.load(Ordering::Acquire);',
      'let phase = channel.flags.phase.load(Ordering::Acquire) & PACKED;',
    ),
  ),
  row(
    '`Receiver::last_message`',
    [sendAgainstEnd],
    edit('ends/receiver.rs', 'None => self.last_message()?,', 'None => return Err(TryRecvError::Closed),'),
  ),
  row(
    '`quiet` in `Receiver::last_message`',
    [sendAgainstEnd],
    edit('ends/receiver.rs', '        channel.quiet(&mut inner);\n', nothing),
  ),
  row(
    '`quiet` in `finish_receives`',
    [waitingAgainstEnd],
    edit(
      'channel/settle.rs',
      '        self.quiet(inner);\n        match self.queue.watch() {',
      '        match self.queue.watch() {',
    ),
  ),
  row(
    'the second `hand_messages`, in `finish_receives`',
    [waitingAgainstEnd],
    edit('channel/settle.rs', 'None => _ = self.hand_messages(inner, wakes),', 'None => {}'),
  ),
  row(
    '`quiet` in `discard_refused`',
    againstCancel,
    edit('channel/close/discard.rs', '        self.quiet(inner);\n', nothing),
  ),
  row(
    'counting before `End::leave`, in `Sender::push`',
    ['the_figures_are_exact_once_cancel_answers'],
    edit(
      'ends/sender.rs',
      '        if pushed.is_ok() {\n            end.direct.add(bytes);\n        }\n        end.leave();',
      '        end.leave();\n        if pushed.is_ok() {\n            end.direct.add(bytes);\n        }',
    ),
  ),
  row(
    'the fence in `Channel::pushed`',
    [pushReaches, pushRings],
    edit('channel/mod.rs', "for the list; see the file's head and sums.rs.\n        full_fence();", 'none'),
  ),
  row(
    'the fence in `Channel::popped`',
    ['pops_of_many_make_room_for_a_send_that_is_being_registered'],
    edit('channel/mod.rs', '// SeqCst: as in `pushed`.\n        full_fence();', nothing),
  ),
  row(
    'the fence in `Tally::add_and_fence`',
    [popMakesRoom, drainedHears],
    edit(
      'channel/end.rs',
      'store_and_fence(&self.messages, self.messages.load(Ordering::Relaxed) + 1);',
      'self.messages.store(self.messages.load(Ordering::Relaxed) + 1, Ordering::Relaxed);',
    ),
  ),
  row(
    'the fence in `Channel::change`',
    registering,
    edit(
      'channel/mod.rs',
      "the looks at the queue below; see the file's head.\n        full_fence();",
      'none',
    ),
  ),
  row(
    'the first `show_waits`, in `Channel::change`',
    registering,
    edit('channel/mod.rs', '        self.show_waits(&inner);\n        // SeqCst', '        // SeqCst'),
  ),
  row(
    'the take in `Waiter::listen`',
    [pushRings, drainedHears],
    edit(
      'wait/mod.rs',
      '            return None;\n        }\n        self.take()\n',
      '            return None;\n        }\n        None\n',
    ),
  ),
  row(
    '"and nothing claimed it" in `Waiter::cancel`',
    endings,
    edit(
      'wait/mod.rs',
      'let waiting = matches!(*state, State::Waiting { .. });',
      'let waiting = !matches!(*state, State::Over);',
    ),
  ),
  row(
    'giving back in `Pending::drop`',
    [passedOn],
    edit(
      'wait/pending.rs',
      'self.registration.channel.give_back(&self.registration.end, vec![message]);',
      'drop(message);',
    ),
  ),
  row(
    '`put_first` of what a gone wait would have got, in `hand_messages`',
    [teardown],
    edit(
      'channel/settle.rs',
      'self.not_leased();\n                    self.put_first(inner, message);',
      'drop(message);',
    ),
  ),
  row(
    'looking at what was returned, in `take_next`',
    [teardown, passedOn],
    edit(
      'channel/payload/packed.rs',
      'let older = self.take_returned(inner).or_else(|| self.queue.try_pop().ok());',
      'let older = self.queue.try_pop().ok();',
    ),
  ),
  row(
    'the unpark in `Waiter::wake`',
    [blockingSend, blockingReceive, passedOn],
    edit('wait/mod.rs', 'Wake::Thread(thread) => thread.unpark(),', 'Wake::Thread(_) => {}'),
  ),
  row(
    '`wake: !quiet` in `Waiter::claim`',
    [passedOn],
    edit('wait/mod.rs', 'Claim::Done { wake: !quiet }', 'Claim::Done { wake: false }'),
  ),
  row(
    'one lock over look and removal in `Tickets::redeem`',
    [lastTicket],
    edit(
      'ends/ticket.rs',
      '        all_live(tickets, names)?;\n',
      '        all_live(tickets, names)?;\n        drop(guard);\n' +
        '        let mut guard = lock(&self.0);\n        let tickets = &mut *guard;\n',
    ),
  ),
  row(
    'the removal in `Tickets::release`',
    [lastTicket],
    edit(
      'ends/ticket.rs',
      'names.iter().filter_map(|name| tickets.remove(name)).collect();',
      'names.iter().filter(|_| false).filter_map(|name| tickets.remove(name)).collect();',
    ),
  ),
  row(
    'the store before the look in `Environment::set_polling`',
    ['what_settles_while_polling_ends_is_told_or_rings'],
    edit(
      'wait/environment.rs',
      '        self.polling.store(on, Ordering::Relaxed);\n        self.has_news()',
      '        let any = self.has_news();\n        self.polling.store(on, Ordering::Relaxed);\n        any',
    ),
  ),
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
    [replyAgainstEnd, 'a_request_is_dropped_against_its_abort_and_settles_once'],
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
