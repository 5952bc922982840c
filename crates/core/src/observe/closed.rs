//! Telling a thread which channels close in it, if it asked to be told. Whatever closes a channel, a call or a wait that
//! settles, leaves a note here, under the channel's lock, and the environment's bell says that there are some.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::Arc;

use crate::channel::end::Side;
use crate::channel::{Channel, ENDED};
use crate::flavors::Flavor;
use crate::wait::environment::{Environment, EnvironmentId};

/// A channel that has closed: nothing more is accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedChannel {
    /// Which channel is underneath.
    pub flavor: Flavor,
    /// The channel's label.
    pub label: Option<String>,
    /// The side that closed it: its last end went, or it called `end` or `cancel`.
    pub by: Side,
}

struct Watch {
    environment: Arc<Environment>,
    untold: VecDeque<ClosedChannel>,
}

thread_local! {
    /// Of the environment that asked last: a thread has one, unless the package is loaded twice.
    static WATCH: RefCell<Option<Watch>> = const { RefCell::new(None) };
}

/// From here on `environment` is told what closes in the calling thread, which is its own.
pub fn watch(environment: &Arc<Environment>) {
    let watch = Watch { environment: Arc::clone(environment), untold: VecDeque::new() };
    WATCH.with_borrow_mut(|current| *current = Some(watch));
}

/// From here on it is told nothing.
pub fn unwatch(environment: EnvironmentId) {
    WATCH.with_borrow_mut(|current| {
        current.take_if(|watch| watch.environment.id() == environment);
    });
}

/// The channel that closed first in the calling thread and was not told of yet.
#[must_use]
pub fn next_closed() -> Option<ClosedChannel> {
    WATCH.with_borrow_mut(|current| current.as_mut()?.untold.pop_front())
}

/// `channel` has closed, `how` says by whom.
pub(crate) fn note(channel: &Channel, how: usize) {
    // A thread that is being torn down has nobody to tell.
    let _ = WATCH.try_with(|current| {
        let Ok(mut current) = current.try_borrow_mut() else { return };
        let Some(watch) = &mut *current else { return };
        watch.untold.push_back(ClosedChannel {
            flavor: channel.flavor,
            label: channel.settings.label.clone(),
            by: if how == ENDED { Side::Sender } else { Side::Receiver },
        });
        watch.environment.ring_anyhow();
    });
}
