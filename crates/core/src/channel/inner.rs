//! What a channel's lock guards: who waits, what lies ahead of the queue, its ends, and what was counted.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::channel::broadcast::audience::Audience;
use crate::channel::close::reason::Reasons;
use crate::channel::drains::Drains;
use crate::channel::end::{End, Sum};
use crate::channel::payload::Payload;
use crate::channel::payload::packed::Packed;
use crate::channel::sums::{Owners, Sums};
use crate::message::Message;
use crate::wait::{Entry, Place, WaitList};

pub(crate) struct Inner {
    pub(crate) receives: WaitList<()>,
    pub(crate) sends: WaitList<Payload>,
    pub(crate) drains: Drains,
    /// Messages that go ahead of the queue, oldest first.
    pub(crate) returned: VecDeque<Message>,
    /// As `returned`, of leased messages, by their numbers.
    pub(crate) back: BTreeMap<u64, Message>,
    /// The number of the next message that is leased for the first time.
    pub(crate) next_lease: u64,
    /// Receivers that are gone and had leases when they went.
    pub(crate) departed: Vec<Arc<End>>,
    pub(crate) packed: Packed,
    /// The receivers of a broadcast, and what they have yet to get.
    pub(crate) audience: Option<Box<Audience>>,
    /// Of a watch.
    pub(crate) told: Option<Told>,
    pub(crate) senders: Vec<Arc<End>>,
    pub(crate) receivers: Vec<Arc<End>>,
    pub(crate) owners: Owners,
    /// What the ends have counted.
    pub(crate) sums: Sums,
    /// It was closed, or went packed, and no push to the flavor's queue is under way any more.
    pub(crate) is_quiet: bool,
    /// What was counted as received and came back.
    pub(crate) given_back: Sum,
    /// How many messages were discarded.
    pub(crate) discarded: u64,
    /// Bytes of the requests among them that were withdrawn while the channel was open.
    pub(crate) withdrawn_bytes: u64,
    /// Why it is closed.
    pub(crate) reasons: Reasons,
    pub(crate) high_water: usize,
    /// Somebody knows that it holds more than a channel without a bound should.
    pub(crate) growth_is_told: bool,
}

/// What the waits of a watch have been told.
#[derive(Default)]
pub(crate) struct Told {
    /// The number of the value that all of them were told of.
    pub(crate) number: u64,
    /// Waits that have just begun.
    pub(crate) fresh: Vec<Place>,
}

impl Inner {
    /// A receive takes its place.
    pub(crate) fn begin_receive(&mut self, entry: Entry<()>) -> Place {
        let seat = entry.end.seat();
        let place = self.receives.push(entry);
        if let Some(audience) = &mut self.audience {
            audience.wait(seat, place);
        }
        if let Some(told) = &mut self.told {
            told.fresh.push(place);
        }
        place
    }
}
