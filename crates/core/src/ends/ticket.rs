//! Tickets: counted ends in flight between threads. A ticket keeps its channel open like any end, is
//! redeemed once (a reusable one is cloned instead), and outlives its maker for a time.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::channel::close::EndGuard;
use crate::channel::close::reason::{Death, death_in};
use crate::channel::end::Side;
use crate::ends::latest::{Input, Output};
use crate::ends::receiver::Receiver;
use crate::ends::sender::Sender;
use crate::ends::watch::{WatchReceiver, WatchSender};
use crate::error::UnknownTicket;
use crate::flavors::Flavor;
use crate::primitives::{Mutex, lock};
use crate::wait::environment::{Environment, EnvironmentId};

/// How long a ticket stays good after the environment that made it has ended.
pub const GRACE: Duration = Duration::from_secs(5);

/// A ticket's name: too long to guess.
pub type TicketName = u128;

/// An end, on either side.
pub enum AnyEnd {
    /// It sends.
    Sender(Sender),
    /// It receives.
    Receiver(Receiver),
    /// It writes the latest value.
    Input(Input),
    /// It reads the latest value.
    Output(Output),
    /// It sets the newest value.
    WatchSender(WatchSender),
    /// It sees the newest value.
    WatchReceiver(WatchReceiver),
}

impl AnyEnd {
    fn into_held(self) -> EndGuard {
        match self {
            Self::Sender(sender) => sender.held,
            Self::Receiver(receiver) => receiver.held,
            Self::Input(input) => input.into_held(),
            Self::Output(output) => output.into_held(),
            Self::WatchSender(sender) => sender.held,
            Self::WatchReceiver(receiver) => receiver.held,
        }
    }

    fn new(held: EndGuard, environment: &Arc<Environment>) -> Self {
        held.set_owner(environment.id());
        held.end.goes_with(None);
        match (held.end.side, held.channel.flavor) {
            (Side::Sender, Flavor::Latest(_)) => Self::Input(Input::new(held)),
            (Side::Receiver, Flavor::Latest(_)) => Self::Output(Output::new(held, environment)),
            (Side::Sender, Flavor::Watch) => Self::WatchSender(WatchSender::new(held, environment)),
            (Side::Receiver, Flavor::Watch) => Self::WatchReceiver(WatchReceiver::new(held, environment)),
            (Side::Sender, _) => Self::Sender(Sender::new(held, environment)),
            (Side::Receiver, _) => Self::Receiver(Receiver::new(held, environment)),
        }
    }
}

struct Ticket {
    held: EndGuard,
    maker: EnvironmentId,
    reusable: bool,
    /// They go with their maker, without grace.
    bound: bool,
    /// Set when its maker has ended.
    expires: Option<Instant>,
}

/// All tickets of a process.
pub struct Tickets(Mutex<HashMap<TicketName, Ticket>>);

impl Tickets {
    /// No tickets.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "a process has one")]
    pub fn new() -> Self {
        Self(Mutex::new(HashMap::new()))
    }

    /// Makes a ticket of an end, which its owner gives up. One of a triple buffer is alone on its side:
    /// it cannot be cloned, and its ticket is not reusable.
    pub fn make(&self, end: AnyEnd, maker: EnvironmentId, reusable: bool) -> TicketName {
        let reusable = reusable && !matches!(end, AnyEnd::Input(_) | AnyEnd::Output(_));
        let held = end.into_held();
        held.set_owner(0);
        // Whoever it is for has not come yet: it holds nobody up meanwhile.
        if reusable && held.end.side == Side::Receiver && held.channel.is_broadcast() {
            held.leave_place();
        }
        let name = random_name();
        let ticket = Ticket { held, maker, reusable, bound: false, expires: None };
        lock(&self.0).insert(name, ticket);
        name
    }

    /// Makes ends of tickets, all or none.
    ///
    /// # Errors
    /// [`UnknownTicket`] with the first name that stands for nothing; none was redeemed then.
    pub fn redeem(&self, names: &[TicketName], by: &Arc<Environment>) -> Result<Vec<AnyEnd>, UnknownTicket> {
        let mut guard = lock(&self.0);
        let tickets = &mut *guard;
        all_live(tickets, names)?;
        let ends = names.iter().filter_map(|name| {
            let ticket = tickets.get(name)?;
            let held =
                if ticket.reusable { ticket.held.newcomer(by.id()) } else { tickets.remove(name)?.held };
            Some(AnyEnd::new(held, by))
        });
        Ok(ends.collect())
    }

    /// Makes tickets `by`'s own: those that it has not redeemed when it ends go with it, at once. What is no ticket any
    /// more is passed over.
    pub fn adopt(&self, names: &[TicketName], by: EnvironmentId) {
        let mut tickets = lock(&self.0);
        for name in names {
            if let Some(ticket) = tickets.get_mut(name) {
                ticket.maker = by;
                ticket.bound = true;
                ticket.expires = None;
            }
        }
    }

    /// What their channels were made with ([`crate::Settings::meta`]), for whoever has to know before a redeem.
    ///
    /// # Errors
    /// As [`Tickets::redeem`].
    pub fn metas(&self, names: &[TicketName]) -> Result<Vec<String>, UnknownTicket> {
        let tickets = lock(&self.0);
        all_live(&tickets, names)?;
        let meta = |name| tickets.get(name).map(|ticket| ticket.held.channel.settings.meta.clone());
        Ok(names.iter().filter_map(meta).collect())
    }

    /// Releases what of these is not redeemed; how many.
    pub fn revoke(&self, names: &[TicketName]) -> usize {
        self.release(names, None)
    }

    /// As [`Tickets::revoke`], because the thread that they were for has died.
    pub fn revoke_dead(&self, names: &[TicketName], death: &Death) -> usize {
        self.release(names, Some(death))
    }

    fn release(&self, names: &[TicketName], death: Option<&Death>) -> usize {
        let mut guard = lock(&self.0);
        let tickets = &mut *guard;
        let released: Vec<_> = names.iter().filter_map(|name| tickets.remove(name)).collect();
        // The ends are given up outside of the lock.
        drop(guard);
        for ticket in &released {
            ticket.held.end.goes_with(death.cloned());
        }
        released.len()
    }

    /// Their maker has ended: the reusable ones and those that were adopted go at once, the others have until
    /// `expires`. Whether any have.
    pub fn orphan(&self, maker: EnvironmentId, expires: Instant) -> bool {
        let mut guard = lock(&self.0);
        let tickets = &mut *guard;
        let death = death_in(maker);
        let mut any = false;
        for ticket in tickets.values_mut().filter(|ticket| ticket.maker == maker) {
            if let Some(death) = &death {
                ticket.held.end.goes_with(Some(death.clone()));
            }
            ticket.expires = Some(expires);
            any |= !ticket.reusable && !ticket.bound;
        }
        let gone = take(tickets, |ticket| ticket.maker == maker && (ticket.reusable || ticket.bound));
        drop(guard);
        drop(gone);
        any
    }

    /// Releases the tickets whose time has passed.
    pub fn expire(&self, now: Instant) {
        let mut guard = lock(&self.0);
        let tickets = &mut *guard;
        let expired = take(tickets, |ticket| ticket.expires.is_some_and(|expires| expires <= now));
        drop(guard);
        drop(expired);
    }

    /// How many tickets there are.
    #[must_use]
    pub fn len(&self) -> usize {
        lock(&self.0).len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Each of them stands for a ticket, and none is there twice.
fn all_live(tickets: &HashMap<TicketName, Ticket>, names: &[TicketName]) -> Result<(), UnknownTicket> {
    let mut seen = HashSet::new();
    let wrong = |name: &TicketName| !tickets.contains_key(name) || !seen.insert(*name);
    names.iter().position(wrong).map_or(Ok(()), |index| Err(UnknownTicket { index }))
}

fn take(tickets: &mut HashMap<TicketName, Ticket>, which: impl Fn(&Ticket) -> bool) -> Vec<Ticket> {
    let names: Vec<_> = tickets.iter().filter(|(_, ticket)| which(ticket)).map(|(name, _)| *name).collect();
    names.iter().filter_map(|name| tickets.remove(name)).collect()
}

fn random_name() -> TicketName {
    let mut bytes = [0; 16];
    // Without the system's randomness (seen on no platform that runs Node) names are hashed from
    // std's per-process random keys, which are no easier to guess from JavaScript.
    if getrandom::fill(&mut bytes).is_err() {
        use std::hash::{BuildHasher, RandomState};
        let state = RandomState::new();
        let halves = [state.hash_one(0u8), state.hash_one(1u8)];
        return (u128::from(halves[0]) << 64) | u128::from(halves[1]);
    }
    u128::from_ne_bytes(bytes)
}

/// The process's tickets.
#[cfg(not(loom))]
pub fn tickets() -> &'static Tickets {
    static TICKETS: std::sync::LazyLock<Tickets> = std::sync::LazyLock::new(Tickets::new);
    &TICKETS
}

/// The environment has ended: its tickets have [`GRACE`] left.
#[cfg(not(loom))]
pub fn orphan_tickets(maker: EnvironmentId) {
    let expires = Instant::now() + GRACE;
    if tickets().orphan(maker, expires) {
        crate::janitor::schedule(expires, Box::new(move || tickets().expire(Instant::now())));
    }
}
