//! The handoff of a rendezvous: a send and a receive that meet, both waiting or one of them just trying.

use std::sync::Arc;

use crate::channel::end::End;
use crate::channel::{Channel, Inner};
use crate::error::TrySendError;
use crate::message::Message;
use crate::primitives::Ordering;
use crate::wait::WakeList;
use crate::wait::{Claim, Entry, Outcome, Pairing, Waiter};

impl Channel {
    /// Pairs waiting receives with waiting sends, in the order in which they began.
    pub(crate) fn pair_waits(&self, inner: &mut Inner, wakes: &mut WakeList) {
        let mut unpaired = Vec::new();
        while self.phase() == 0
            && let Some((place, receive)) = inner.receives.pop_first()
        {
            if !self.pair(inner, &receive, wakes) && receive.waiter.is_waiting() {
                unpaired.push((place, receive));
                // Only a select that waits on both sides is passed over; nobody else finds more than it did.
                if inner.sends.is_empty() {
                    break;
                }
            }
        }
        for (place, receive) in unpaired {
            inner.receives.put_back(place, receive);
        }
    }

    /// Finds a send for `receive`, other than its own select's.
    fn pair(&self, inner: &mut Inner, receive: &Entry<()>, wakes: &mut WakeList) -> bool {
        let mut own = Vec::new();
        let mut paired = false;
        while let Some((place, send)) = inner.sends.pop_first() {
            if Arc::ptr_eq(&send.waiter, &receive.waiter) {
                own.push((place, send));
                continue;
            }
            let Entry { waiter, end, case, mut brings } = send;
            let bytes = brings.next_len();
            let Some(message) = brings.take_next() else { continue };
            if !brings.is_last() {
                // The send goes on waiting with the rest; only the receive is over.
                let mut message = Some(message);
                let claim = receive.waiter.claim(receive.case, || message.take().map(Outcome::Received));
                if let Claim::Done { wake } = claim {
                    brings.advance();
                    inner.count_handed(&receive.end, 1, bytes);
                    inner.count_handed(&end, 1, bytes);
                    paired = true;
                    if wake {
                        wakes.push(Arc::clone(&receive.waiter));
                    }
                } else if let Some(message) = message.or(claim.into_message()) {
                    brings.put_back(message);
                }
                inner.sends.put_back(place, Entry { waiter, end, case, brings });
                break;
            }
            match Waiter::claim_pair(receive, (&waiter, case), message, brings.accepted() + 1) {
                Pairing::Done { wake_receive, wake_send } => {
                    inner.count_handed(&receive.end, 1, bytes);
                    inner.count_handed(&end, 1, bytes);
                    self.send_settled(inner, &end, place);
                    if wake_receive {
                        wakes.push(Arc::clone(&receive.waiter));
                    }
                    if wake_send {
                        wakes.push(waiter);
                    }
                    paired = true;
                    break;
                }
                Pairing::ReceiveGone(message) => {
                    brings.put_back(message);
                    inner.sends.put_back(place, Entry { waiter, end, case, brings });
                    break;
                }
                Pairing::SendGone => self.send_settled(inner, &end, place),
            }
        }
        for (place, send) in own {
            inner.sends.put_back(place, send);
        }
        paired
    }

    /// `try_send` found no room: on a rendezvous a waiting receive may take the message.
    pub(crate) fn meet_receive(&self, end: &Arc<End>, message: Message) -> Result<(), TrySendError> {
        let nobody = self.flags.receivers_wait.load(Ordering::Relaxed) == 0;
        // An earlier send of this end goes first, even if it is a select's that cannot meet its own receive.
        if !self.queue.is_rendezvous() || nobody || end.pending.load(Ordering::Relaxed) > 0 {
            return Err(TrySendError::Full(message));
        }
        let mut message = Some(message);
        self.change(|inner, wakes| {
            if self.phase() != 0 {
                return message.take().map_or(Ok(()), |message| Err(TrySendError::Closed(message)));
            }
            while let Some((_, receive)) = inner.receives.pop_first() {
                let bytes = message.as_ref().map_or(0, Message::len);
                match receive.waiter.claim(receive.case, || message.take().map(Outcome::Received)) {
                    Claim::Done { wake } => {
                        inner.count_handed(end, 1, bytes);
                        inner.count_handed(&receive.end, 1, bytes);
                        if wake {
                            wakes.push(receive.waiter);
                        }
                        return Ok(());
                    }
                    Claim::Gone(Some(Outcome::Received(back))) => message = Some(back),
                    Claim::Gone(_) | Claim::NotYet => {}
                }
            }
            message.take().map_or(Ok(()), |message| Err(TrySendError::Full(message)))
        })
    }

    /// `try_recv` found nothing: on a rendezvous a waiting send may have something.
    pub(crate) fn meet_send(&self, end: &Arc<End>) -> Option<Message> {
        if !self.queue.is_rendezvous() || self.flags.senders_wait.load(Ordering::Relaxed) == 0 {
            return None;
        }
        self.change(|inner, wakes| {
            while let Some((place, Entry { waiter, end: sender, case, mut brings })) = inner.sends.pop_first()
            {
                let last = brings.is_last();
                let wake = if last {
                    match waiter.claim(case, || Some(Outcome::Sent(brings.accepted() + 1))) {
                        Claim::Done { wake } => wake,
                        // Its environment went: nothing of it is sent any more.
                        Claim::Gone(_) | Claim::NotYet => {
                            self.send_settled(inner, &sender, place);
                            continue;
                        }
                    }
                } else {
                    false
                };
                let message = brings.take_next()?;
                inner.count_handed(&sender, 1, message.len());
                inner.count_handed(end, 1, message.len());
                if last {
                    // Counted first: an end that only stayed for this goes now, and its counts with it.
                    self.send_settled(inner, &sender, place);
                }
                if wake {
                    wakes.push(waiter);
                } else if !last {
                    brings.advance();
                    inner.sends.put_back(place, Entry { waiter, end: sender, case, brings });
                }
                return Some(message);
            }
            None
        })
    }
}
