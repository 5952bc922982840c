//! The verbs, played on the channel and on its model: both must answer the same.

use millrace_core::{Message, Outcome, Received, Sent, TryRecvError, TrySendError};

use crate::Step;
use crate::expected::{Answer, EndId, Told, Wait};
use crate::world::{Owned, Waiting, World, number, pick};

impl World {
    pub(crate) fn send_side(&mut self, step: Step, n: usize) {
        let Some(at) = pick(n, &self.senders) else { return };
        let wait = self.next_wait(self.senders[at].thread);
        let Owned { id, end: ref sender, .. } = self.senders[at];
        let number = self.numbers;
        let message = Message::new(sender.pool(), &number.to_le_bytes()[..]).unwrap();
        let (answer, expected) = match step {
            Step::TrySend(_) => {
                let answer = match sender.try_send(message) {
                    Ok(()) => Answer::Sent,
                    Err(TrySendError::Full(back)) => returned(&back, number, Answer::Nothing),
                    Err(TrySendError::Closed(back)) => returned(&back, number, Answer::Closed),
                };
                (answer, self.expected.try_send(id, number))
            }
            Step::Send(_) => {
                let answer = match sender.send_or_wait(message, wait.token) {
                    Ok(sent) => waits(&mut self.waits, sent, wait, id),
                    Err(_) => Answer::Closed,
                };
                (answer, self.expected.send(id, number, wait))
            }
            Step::Drained(_) => {
                let answer = match sender.drained(wait.token) {
                    Some(sent) => waits(&mut self.waits, sent, wait, id),
                    None => Answer::Closed,
                };
                (answer, self.expected.drained(id, wait))
            }
            _ => {
                sender.end();
                self.expected.end();
                return;
            }
        };
        assert_eq!(answer, expected, "{step:?}");
    }

    pub(crate) fn receive_side(&mut self, step: Step, n: usize) {
        let Some(at) = pick(n, &self.receivers) else { return };
        let wait = self.next_wait(self.receivers[at].thread);
        let Owned { id, end: ref receiver, .. } = self.receivers[at];
        let (outcome, expected) = match step {
            Step::TryRecv(_) => (receiver.try_recv().map(Some), self.expected.try_recv()),
            Step::Recv { told, .. } => {
                let outcome = match receiver.recv_or_wait(wait.token, told) {
                    Ok(Received::Pending(pending)) => {
                        self.waits.push(Waiting { pending, wait, end: id });
                        Ok(None)
                    }
                    Ok(Received::Now(message)) => Ok(Some(message)),
                    Err(error) => Err(error),
                };
                (outcome, self.expected.recv(wait, told))
            }
            _ => {
                assert_eq!(receiver.cancel(), self.expected.cancel());
                return;
            }
        };
        match (outcome, expected) {
            (Ok(Some(message)), Answer::Received(item)) => {
                assert_eq!(number(&message), item.0);
                self.kept = Some((message, item));
            }
            (Ok(None), Answer::Waits)
            | (Err(TryRecvError::Empty), Answer::Nothing)
            | (Err(TryRecvError::Closed), Answer::Closed) => {}
            (outcome, expected) => panic!("{step:?} answered {outcome:?} instead of {expected:?}"),
        }
    }

    pub(crate) fn touch_wait(&mut self, step: Step, n: usize) {
        let Some(at) = pick(n, &self.waits) else { return };
        let token = self.waits[at].wait.token;
        match step {
            Step::CancelWait(_) => {
                assert_eq!(self.waits[at].pending.cancel(), self.expected.cancel_wait(token), "{step:?}");
            }
            Step::TakeOutcome(_) => {
                self.take_outcome(at);
            }
            _ => {
                drop(self.waits.swap_remove(at));
                self.expected.cancel_wait(token);
                if let Some(Told::Received(item)) = self.expected.outcomes.remove(&token) {
                    self.expected.give_back([item].into_iter());
                }
            }
        }
    }

    pub(crate) fn take_outcome(&mut self, at: usize) {
        let Waiting { pending, wait, .. } = &self.waits[at];
        let outcome = pending.take();
        let told = outcome.as_ref().map(|outcome| match (outcome, self.expected.outcomes.get(&wait.token)) {
            (Outcome::Sent(_), _) => Told::Sent,
            (Outcome::Received(message), Some(Told::Received((same, index)))) if number(message) == *same => {
                Told::Received((*same, *index))
            }
            (Outcome::Received(message), _) => panic!("received {} instead", number(message)),
            (Outcome::Drained, _) => Told::Drained,
            (Outcome::Closed, _) => Told::Closed,
            (Outcome::Changed, _) => panic!("a queue has no latest value"),
            (Outcome::Refused(payload), _) => Told::Refused(number(payload.first().unwrap())),
        });
        assert_eq!(told, self.expected.outcomes.remove(&wait.token), "wait {}", wait.token);
        if let (Some(Outcome::Received(message)), Some(Told::Received(item))) = (outcome, told) {
            self.kept = Some((message, item));
        }
    }
}

fn waits(waits: &mut Vec<Waiting>, sent: Sent, wait: Wait, end: EndId) -> Answer {
    match sent {
        Sent::Now => Answer::Sent,
        Sent::Pending(pending) => {
            waits.push(Waiting { pending, wait, end });
            Answer::Waits
        }
    }
}

fn returned(back: &Message, sent: u64, answer: Answer) -> Answer {
    assert_eq!(number(back), sent);
    answer
}
