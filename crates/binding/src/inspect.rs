//! Looking at the whole process: its open channels and who holds their ends, what has closed in this thread, and tracing.

use millrace_core::{Holder, OpenChannel, OpenEnd};
use millrace_numbers::Figures;
use napi::sys;

use crate::call::{Call, Reply, string};
use crate::ends::handles::{figures, flavor_number, side_number};
use crate::memory::bytes::View;
use crate::outcome::Answer;

/// Every open channel: `[label, figures, ends, number]`, an end being `[side, thread, made at]`.
pub(crate) fn inspect(call: Call<'_>, _: [sys::napi_value; 0]) -> sys::napi_value {
    let channels = millrace_core::open_channels();
    call.array(channels.iter().map(|channel| open_channel(call, channel)))
}

fn open_channel(call: Call<'_>, channel: &OpenChannel) -> sys::napi_value {
    let figures = call.array(figures(&channel.stats).into_iter().map(|figure| figure.reply(call.raw)));
    let ends = call.array(channel.ends.iter().map(|end| open_end(call, end)));
    let number = (channel.serial as f64).reply(call.raw);
    call.array([text(call, channel.label.as_deref()), figures, ends, number].into_iter())
}

/// How many channels are open. As many as fit have a row each in `target`: their number, then their figures, all `f64`.
pub(crate) fn survey(call: Call<'_>, [target]: [sys::napi_value; 1]) -> Answer {
    let target = View::of(call, target).unwrap_or_else(View::none);
    let mut at = 0;
    let mut count = 0;
    millrace_core::survey(|number, stats| {
        let mut row = [[0; size_of::<f64>()]; 1 + Figures::COUNT];
        for (place, figure) in row.iter_mut().zip([number as f64].into_iter().chain(figures(stats))) {
            *place = figure.to_ne_bytes();
        }
        target.write_bytes(at, row.as_flattened());
        at += size_of_val(&row);
        count += 1;
    });
    count
}

fn open_end(call: Call<'_>, end: &OpenEnd) -> sys::napi_value {
    let thread = match end.holder {
        Holder::Ticket | Holder::Channel => -1.0,
        Holder::Thread(number) => f64::from(number),
    };
    let parts =
        [side_number(end.side).reply(call.raw), thread.reply(call.raw), text(call, end.made_at.as_deref())];
    call.array(parts.into_iter())
}

/// The channel that closed first in this thread and was not told of: `[flavor, side, label]`.
pub(crate) fn next_closed(call: Call<'_>, _: [sys::napi_value; 0]) -> sys::napi_value {
    let Some(closed) = millrace_core::next_closed() else { return call.undefined() };
    let parts = [
        flavor_number(closed.flavor).reply(call.raw),
        side_number(closed.by).reply(call.raw),
        text(call, closed.label.as_deref()),
    ];
    call.array(parts.into_iter())
}

/// Whether what closes in this thread is noted.
pub(crate) fn watch_closing(call: Call<'_>, [on]: [sys::napi_value; 1]) {
    if call.boolean(on) {
        millrace_core::watch(&call.env.core);
    } else {
        millrace_core::unwatch(call.env.core.id());
    }
}

/// The number by which people know this thread.
pub(crate) fn name_thread(call: Call<'_>, [number]: [sys::napi_value; 1]) {
    millrace_core::name_thread(call.env.core.id(), call.index(number));
}

/// Where a handle was made.
pub(crate) fn made_at(call: Call<'_>, [handle, place]: [sys::napi_value; 2]) {
    let Ok(Some(place)) = call.text(place) else { return };
    call.with_snapshot(handle, |snapshot| snapshot.made_at(&place));
}

/// Looks for channels that stand still from here on.
pub(crate) fn trace(_: Call<'_>, _: [sys::napi_value; 0]) {
    millrace_core::trace();
}

/// The process ends: tells of every end that is open.
pub(crate) fn tell_open(_: Call<'_>, _: [sys::napi_value; 0]) {
    millrace_core::tell_open();
}

fn text(call: Call<'_>, text: Option<&str>) -> sys::napi_value {
    text.map_or_else(|| call.undefined(), |text| string(call.raw, text))
}
