//! Tracing: what a process says of its open ends, on standard error, when it ends and when a channel stands still.

use std::collections::HashMap;
use std::io::{Write, stderr};
use std::sync::Once;
use std::time::{Duration, Instant};

use crate::janitor;
use crate::observe::inspect::{OpenChannel, Serial, open_channels};

/// How long somebody waits on a channel on which nothing happens, before that is told.
pub const STANDSTILL: Duration = Duration::from_secs(5);
/// Time between two looks.
const LOOK: Duration = Duration::from_millis(500);

/// Looks for channels that stand still from here on, once for the process.
pub fn trace() {
    static TRACING: Once = Once::new();
    TRACING.call_once(|| look_again(Looks::default()));
}

/// Tells of every end that is open: the process ends.
pub fn tell_open() {
    let open = open_channels();
    if !open.is_empty() {
        tell("this process ends with open channels", &open);
    }
}

fn look_again(mut looks: Looks) {
    let due = Instant::now() + LOOK;
    let job = move || {
        let now = Instant::now();
        if now < due {
            // No thread could be started for it, so that it is done at once, and would be for ever.
            return;
        }
        let still = looks.look(open_channels(), now);
        if !still.is_empty() {
            tell(&format!("every end has waited for {} s", STANDSTILL.as_secs()), &still);
        }
        look_again(looks);
    };
    janitor::schedule(due, Box::new(job));
}

fn tell(what: &str, channels: &[OpenChannel]) {
    let mut text = format!("millrace: {what}\n");
    for channel in channels {
        text += &format!("{channel}\n");
    }
    // Where nobody listens there is nobody to tell.
    let _ = stderr().write_all(text.as_bytes());
}

/// What was seen of each channel, and since when it has been so.
#[derive(Default)]
struct Looks(HashMap<Serial, Seen>);

struct Seen {
    channel: OpenChannel,
    since: Instant,
    told: bool,
}

impl Looks {
    /// The channels on which somebody has waited for [`STANDSTILL`] while nothing happened; each once.
    fn look(&mut self, open: Vec<OpenChannel>, now: Instant) -> Vec<OpenChannel> {
        let mut before = std::mem::take(&mut self.0);
        let mut still = Vec::new();
        for channel in open {
            let mut seen = match before.remove(&channel.serial) {
                Some(seen) if seen.channel == channel => seen,
                _ => Seen { channel, since: now, told: false },
            };
            let waits = seen.channel.stats.waiting_senders + seen.channel.stats.waiting_receivers > 0;
            if waits && !seen.told && now.saturating_duration_since(seen.since) >= STANDSTILL {
                seen.told = true;
                still.push(seen.channel.clone());
            }
            self.0.insert(seen.channel.serial, seen);
        }
        still
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::flavors::Flavor;
    use crate::observe::stats::Stats;

    fn a_channel(serial: Serial, received: u64, waiting: usize) -> OpenChannel {
        let stats = Stats {
            flavor: Flavor::Unbounded,
            length: 0,
            bytes: 0,
            senders: 1,
            receivers: 1,
            tickets: 0,
            sent: received,
            received,
            dropped: 0,
            skipped: 0,
            discarded: 0,
            waiting_senders: 0,
            waiting_receivers: waiting,
            high_water: 0,
            leased: None,
            in_flight: 0,
            waits: None,
        };
        OpenChannel { serial, label: None, stats, ends: Vec::new(), waits: received }
    }

    #[test]
    fn a_channel_that_stands_still_while_somebody_waits_is_told_of_once_until_something_happens() {
        let (mut looks, start) = (Looks::default(), Instant::now());
        let mut told = |after: Duration, received, waiting| {
            looks.look(vec![a_channel(1, received, waiting)], start + after).len()
        };
        let seconds = Duration::from_secs;
        assert_eq!(told(seconds(0), 0, 1), 0);
        assert_eq!(told(seconds(4), 0, 1), 0, "not yet");
        assert_eq!(told(seconds(5), 0, 1), 1);
        assert_eq!(told(seconds(60), 0, 1), 0, "told before");
        assert_eq!(told(seconds(61), 1, 1), 0, "a message came");
        assert_eq!(told(seconds(65), 1, 1), 0);
        assert_eq!(told(seconds(66), 1, 1), 1, "and then no other");
    }

    #[test]
    fn a_channel_on_which_nobody_waits_may_stand_still() {
        let (mut looks, start) = (Looks::default(), Instant::now());
        for after in 0..20 {
            let open = vec![a_channel(1, 0, 0)];
            assert!(looks.look(open, start + Duration::from_secs(after)).is_empty());
        }
    }
}
