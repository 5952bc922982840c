// Closing, registering, endings of waits, and how threads are woken.
import {
  nothing,
  sendAgainstEnd,
  waitingAgainstEnd,
  againstCancel,
  closing,
  lastTicket,
  pushReaches,
  pushRings,
  popMakesRoom,
  drainedHears,
  registering,
  teardown,
  passedOn,
  endings,
  blockingSend,
  blockingReceive,
  row,
  edit,
} from '../models.mjs';

export const waits = [
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
];
