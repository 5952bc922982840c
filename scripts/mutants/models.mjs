// The loom models that must fail, by the ends of their names; and the words in which rows are written.

export const nothing = '';
export const sendAgainstEnd = 'a_send_against_end_is_received_or_fails';
export const waitingAgainstEnd = 'a_waiting_receive_hears_of_end_after_what_was_accepted';
export const againstCancel = [
  'a_send_against_cancel_is_counted_or_fails',
  'a_send_against_the_last_receiver_is_counted_or_fails',
];
export const closing = [sendAgainstEnd, waitingAgainstEnd, ...againstCancel];
export const lastTicket = 'the_last_ticket_is_attached_or_released';
export const pushReaches = 'a_push_reaches_a_receive_that_is_being_registered';
export const pushRings = 'a_push_rings_for_a_wait_that_is_being_registered';
export const popMakesRoom = 'a_pop_makes_room_for_a_send_that_is_being_registered';
export const drainedHears = 'drained_hears_of_the_last_pop';
export const registering = [pushReaches, pushRings, popMakesRoom, drainedHears];
export const teardown = 'a_message_against_a_teardown_reaches_the_next_wait';
export const passedOn = 'a_wake_is_passed_on_to_a_thread_that_sleeps';
export const endings = [
  'a_message_against_an_abort_is_received_or_stays',
  'a_pending_send_against_an_abort_is_accepted_or_stays_out',
  teardown,
  passedOn,
];
export const blockingSend = 'a_blocking_send_meets_an_awaiting_receive';
export const blockingReceive = 'a_blocking_receive_meets_an_awaiting_send';
export const selectElsewhere = 'a_message_for_a_select_claimed_elsewhere_goes_to_the_next_receive';
export const selectsCross = 'selects_of_two_threads_over_two_rendezvous_cross_without_waiting_for_each_other';

export const ringTakenDown = 'a_ring_against_the_taking_down_is_over_by_then_or_finds_nothing';
export const foundWhole = 'who_finds_a_bell_finds_it_whole';

export const leaseAgainstEnd = 'a_waiting_receive_hears_of_the_end_once_the_last_lease_is_acknowledged';
export const backBeforeEnd = 'what_comes_back_is_received_before_the_end';
export const replyAgainstAbort = 'a_reply_against_an_abort_settles_once';
export const replyWakes = 'a_reply_wakes_a_thread_that_blocks_in_its_call';
export const callAgainstEnd = 'a_call_against_the_end_of_its_last_responder_is_lost_or_refused';
export const replyAgainstEnd =
  'a_reply_against_the_end_of_its_responder_is_heard_and_what_was_queued_is_lost';
export const lastReader = 'the_last_reader_of_a_message_meets_the_end_of_its_sender';
export const setAgainstDeath = 'a_set_against_a_death_that_fails_the_watch_is_seen_or_refused';

export const row = (what, models, ...edits) => ({ what, models, edits });
export const edit = (file, from, to) => ({ file, from, to });
