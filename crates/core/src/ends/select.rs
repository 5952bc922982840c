//! Select: one wait in several channels' lists, of which exactly one is claimed.
//!
//! ```text
//!   try each case, in the order given --one is ready--> done
//!        | none
//!   register one waiter with each channel in turn; its state is one lock, so one channel claims it
//!        | claimed by one: withdraw from the others, where it lies as an entry that is over
//! ```
//! A channel that finds the waiter over passes on to its next wait, so a losing case takes nothing and
//! holds up nobody.

use std::sync::Arc;

use crate::channel::Inner;
use crate::channel::close::EndGuard;
use crate::channel::end::End;
use crate::ends::latest::Output;
use crate::ends::receiver::Receiver;
use crate::ends::sender::Sender;
use crate::ends::watch::WatchReceiver;
use crate::error::{RecvError, TryRecvError, TrySendError};
use crate::message::Message;
use crate::wait::blocking::{Ended, Patience, park_until_claimed};
use crate::wait::environment::Environment;
use crate::wait::pending::{Origin, Registration, Verb, Waiting, insert_send};
use crate::wait::spin::Spin;
use crate::wait::{Entry, Outcome, Waiter};

/// One of the operations to choose from.
pub enum Case<'a> {
    /// Receive.
    Recv(&'a Receiver),
    /// Send this message.
    Send(&'a Sender, Message),
    /// Hear of a value that nobody read; it is left to be updated to.
    Changed(&'a Output),
    /// Hear of a value that this reader has not seen; it is left to be read.
    Watched(&'a WatchReceiver),
}

impl<'a> Case<'a> {
    fn held(&self) -> &'a EndGuard {
        match self {
            Self::Recv(receiver) => &receiver.held,
            Self::Send(sender, _) => &sender.held,
            Self::Changed(output) => &output.held,
            Self::Watched(receiver) => &receiver.held,
        }
    }

    fn spin(&self) -> &'a Spin {
        match self {
            Self::Recv(receiver) => &receiver.spin,
            Self::Send(sender, _) => &sender.spin,
            Self::Changed(output) => &output.spin,
            Self::Watched(receiver) => &receiver.spin,
        }
    }
}

/// The operation that took effect. A closed channel is a ready case: [`Outcome::Closed`] or
/// [`Outcome::Refused`].
pub struct Chosen {
    /// Its index among the cases.
    pub case: usize,
    /// What came of it.
    pub outcome: Outcome,
    /// Its channel.
    pub origin: Origin,
}

/// What came of a select that may wait.
pub enum Selected {
    /// A case was ready.
    Now(Chosen),
    /// None was: the wait has its places.
    Pending(PendingSelect),
}

/// A select that waits. Dropping it ends the wait; a message it was claimed with goes to the next one.
pub struct PendingSelect {
    waiter: Arc<Waiter>,
    /// By case.
    registrations: Vec<(u32, Registration)>,
}

/// Does the first operation of `order` that is ready; `None` when none is. `passing`: even before those
/// who wait already.
#[must_use]
pub fn try_select(cases: Vec<Case<'_>>, order: &[usize], passing: bool) -> Option<Chosen> {
    let mut cases: Vec<_> = cases.into_iter().map(Some).collect();
    attempt(&mut cases, order, passing)
}

/// Does the first operation of `order` that is ready, or registers to do the first that becomes so; the
/// environment is told under the name `token`.
#[must_use]
pub fn select_or_wait(
    cases: Vec<Case<'_>>,
    order: &[usize],
    environment: &Arc<Environment>,
    token: u32,
) -> Selected {
    let mut cases: Vec<_> = cases.into_iter().map(Some).collect();
    match attempt(&mut cases, order, false) {
        Some(chosen) => Selected::Now(chosen),
        None => register(cases, order, &Waiting::Environment(environment, token)),
    }
}

/// As [`select_or_wait`], but blocks this thread.
///
/// # Errors
/// [`RecvError::TimedOut`], [`RecvError::Stuck`] when nobody could ever make a case ready, or
/// [`RecvError::Stopped`]; nothing took effect. Without cases it sleeps until the deadline.
pub fn select(
    cases: Vec<Case<'_>>,
    order: &[usize],
    mut patience: Patience<'_>,
) -> Result<Chosen, RecvError> {
    let mut cases: Vec<_> = cases.into_iter().map(Some).collect();
    let ends: Vec<_> = cases.iter().flatten().map(Case::held).collect();
    let is_stuck = || ends.iter().all(|held| held.channel.is_stuck(&held.end));
    let unspun = Spin::new(Some(0));
    let spin = cases.iter().flatten().next().map_or(&unspun, Case::spin);
    let ready = attempt(&mut cases, order, false);
    let spun =
        || spin.until(patience.deadline, || patience.lasts(is_stuck), || attempt(&mut cases, order, false));
    if let Some(chosen) = ready.or_else(spun) {
        return Ok(chosen);
    }
    let pending = match register(cases, order, &Waiting::Thread) {
        Selected::Now(chosen) => return Ok(chosen),
        Selected::Pending(pending) => pending,
    };
    let failed = match park_until_claimed(
        || pending.waiter.claimant(),
        || pending.take(),
        &mut patience,
        spin,
        is_stuck,
    ) {
        Ended::Claimed(chosen) => return Ok(chosen),
        Ended::TimedOut => RecvError::TimedOut,
        Ended::Stuck => RecvError::Stuck,
        Ended::Stopped => return Err(RecvError::Stopped),
    };
    if pending.cancel() {
        return Err(failed);
    }
    // Claimed in the last moment: that counts.
    pending.take().ok_or(failed)
}

/// Tries each case once. `passing`: even before those who wait already.
fn attempt(cases: &mut [Option<Case<'_>>], order: &[usize], passing: bool) -> Option<Chosen> {
    order.iter().find_map(|&index| {
        let (outcome, held) = match cases.get_mut(index)?.take()? {
            Case::Recv(receiver) => {
                let received = if passing { receiver.try_recv() } else { receiver.recv_unless_waited() };
                let outcome = match received {
                    Ok(message) => Outcome::Received(message),
                    Err(TryRecvError::Closed) => Outcome::Closed,
                    Err(TryRecvError::Empty) => {
                        cases[index] = Some(Case::Recv(receiver));
                        return None;
                    }
                };
                (outcome, &receiver.held)
            }
            Case::Send(sender, message) => {
                let sent = if passing { sender.try_send(message) } else { sender.send_now(message) };
                let outcome = match sent {
                    Ok(()) => Outcome::Sent(1),
                    Err(TrySendError::Closed(message)) => Outcome::Refused(message.into()),
                    Err(TrySendError::Full(message)) => {
                        cases[index] = Some(Case::Send(sender, message));
                        return None;
                    }
                };
                (outcome, &sender.held)
            }
            Case::Changed(output) => {
                let Some(answer) = output.look() else {
                    cases[index] = Some(Case::Changed(output));
                    return None;
                };
                (answer.map_or(Outcome::Closed, |()| Outcome::Changed), &output.held)
            }
            Case::Watched(receiver) => {
                let Some(answer) = receiver.look() else {
                    cases[index] = Some(Case::Watched(receiver));
                    return None;
                };
                (answer.map_or(Outcome::Closed, |()| Outcome::Changed), &receiver.held)
            }
        };
        Some(Chosen { case: index, outcome, origin: held.origin() })
    })
}

fn register(mut cases: Vec<Option<Case<'_>>>, order: &[usize], waiting: &Waiting<'_>) -> Selected {
    let waiter = waiting.waiter();
    let mut pending = PendingSelect { waiter, registrations: Vec::with_capacity(order.len()) };
    for &index in order {
        // Claimed meanwhile: the rest need not be registered.
        if !pending.waiter.is_waiting() {
            break;
        }
        let Some(case) = cases.get_mut(index).and_then(Option::take) else { continue };
        let number = index as u32;
        let held = case.held();
        let message = match case {
            Case::Recv(_) | Case::Changed(_) | Case::Watched(_) => None,
            Case::Send(_, message) => Some(message),
        };
        let insert = |inner: &mut Inner, waiter, end: Arc<End>| match message {
            None => (inner.begin_receive(Entry { waiter, end, case: number, brings: () }), Verb::Recv),
            Some(brings) => insert_send(inner, waiter, end, number, brings.into()),
        };
        let registration = Registration::new(&held.channel, &held.end, &pending.waiter, insert);
        pending.registrations.push((number, registration));
    }
    match pending.waiter.listen() {
        Some(claimed) => Selected::Now(pending.chosen(claimed)),
        None => Selected::Pending(pending),
    }
}

impl PendingSelect {
    /// Whether `waiter`, which an environment was told of, is this wait.
    #[must_use]
    pub fn is(&self, waiter: &Arc<Waiter>) -> bool {
        Arc::ptr_eq(&self.waiter, waiter)
    }

    /// What it was claimed with, if it was; the other cases are withdrawn.
    #[must_use]
    pub fn take(&self) -> Option<Chosen> {
        self.waiter.take().map(|claimed| self.chosen(claimed))
    }

    /// Ends the wait. False: it was claimed before, and is to be taken.
    pub fn cancel(&self) -> bool {
        let cancelled = self.waiter.cancel();
        if cancelled {
            self.withdraw(None);
        }
        cancelled
    }

    /// The message that it was claimed with, if it was with one, and where that came from.
    pub(crate) fn take_received(&self) -> Option<(&Registration, Message)> {
        let Chosen { case, outcome, .. } = self.take()?;
        match outcome {
            Outcome::Received(message) => Some((self.registration(case as u32)?, message)),
            _ => None,
        }
    }

    fn registration(&self, case: u32) -> Option<&Registration> {
        self.registrations.iter().find_map(|(number, registration)| (*number == case).then_some(registration))
    }

    fn chosen(&self, (case, outcome): (u32, Outcome)) -> Chosen {
        self.withdraw(Some(case));
        // A wait is claimed through one of its registrations only.
        let origin = self.registration(case).expect("a claimed case was registered").origin();
        Chosen { case: case as usize, outcome, origin }
    }

    fn withdraw(&self, but: Option<u32>) {
        for (number, registration) in &self.registrations {
            if Some(*number) != but {
                registration.give_up();
            }
        }
    }
}

impl Drop for PendingSelect {
    fn drop(&mut self) {
        if self.waiter.is_over() || self.cancel() {
            return;
        }
        if let Some(Chosen { outcome: Outcome::Received(message), origin, .. }) = self.take() {
            origin.give_back(message);
        }
    }
}
