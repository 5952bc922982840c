//! The laws of a channel, and the one table that runs each of them over every flavor. A flavor is one
//! row; what it can do decides which groups of laws are its.
#![cfg(not(loom))]
#![expect(clippy::unwrap_used, reason = "a law that cannot go on is broken")]

mod laws;

/// Makes one module a row, with one test a law of each of the row's groups.
macro_rules! table {
    (
        groups { $($group:ident $laws:tt)* }
        rows { $($row:ident = $flavor:expr, $play:ident: $($of:ident)&+;)* }
    ) => {
        $(table!(@define $group $laws);)*
        $(mod $row {
            fn play(law: fn(millrace_core::Flavor)) {
                crate::laws::$play(law, $flavor);
            }
            $($of!(play);)+
        })*
    };
    (@define $group:ident { $($idea:ident: $($law:ident),+;)* }) => {
        macro_rules! $group {
            ($play:ident) => {
                mod $group {
                    $(mod $idea {
                        $(#[test]
                        fn $law() {
                            super::super::$play(crate::laws::$idea::$law);
                        })+
                    })*
                }
            };
        }
    };
}

table! {
    groups {
        every {
            select: one_of_several_waits_is_claimed, a_select_given_up_or_dropped_loses_nothing,
                    a_closed_channel_is_a_ready_case,
                    selects_of_many_threads_lose_nothing;
            closing: waiting_receives_hear_of_the_close, the_last_sender_gone_closes_once_drained,
                     a_side_is_open_while_a_clone_is, the_last_receiver_gone_fails_senders,
                     end_drains_and_then_closes, cancel_counts_exactly_what_it_discards,
                     what_comes_back_to_a_cancelled_channel_is_discarded;
            waiting: waits_are_served_in_the_order_they_began, an_abort_in_time_consumes_nothing,
                     an_abort_after_the_claim_loses, a_blocked_thread_does_not_hold_up_its_pending_receive;
            environments: the_bell_rings_once_until_it_is_answered,
                what_settles_while_the_bell_is_heard_is_told_without_a_ring, polling_silences_the_bell,
                          waits_settle_in_the_order_of_their_claims;
            blocking: an_end_elsewhere_keeps_a_receive_waiting, a_ticket_keeps_a_receive_waiting,
                      a_receive_that_timed_out_consumed_nothing, a_receive_alone_is_stuck,
                      a_blocked_receive_notices_that_it_is_alone, a_stopped_receive_consumed_nothing,
                      what_comes_to_a_thread_that_is_being_stopped_goes_to_the_next, a_long_spin_ends_in_time;
            drained: an_empty_channel_is_drained, drained_is_refused_when_the_receivers_go;
            tickets: a_ticket_is_redeemed_once, tickets_are_redeemed_all_or_none,
                     a_reusable_ticket_makes_an_end_each_time, revoking_counts_what_it_released,
                     a_ticket_counts_as_an_end, an_orphaned_ticket_expires,
                     an_orphaned_reusable_ticket_goes_at_once;
        }
        meeting {
            meeting: a_try_meets_only_a_wait, every_mix_of_waits_meets, a_wait_that_was_given_up_meets_nobody,
                     a_send_of_an_end_does_not_pass_its_earlier_one, several_messages_keep_their_one_place,
                     a_send_that_outlives_its_end_is_counted;
            select: a_select_never_pairs_with_itself;
            full: a_stopped_send_keeps_its_message, a_send_alone_is_stuck,
                  pending_sends_are_accepted_in_the_order_they_began,
                  an_aborted_send_is_not_accepted, an_abort_after_the_acceptance_loses,
                  ending_gives_pending_sends_back, cancelling_gives_pending_sends_back,
                  an_end_stays_for_its_pending_sends, drained_waits_for_pending_sends_of_its_end,
                  drained_does_not_count_sends_aborted_after_it, too_many_pending_sends_are_refused,
                  a_blocked_thread_does_not_hold_up_its_pending_send;
        }
        roomy {
            queue: messages_arrive_in_the_order_they_were_sent, an_empty_channel_gives_nothing,
                   messages_of_every_length_arrive_intact, what_is_given_back_is_the_next_message,
                   sent_is_received_and_discarded_and_queued;
            traffic: nothing_is_lost_and_nothing_comes_twice;
            waiting: receives_of_one_end_never_overtake, a_dropped_wait_gives_its_message_to_the_next,
                     waits_let_go_together_keep_their_order;
            environments: what_was_there_is_told_when_asked,
                          a_shut_environment_passes_its_waits_on, a_thread_that_ends_loses_no_message;
            drained: drained_waits_for_all_that_was_accepted_before, drained_outlives_the_end_of_sending;
        }
        limited {
            full: a_full_channel_takes_no_more, a_send_that_timed_out_keeps_its_message,
                  a_stopped_send_keeps_its_message, a_send_alone_is_stuck,
                  pending_sends_are_accepted_in_the_order_they_began,
                  a_try_send_behind_a_pending_send_of_its_end_is_full,
                  an_aborted_send_is_not_accepted, an_abort_after_the_acceptance_loses,
                  ending_gives_pending_sends_back, cancelling_gives_pending_sends_back,
                  an_end_stays_for_its_pending_sends, drained_waits_for_pending_sends_of_its_end,
                  drained_does_not_count_sends_aborted_after_it, too_many_pending_sends_are_refused,
                  a_blocked_thread_does_not_hold_up_its_pending_send;
        }
        batching {
            batches: what_was_sent_before_the_first_batch_comes_first, packs_and_messages_keep_their_order,
                     what_a_receiver_leaves_of_a_pack_is_the_next_ones, a_run_goes_where_there_is_room_for_it,
                     messages_of_every_length_come_out_of_a_pack, discarded_packs_are_counted_by_message,
                     batches_of_many_threads_lose_nothing;
        }
        batching_limited {
            batches: a_pack_is_accepted_whole_or_not_at_all, a_pending_pack_keeps_its_place,
                     a_pack_longer_than_the_channel_goes_in_parts, ending_gives_a_pending_pack_back,
                     a_blocked_pack_goes_when_there_is_room, pending_sends_can_be_blocked_for,
                     a_bound_on_bytes_counts_packed_ones;
        }
        calling {
            calls: a_call_settles_with_its_reply, a_call_waits_for_room_and_keeps_its_place,
                   a_call_given_up_in_time_is_withdrawn, whoever_has_the_request_is_told_when_nobody_waits,
                   a_request_dropped_unanswered_is_lost_and_was_taken,
                   without_responders_what_nobody_took_is_lost_untaken,
                   a_request_on_its_way_to_a_thread_that_ends_goes_to_the_next,
                   a_request_on_its_way_to_the_last_responder_is_lost_untaken,
                   a_caller_that_ends_withdraws_its_requests, a_blocking_call_ends_in_each_way,
                   a_call_that_nobody_could_answer_is_stuck;
        }
        unlimited {
            full: an_unlimited_channel_is_never_full;
            closing: a_long_queue_is_discarded_at_once_and_to_the_last, the_last_receiver_discards_a_long_queue,
                     a_cancel_beside_another_receiver_discards_what_that_one_does_not_take;
        }
    }
    rows {
        bounded_0 = millrace_core::Flavor::Bounded(0), plain: every & meeting;
        bounded_1 = millrace_core::Flavor::Bounded(1), plain: every & roomy & limited;
        bounded_2 = millrace_core::Flavor::Bounded(2), plain: every & roomy & limited;
        bounded_64 = millrace_core::Flavor::Bounded(64), plain: every & roomy & limited;
        unbounded = millrace_core::Flavor::Unbounded, plain: every & roomy & unlimited;
        sync_0 = millrace_core::Flavor::Sync(0), plain: every & meeting;
        sync_16 = millrace_core::Flavor::Sync(16), plain: every & roomy & limited;
        channel = millrace_core::Flavor::Channel, plain: every & roomy & unlimited;
        calls_1 = millrace_core::Flavor::Calls(1), plain: every & roomy & limited & calling;
        calls_64 = millrace_core::Flavor::Calls(64), plain: every & roomy & limited & calling;
        batched_0 = millrace_core::Flavor::Bounded(0), batched: every & meeting;
        batched_1 = millrace_core::Flavor::Bounded(1), batched: every & roomy & limited & batching;
        batched_2 = millrace_core::Flavor::Bounded(2), batched: every & roomy & limited & batching & batching_limited;
        batched_64 = millrace_core::Flavor::Bounded(64), batched: every & roomy & limited & batching & batching_limited;
        batched_unbounded = millrace_core::Flavor::Unbounded, batched: every & roomy & unlimited & batching;
        batched_sync_0 = millrace_core::Flavor::Sync(0), batched: every & meeting;
        batched_sync_16 = millrace_core::Flavor::Sync(16), batched: every & roomy & limited & batching & batching_limited;
        batched_channel = millrace_core::Flavor::Channel, batched: every & roomy & unlimited & batching;
    }
}

#[test]
fn a_capacity_that_memory_cannot_hold_is_an_error() {
    use millrace_core::{Environment, Flavor, NoMemory, Settings, channel};
    let environment = Environment::new(|| ());
    for capacity in [usize::MAX / 4, usize::MAX / 160, usize::MAX] {
        let refused = channel(Flavor::Bounded(capacity), Settings::default(), &environment);
        let NoMemory { bytes } = refused.err().unwrap();
        assert!(bytes >= capacity);
    }
}
