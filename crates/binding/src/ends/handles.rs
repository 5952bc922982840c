//! Handles: making channels, cloning and closing ends, and looking at them.

use std::time::Duration;

use millrace_core::{
    AnyEnd, CloseKind, CloseReason, Flavor, Growth, Leasing, Overflow, Settings, Side, Snapshot, Stats, Waits,
};
use millrace_numbers::{Figures, OwnFigures, close_kind, flavor, look, overflow, side};
use napi::sys;

use crate::call::{Call, Reply, string};
use crate::memory::bytes::uint8_array;
use crate::outcome::{Answer, NO_MEMORY, NO_NAMES, NOTHING, OK, SPENT};

impl Call<'_> {
    /// Runs `look` with what a live handle shows.
    pub(crate) fn with_snapshot<R>(
        self,
        handle: sys::napi_value,
        look: impl FnOnce(Snapshot<'_>) -> R,
    ) -> Option<R> {
        match self.env.handles.borrow().get(self.handle(handle))? {
            AnyEnd::Sender(sender) => Some(look(sender.snapshot())),
            AnyEnd::Receiver(receiver) => Some(look(receiver.snapshot())),
            AnyEnd::Input(input) => Some(look(input.snapshot())),
            AnyEnd::Output(output) => Some(look(output.snapshot())),
            AnyEnd::WatchSender(sender) => Some(look(sender.snapshot())),
            AnyEnd::WatchReceiver(receiver) => Some(look(receiver.snapshot())),
        }
    }

    /// Names an end and leaves the name at `outcome[index]`.
    pub(crate) fn name(self, index: usize, end: AnyEnd) -> Answer {
        let named = self.env.handles.borrow_mut().insert(end);
        // An end that found no name is given up here, outside of the borrow.
        let Ok(name) = named else { return NO_NAMES };
        self.env.put(index, name as f64);
        OK
    }

    /// Makes a channel with this label and meta, and names its two ends at `outcome[0]` and `outcome[1]`.
    pub(crate) fn open(
        self,
        [label, meta]: [sys::napi_value; 2],
        make: impl FnOnce(Settings) -> Result<(AnyEnd, AnyEnd), Answer>,
    ) -> Answer {
        let (Ok(label), Ok(meta)) = (self.text(label), self.text(meta)) else { return NO_MEMORY };
        if !self.env.handles.borrow_mut().has_room(2) {
            return NO_NAMES;
        }
        let settings = Settings { label, meta: meta.unwrap_or_default(), ..Settings::default() };
        let (first, second) = match make(settings) {
            Ok(ends) => ends,
            Err(answer) => return answer,
        };
        match self.name(0, first) {
            OK => self.name(1, second),
            answer => answer,
        }
    }

    /// As `open`, of a channel of messages.
    pub(crate) fn open_channel(
        self,
        words: [sys::napi_value; 2],
        flavor: Flavor,
        death_fails: bool,
    ) -> Answer {
        self.open(words, |settings| {
            let settings = Settings { death_fails, ..settings };
            let made = millrace_core::channel(flavor, settings, &self.env.core);
            made.map(|(sender, receiver)| (AnyEnd::Sender(sender), AnyEnd::Receiver(receiver)))
                .map_err(|_| NO_MEMORY)
        })
    }
}

pub(crate) fn create(
    call: Call<'_>,
    [
        flavor,
        capacity,
        spin,
        label,
        meta,
        max_bytes,
        overflow,
        slot_bytes,
        prefault,
        unpolled,
        death_fails,
        timing,
        max_attempts,
        dead_letter,
    ]: [sys::napi_value; 14],
) -> Answer {
    let capacity = call.index(capacity) as usize;
    let flavor = match call.index(flavor) {
        flavor::BOUNDED => Flavor::Bounded(capacity),
        flavor::UNBOUNDED => Flavor::Unbounded,
        flavor::SYNC => Flavor::Sync(capacity),
        _ => Flavor::Channel,
    };
    let overflow = match call.index(overflow) {
        overflow::DROP_NEWEST => Overflow::DropNewest,
        overflow::DROP_OLDEST => Overflow::DropOldest,
        _ => Overflow::Wait,
    };
    let (spin, max_bytes) = (call.number(spin), call.number(max_bytes));
    let (slot_bytes, max_attempts) = (call.number(slot_bytes), call.number(max_attempts));
    let has_dead_letter = call.number(dead_letter) >= 0.0;
    call.open([label, meta], |settings| {
        let settings = Settings {
            spin_micros: (spin >= 0.0).then_some(spin as u32),
            unpolled: call.boolean(unpolled),
            max_bytes: (max_bytes >= 0.0).then_some(max_bytes as usize),
            overflow,
            slot_bytes: (slot_bytes >= 0.0).then_some(slot_bytes as usize),
            prefault: call.boolean(prefault),
            death_fails: call.boolean(death_fails),
            timing: call.boolean(timing),
            leasing: (max_attempts >= 0.0).then_some(Leasing { max_attempts: max_attempts as u32 }),
            ..settings
        };
        let dead_letter = call.handle(dead_letter);
        if has_dead_letter && !call.is_sender(dead_letter) {
            return Err(SPENT);
        }
        let made = millrace_core::channel(flavor, settings, &call.env.core);
        let (sender, receiver) = made.map_err(|_| NO_MEMORY)?;
        if has_dead_letter {
            call.spend_dead_letters(dead_letter, &receiver);
        }
        Ok((AnyEnd::Sender(sender), AnyEnd::Receiver(receiver)))
    })
}

pub(crate) fn clone(call: Call<'_>, [handle]: [sys::napi_value; 1]) -> Answer {
    let another = match call.env.handles.borrow().get(call.handle(handle)) {
        Some(AnyEnd::Sender(sender)) => AnyEnd::Sender(sender.another()),
        Some(AnyEnd::Receiver(receiver)) => AnyEnd::Receiver(receiver.another()),
        Some(AnyEnd::WatchSender(sender)) => AnyEnd::WatchSender(sender.another()),
        Some(AnyEnd::WatchReceiver(receiver)) => AnyEnd::WatchReceiver(receiver.another()),
        // A triple buffer has one end a side, and no more.
        Some(AnyEnd::Input(_) | AnyEnd::Output(_)) | None => return SPENT,
    };
    call.name(0, another)
}

/// A receiver beside this sender, where receivers come and go: `outcome[0]`.
pub(crate) fn subscribe(call: Call<'_>, [handle]: [sys::napi_value; 1]) -> Answer {
    let receiver = match call.env.handles.borrow().get(call.handle(handle)) {
        Some(AnyEnd::Sender(sender)) => AnyEnd::Receiver(sender.subscribe()),
        Some(AnyEnd::WatchSender(sender)) => AnyEnd::WatchReceiver(sender.subscribe()),
        _ => return SPENT,
    };
    call.name(0, receiver)
}

pub(crate) fn close(call: Call<'_>, [handle]: [sys::napi_value; 1]) {
    let end = call.env.handles.borrow_mut().remove(call.handle(handle));
    drop(end);
}

pub(crate) fn describe(call: Call<'_>, [handle]: [sys::napi_value; 1]) -> sys::napi_value {
    let side = match call.env.handles.borrow().get(call.handle(handle)) {
        Some(AnyEnd::Sender(_) | AnyEnd::Input(_) | AnyEnd::WatchSender(_)) => Side::Sender,
        _ => Side::Receiver,
    };
    let meta = call.with_snapshot(handle, |snapshot| {
        call.env.put(0, side_number(side));
        call.env.put(1, flavor_number(snapshot.flavor()));
        string(call.raw, &snapshot.settings().meta)
    });
    meta.unwrap_or(std::ptr::null_mut())
}

pub(crate) fn look(call: Call<'_>, [handle, what]: [sys::napi_value; 2]) -> sys::napi_value {
    let what = call.index(what);
    let answer = call.with_snapshot(handle, |snapshot| match what {
        look::LENGTH => snapshot.len() as f64,
        look::CAPACITY => capacity(snapshot.capacity()),
        look::IS_EMPTY => f64::from(snapshot.len() == 0),
        look::IS_FULL => f64::from(snapshot.is_full()),
        look::BYTE_LENGTH => byte_length(snapshot.flavor()),
        look::LOST => snapshot.lost() as f64,
        _ => f64::from(snapshot.is_closed()),
    });
    let mut value = std::ptr::null_mut();
    // SAFETY: *scope*, *out*.
    unsafe { sys::napi_create_double(call.raw, answer.unwrap_or(SPENT as f64), &mut value) };
    value
}

pub(crate) fn stats(call: Call<'_>, [handle]: [sys::napi_value; 1]) -> sys::napi_value {
    let label = call.with_snapshot(handle, |snapshot| {
        let stats = snapshot.stats();
        let length = snapshot.len();
        let own = OwnFigures {
            is_empty: f64::from(length == 0),
            is_full: f64::from(snapshot.is_full()),
            lost: snapshot.lost() as f64,
            length: length as f64,
        };
        for (index, figure) in figures(&stats).into_iter().chain(own.in_order()).enumerate() {
            call.env.put(index, figure);
        }
        snapshot.settings().label.as_deref().map(|label| string(call.raw, label))
    });
    if label.is_none() {
        call.env.put(0, -1.0);
    }
    label.flatten().unwrap_or(std::ptr::null_mut())
}

/// A channel's figures, as they cross.
pub(crate) fn figures(stats: &Stats) -> [f64; Figures::COUNT] {
    // -1: it is not kept.
    let wait =
        |of: fn(&Waits) -> Duration| stats.waits.as_ref().map_or(-1.0, |waits| of(waits).as_secs_f64() * 1e3);
    let figures = Figures {
        flavor: flavor_number(stats.flavor),
        capacity: capacity(stats.flavor.capacity()),
        length: stats.length as f64,
        bytes: stats.bytes as f64,
        senders: stats.senders as f64,
        receivers: stats.receivers as f64,
        tickets: stats.tickets as f64,
        sent: stats.sent as f64,
        received: stats.received as f64,
        dropped: stats.dropped as f64,
        skipped: stats.skipped as f64,
        discarded: stats.discarded as f64,
        waiting_senders: stats.waiting_senders as f64,
        waiting_receivers: stats.waiting_receivers as f64,
        high_water: stats.high_water as f64,
        in_flight: stats.in_flight as f64,
        leased: stats.leased.map_or(-1.0, |leased| leased as f64),
        oldest: wait(|waits| waits.oldest),
        wait_p50: wait(|waits| waits.p50),
        wait_p99: wait(|waits| waits.p99),
        waits: stats.waits.map_or(-1.0, |waits| waits.left as f64),
        wait_total: wait(|waits| waits.total),
    };
    figures.in_order()
}

/// Why the handle's side is closed, undefined while it is open. `told`: why an error says that it is, of which the
/// caller knows that it is so.
pub(crate) fn close_reason(call: Call<'_>, [handle, told]: [sys::napi_value; 2]) -> sys::napi_value {
    let told = call.boolean(told);
    let look = |snapshot: Snapshot<'_>| if told { snapshot.told_reason() } else { snapshot.close_reason() };
    let reason = match call.with_snapshot(handle, look) {
        Some(reason) => reason,
        // A pending send outlives its handle.
        None => call.env.told_reason.take().filter(|_| told),
    };
    let Some(reason) = reason else { return call.undefined() };
    let CloseReason { kind, thread, error, death, fails } = reason;
    let bytes =
        |error: Option<&[u8]>| error.map_or_else(|| call.undefined(), |bytes| uint8_array(call, bytes));
    let code = death.as_ref().map_or(0, |death| death.code.unwrap_or(-1));
    let parts = [
        kind_number(kind).reply(call.raw),
        thread.map_or(-1.0, f64::from).reply(call.raw),
        fails.reply(call.raw),
        f64::from(code).reply(call.raw),
        bytes(error.as_deref().or_else(|| death.as_ref()?.error.as_deref())),
    ];
    call.array(parts.into_iter())
}

fn kind_number(kind: CloseKind) -> f64 {
    f64::from(match kind {
        CloseKind::Closed => close_kind::CLOSED,
        CloseKind::Ended => close_kind::ENDED,
        CloseKind::Cancelled => close_kind::CANCELLED,
        CloseKind::Failed => close_kind::FAILED,
        CloseKind::Died => close_kind::DIED,
    })
}

/// Whether the handle's channel holds more than one without a bound should, for the first time.
pub(crate) fn has_outgrown(call: Call<'_>, [handle]: [sys::napi_value; 1]) -> Answer {
    match call.with_snapshot(handle, |snapshot| snapshot.growth()) {
        Some(Growth::Within) => NOTHING,
        Some(Growth::Beyond) => OK,
        Some(Growth::Known) | None => SPENT,
    }
}

pub(crate) fn same_channel(call: Call<'_>, [one, other]: [sys::napi_value; 2]) -> bool {
    call.with_snapshot(one, |one| call.with_snapshot(other, |other| one.is_same(&other)))
        .flatten()
        .unwrap_or(false)
}

pub(crate) fn flavor_number(flavor: Flavor) -> f64 {
    f64::from(match flavor {
        Flavor::Bounded(_) => flavor::BOUNDED,
        Flavor::Unbounded => flavor::UNBOUNDED,
        Flavor::Sync(_) => flavor::SYNC,
        Flavor::Channel => flavor::CHANNEL,
        Flavor::Latest(_) => flavor::LATEST,
        Flavor::Broadcast(_) => flavor::BROADCAST,
        Flavor::Watch => flavor::WATCH,
        Flavor::Calls(_) => flavor::RPC,
    })
}

pub(crate) fn side_number(side: Side) -> f64 {
    f64::from(match side {
        Side::Sender => side::SENDER,
        Side::Receiver => side::RECEIVER,
    })
}

/// How long a slot is.
fn byte_length(flavor: Flavor) -> f64 {
    match flavor {
        Flavor::Latest(byte_length) => byte_length as f64,
        _ => 0.0,
    }
}

fn capacity(capacity: Option<usize>) -> f64 {
    capacity.map_or(f64::INFINITY, |capacity| capacity as f64)
}
