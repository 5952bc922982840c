//! The functions of one environment, by name. Each is made with its environment's address as data, so
//! that a call finds it without a look-up.

use std::ffi::{CStr, c_void};
use std::ptr;

use napi::sys;

use crate::call::{Call, enter};
use crate::ends::{
    broadcast, calls, handles, latest, leases, many, packs, receiver, refs, select, sender, tickets, watch,
};
use crate::memory::{lend, loans, moves};
use crate::{ending, environment, inspect, waits};

type Callback = unsafe extern "C" fn(sys::napi_env, sys::napi_callback_info) -> sys::napi_value;

/// Wraps each body in the border's own function.
macro_rules! table {
    ($($name:literal => $body:path,)*) => {
        &[$(($name, {
            unsafe extern "C" fn border(raw: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
                enter(raw, info, $body)
            }
            border as Callback
        }),)*]
    };
}

const EXPORTS: &[(&CStr, Callback)] = table! {
    c"instance" => tickets::instance,
    c"create" => handles::create,
    c"clone" => handles::clone,
    c"close" => handles::close,
    c"end" => sender::end,
    c"fail" => sender::fail,
    c"cancel" => receiver::cancel,
    c"closeReason" => handles::close_reason,
    c"describe" => handles::describe,
    c"look" => handles::look,
    c"stats" => handles::stats,
    c"sameChannel" => handles::same_channel,
    c"createCalls" => calls::create_calls,
    c"ask" => calls::ask,
    c"callSync" => calls::call_sync,
    c"nextAnswers" => calls::next_answers,
    c"tryRequest" => calls::try_request,
    c"recvRequest" => calls::recv_request,
    c"recvRequestSync" => calls::recv_request_sync,
    c"answer" => calls::answer,
    c"dropRequest" => calls::drop_request,
    c"watchRequest" => calls::watch_request,
    c"nextAbandoned" => calls::next_abandoned,
    c"createLatest" => latest::create_latest,
    c"createBroadcast" => broadcast::create_broadcast,
    c"createWatch" => watch::create_watch,
    c"subscribe" => handles::subscribe,
    c"setNewest" => watch::set_newest,
    c"getNewest" => watch::get_newest,
    c"publish" => latest::publish,
    c"writeLatest" => latest::write_latest,
    c"update" => latest::update,
    c"updated" => latest::updated,
    c"changed" => latest::changed,
    c"changedSync" => latest::changed_sync,
    c"slot" => latest::slot,
    c"slotBuffer" => latest::slot_buffer,
    c"copySlot" => latest::copy_slot,
    c"trySend" => sender::try_send,
    c"send" => sender::send,
    c"sendSync" => sender::send_sync,
    c"drained" => sender::drained,
    c"drainedSync" => sender::drained_sync,
    c"trySendMany" => many::try_send_many,
    c"sendMany" => many::send_many,
    c"sendManySync" => many::send_many_sync,
    c"beginBatches" => packs::begin_batches,
    c"trySendPack" => packs::try_send_pack,
    c"sendPack" => packs::send_pack,
    c"sendPackSync" => packs::send_pack_sync,
    c"settleSync" => packs::settle_sync,
    c"takeSettled" => packs::take_settled,
    c"tryRecvMany" => many::try_recv_many,
    c"latest" => receiver::latest,
    c"giveBack" => receiver::give_back,
    c"trySelect" => select::try_select,
    c"select" => select::select,
    c"selectSync" => select::select_sync,
    c"tryRecv" => receiver::try_recv,
    c"recv" => receiver::recv,
    c"recvSync" => receiver::recv_sync,
    c"tryRecvInto" => receiver::try_recv_into,
    c"recvIntoSync" => receiver::recv_into_sync,
    c"tryLease" => leases::try_lease,
    c"lease" => leases::lease,
    c"leaseSync" => leases::lease_sync,
    c"latestLease" => leases::latest_lease,
    c"copyLease" => leases::copy_lease,
    c"settleLease" => leases::settle_lease,
    c"copyHeld" => lend::copy_held,
    c"takeHeld" => lend::take_held,
    c"returnHeld" => lend::return_held,
    c"makeRef" => refs::make_ref,
    c"takeRef" => refs::take_ref,
    c"lendRef" => refs::lend_ref,
    c"copyRef" => refs::copy_ref,
    c"trySendRef" => refs::try_send_ref,
    c"sendRef" => refs::send_ref,
    c"sendRefSync" => refs::send_ref_sync,
    c"dropRef" => refs::drop_ref,
    c"forgetRef" => refs::forget_ref,
    c"keepRef" => refs::keep_ref,
    c"alloc" => lend::alloc,
    c"watchLoan" => loans::watch,
    c"giveUp" => loans::give_up,
    c"dropHomes" => loans::drop_homes,
    c"countLoans" => loans::count_loans,
    c"tryMove" => moves::try_move,
    c"move" => moves::send,
    c"moveSync" => moves::send_sync,
    c"nextSettled" => waits::next_settled,
    c"cancelWait" => waits::cancel_wait,
    c"setPolling" => waits::set_polling,
    c"refBell" => waits::ref_bell,
    c"makeTickets" => tickets::make_tickets,
    c"describeTickets" => tickets::describe_tickets,
    c"redeem" => tickets::redeem,
    c"adoptTickets" => tickets::adopt,
    c"revoke" => tickets::revoke,
    c"registry" => tickets::registry,
    c"followEnding" => ending::follow_ending,
    c"tellEnding" => ending::tell_ending,
    c"firstToTell" => environment::first_to_tell,
    c"hasOutgrown" => handles::has_outgrown,
    c"survey" => inspect::survey,
    c"inspect" => inspect::inspect,
    c"nextClosed" => inspect::next_closed,
    c"watchClosing" => inspect::watch_closing,
    c"nameThread" => inspect::name_thread,
    c"madeAt" => inspect::made_at,
    c"trace" => inspect::trace,
    c"tellOpen" => inspect::tell_open,
};

/// An object with all of them, and what they need, which each of them keeps: as long as any can be called.
pub(crate) fn object(
    call: Call<'_>,
    data: *mut c_void,
    kept: [(&CStr, sys::napi_value); 4],
) -> sys::napi_value {
    let mut object = ptr::null_mut();
    // SAFETY: *scope*, *out*.
    unsafe { sys::napi_create_object(call.raw, &mut object) };
    for (name, value) in kept {
        // SAFETY: *scope*; the name is terminated.
        unsafe { sys::napi_set_named_property(call.raw, object, name.as_ptr(), value) };
    }
    for (name, callback) in EXPORTS {
        let function = set_function(call.raw, object, name, *callback, data);
        // SAFETY: *scope*; the name is terminated.
        unsafe { sys::napi_set_named_property(call.raw, function, c"all".as_ptr(), object) };
    }
    object
}

pub(crate) fn set_function(
    raw: sys::napi_env,
    object: sys::napi_value,
    name: &CStr,
    callback: Callback,
    data: *mut c_void,
) -> sys::napi_value {
    let mut function = ptr::null_mut();
    // SAFETY: *scope*, *out*; the name is terminated, and `data` is what the callback expects.
    unsafe { sys::napi_create_function(raw, name.as_ptr(), -1, Some(callback), data, &mut function) };
    // SAFETY: *scope*.
    unsafe { sys::napi_set_named_property(raw, object, name.as_ptr(), function) };
    function
}
