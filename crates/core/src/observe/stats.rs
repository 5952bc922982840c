//! A channel's figures at one moment.

use crate::flavors::Flavor;
use crate::observe::timing::Waits;

/// What a channel did and holds. Counters are kept per end and summed here: exact whenever the
/// channel is at rest, and then `sent == received + dropped + skipped + discarded + length`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stats {
    /// Which channel is underneath.
    pub flavor: Flavor,
    /// Messages queued.
    pub length: usize,
    /// Payload bytes queued.
    pub bytes: u64,
    /// Sending ends, tickets included.
    pub senders: usize,
    /// Receiving ends, tickets included.
    pub receivers: usize,
    /// Tickets.
    pub tickets: usize,
    /// Messages accepted.
    pub sent: u64,
    /// Messages received.
    pub received: u64,
    /// Messages lost by an overflow policy.
    pub dropped: u64,
    /// Messages passed over in favour of a newer one.
    pub skipped: u64,
    /// Messages discarded when the receiving side went.
    pub discarded: u64,
    /// Sends waiting for room.
    pub waiting_senders: usize,
    /// Receives waiting for a message.
    pub waiting_receivers: usize,
    /// The longest that the queue was seen.
    pub high_water: usize,
    /// Messages that are leased: received, and not settled. `None` where none is ever.
    pub leased: Option<usize>,
    /// Requests that are taken and not answered, and for which somebody waits.
    pub in_flight: usize,
    /// How long messages wait, where the channel was made to keep it.
    pub waits: Option<Waits>,
}
