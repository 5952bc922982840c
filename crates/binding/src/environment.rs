//! One environment's side of the border: its handles, its waits, its scratch memory, and what happens
//! when it begins and ends.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::ffi::c_void;
use std::ptr;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use millrace_core::{AnyEnd, CloseReason, Environment, Lease, Patience, Pending, Source};
use millrace_numbers::{cell, heard, size};
use napi::sys;

use crate::bytes::View;
use crate::call::Call;
use crate::calls::OpenRequest;
use crate::ending::{self, Ending};
use crate::lend::Hand;
use crate::outcome::Answer;
use crate::places::Loans;
use crate::refs::Ref;
use crate::slots::Slots;
use crate::waits::Wait;
use crate::wake::Bell;

/// All of one environment; used on its own thread only.
pub(crate) struct Env {
    pub(crate) core: Arc<Environment>,
    pub(crate) bell: Arc<Bell>,
    pub(crate) handles: RefCell<Slots<AnyEnd, true>>,
    pub(crate) waits: RefCell<Slots<Wait>>,
    waiting: Cell<u32>,
    keeps_listener: Cell<bool>,
    is_ringing: Cell<bool>,
    /// The listener had nothing to tell when it was called last.
    told_nothing: Cell<bool>,
    pub(crate) refs: RefCell<Slots<Ref>>,
    /// Calls that were answered, to be told of.
    pub(crate) answered: RefCell<VecDeque<u32>>,
    /// Requests that were taken here and are not answered yet.
    pub(crate) requests: RefCell<Slots<OpenRequest>>,
    /// Messages that were leased here and are not settled yet.
    pub(crate) leases: RefCell<Slots<Lease>>,
    /// A message that was taken and did not fit where it was wanted.
    pub(crate) hand: RefCell<Option<Hand>>,
    /// Shared with the finalizers of what it lent.
    pub(crate) loans: Rc<RefCell<Loans>>,
    pub(crate) ending: RefCell<Ending>,
    /// Why the wait that was told last had to hear that its channel is closed, if it did.
    pub(crate) told_reason: RefCell<Option<CloseReason>>,
    outcome: Cell<*mut f64>,
    staging: Cell<(*const u8, usize)>,
    /// Whether the runtime makes a number of what is none, as Deno does, in place of saying so.
    pub(crate) coerces: Cell<bool>,
    /// Whether it is the main thread's, which ends with the process.
    pub(crate) outlasts: Cell<bool>,
    /// Whether JavaScript can move an external buffer's memory to another one, and keeps homes by that.
    pub(crate) moves: Cell<bool>,
    /// The bell's listener, weak unless something waits.
    listener: Cell<sys::napi_ref>,
    /// A private function that does nothing and has no prototype: see `serves` and `runs_on`.
    probe: Cell<sys::napi_ref>,
    /// All references, deleted in the end: the engine's own end leaves each one's memory behind.
    references: RefCell<Vec<sys::napi_ref>>,
    is_released: Cell<bool>,
    raw: sys::napi_env,
}

/// A blocked thread serves interrupts when it wakes after so long; earlier it only asks whether it is being stopped.
const UNSERVED: Duration = Duration::from_millis(10);

impl Env {
    fn new(raw: sys::napi_env) -> Self {
        let bell = Arc::<Bell>::default();
        let rung = Arc::clone(&bell);
        Self {
            core: Environment::new(move || rung.ring()),
            bell,
            handles: RefCell::new(Slots::new()),
            waits: RefCell::new(Slots::new()),
            waiting: Cell::new(0),
            keeps_listener: Cell::new(false),
            is_ringing: Cell::new(false),
            told_nothing: Cell::new(false),
            refs: RefCell::new(Slots::new()),
            answered: RefCell::default(),
            requests: RefCell::new(Slots::new()),
            leases: RefCell::new(Slots::new()),
            hand: RefCell::new(None),
            loans: Rc::default(),
            ending: RefCell::default(),
            told_reason: RefCell::new(None),
            outcome: Cell::new(ptr::null_mut()),
            staging: Cell::new((ptr::null(), 0)),
            coerces: Cell::new(false),
            outlasts: Cell::new(false),
            moves: Cell::new(false),
            listener: Cell::new(ptr::null_mut()),
            probe: Cell::new(ptr::null_mut()),
            references: RefCell::default(),
            is_released: Cell::new(false),
            raw,
        }
    }

    /// Whether it may have to forget what it lends: what a thread forgets that ends with the process does not matter.
    pub(crate) fn forgets(&self) -> bool {
        self.moves.get() && !self.outlasts.get()
    }

    /// Leaves a result beside the answer.
    pub(crate) fn put(&self, index: usize, value: f64) {
        assert!(index < size::OUTCOMES, "outcome {index}");
        // SAFETY: *kept*: the array has room for `size::OUTCOMES` numbers, as `open` checked.
        let place = unsafe { self.outcome.get().add(index) };
        // SAFETY: *kept*, and only this thread writes there.
        unsafe { place.write(value) };
    }

    /// What `put` or JavaScript has left there last.
    fn left_at(&self, index: usize) -> f64 {
        assert!(index < size::OUTCOMES, "outcome {index}");
        // SAFETY: *kept*: as in `put`.
        let place = unsafe { self.outcome.get().add(index) };
        // SAFETY: *kept*, and JavaScript writes there on this thread only.
        unsafe { place.read() }
    }

    /// The bell was heard, and its listener is about to be called. Until `rang`, who waits, and whether that keeps the
    /// loop alive, may change as often as it likes: it is looked at then.
    pub(crate) fn rings(&self) {
        self.put(cell::RUNG_AGO, self.bell.rung_ago() as f64);
        self.put(cell::IS_RINGING, 1.0);
        self.told_nothing.set(false);
        self.is_ringing.set(true);
    }

    /// The listener has returned, and what it woke has run. Whether to call it again: more has settled meanwhile, which
    /// rings no bell. Not if it has had enough, nor if it had nothing to tell twice: then that is not what it tells of.
    pub(crate) fn rings_on(&self) -> bool {
        self.put(cell::RUNG_AGO, 0.0);
        let heard = self.left_at(cell::HEARD) as usize;
        let told_nothing = heard == heard::NOTHING;
        let again = self.told_nothing.replace(told_nothing) && told_nothing;
        if again || heard == heard::ENOUGH || self.is_released.get() {
            self.core.answer();
            return false;
        }
        self.core.answer_or_go_on()
    }

    /// All is told, or enough for one turn.
    pub(crate) fn rang(&self) {
        self.put(cell::IS_RINGING, 0.0);
        self.is_ringing.set(false);
        if self.is_released.get() {
            return;
        }
        self.bell.keep_alive(self.raw, self.left_at(cell::KEEPS_LOOP) != 0.0);
        self.keep_listener();
    }

    /// While anything waits the listener is kept, and with it all of the JavaScript.
    fn keep_listener(&self) {
        let keeps = self.waiting.get() > 0;
        if self.is_ringing.get() || self.keeps_listener.replace(keeps) == keeps {
            return;
        }
        let (mut count, listener) = (0, self.listener.get());
        if keeps {
            // SAFETY: *scope*, *out*: made in `begin`, and not deleted before the environment's end.
            unsafe { sys::napi_reference_ref(self.raw, listener, &mut count) };
        } else {
            // SAFETY: as above; counted up by the line above.
            unsafe { sys::napi_reference_unref(self.raw, listener, &mut count) };
        }
    }

    /// The first `len` bytes of the staging array; `None` when there are not as many.
    pub(crate) fn staged<'a>(&self, len: u32) -> Option<Source<'a>> {
        let (start, room) = self.staging.get();
        let len = len as usize;
        // SAFETY: *kept*: the staging array is that long.
        (len <= room).then(|| unsafe { Source::from_raw(start, len) })
    }
}

impl Call<'_> {
    /// Bytes to send: a number says how many of the staging array's, else a `Uint8Array`'s own.
    pub(crate) fn source<'a>(self, value: sys::napi_value) -> Option<Source<'a>> {
        if let Some(len) = self.small(value) {
            return self.env.staged(len);
        }
        // An empty view may be a detached one: empty messages come by way of the staging array.
        View::of(self, value).filter(|view| view.len() > 0).map(View::source)
    }

    /// Runs a blocking verb: `timeout` in milliseconds, Infinity for none. What is no such number is no time at all.
    /// **Anything may have run meanwhile**: memory that the caller had is to be looked up again.
    pub(crate) fn patiently(self, timeout: f64, verb: impl FnOnce(Patience<'_>) -> Answer) -> Answer {
        let milliseconds = if timeout > 0.0 { timeout } else { 0.0 };
        let wait = Duration::try_from_secs_f64(milliseconds / 1000.0).ok();
        let mut served = Instant::now();
        let deadline = wait.and_then(|wait| served.checked_add(wait));
        let pulse = &mut || {
            if served.elapsed() < UNSERVED {
                return self.runs_on();
            }
            served = Instant::now();
            self.serves()
        };
        verb(Patience { deadline, pulse })
    }

    /// Serves the engine's interrupts: a thread is stopped so, a heap snapshot made, the debugger answered. Calling a
    /// function is what looks for them. False: what runs here is to end.
    fn serves(self) -> bool {
        let mut scope = ptr::null_mut();
        // SAFETY: *scope*, *out*.
        unsafe { sys::napi_open_handle_scope(self.raw, &mut scope) };
        let (this, probe) = (self.undefined(), self.probe());
        // SAFETY: *scope*: no arguments, and the result is not wanted.
        let status =
            unsafe { sys::napi_call_function(self.raw, this, probe, 0, ptr::null(), ptr::null_mut()) };
        // SAFETY: *scope*: opened above.
        unsafe { sys::napi_close_handle_scope(self.raw, scope) };
        status == sys::Status::napi_ok
    }

    /// Whether the environment may still run JavaScript; the cheapest question that tells.
    fn runs_on(self) -> bool {
        let mut found = false;
        // SAFETY: *scope*, *out*. The probe has no prototype, so nothing is asked but itself.
        let status = unsafe { sys::napi_has_element(self.raw, self.probe(), 0, &mut found) };
        status == sys::Status::napi_ok
    }

    fn probe(self) -> sys::napi_value {
        let mut probe = ptr::null_mut();
        // SAFETY: *scope*, *out*, *kept*: weak, and every function of the environment keeps it.
        unsafe { sys::napi_get_reference_value(self.raw, self.env.probe.get(), &mut probe) };
        probe
    }

    /// A reference to a value, until the environment ends: count 1 keeps it alive, 0 does not.
    fn refer(self, value: sys::napi_value, count: u32) -> sys::napi_ref {
        let mut reference = ptr::null_mut();
        // SAFETY: *scope*, *out*.
        unsafe { sys::napi_create_reference(self.raw, value, count, &mut reference) };
        self.env.references.borrow_mut().push(reference);
        reference
    }

    /// The name that the next `begin_wait` gives; `None`: all are taken.
    pub(crate) fn next_wait(self) -> Option<u32> {
        self.env.waits.borrow().next_name()
    }

    /// A wait begins: who waits is kept by it, as by a timer.
    pub(crate) fn begin_wait(self, wait: Wait) -> Result<u32, Wait> {
        let name = self.env.waits.borrow_mut().insert(wait)?;
        self.env.waiting.set(self.env.waiting.get() + 1);
        self.env.keep_listener();
        Ok(name)
    }

    /// A wait is over.
    pub(crate) fn end_wait(self, name: u32) -> Option<Wait> {
        let wait = self.env.waits.borrow_mut().remove(name)?;
        self.env.waiting.set(self.env.waiting.get() - 1);
        self.env.keep_listener();
        Some(wait)
    }

    /// Takes the scratch arrays, the bell's listener and the probe. Duty *kept* of `outcome` and `staging`: they
    /// are private to `src/border/binding.ts`, which never hands them out, so their memory is not moved; and
    /// every function of the environment keeps them, by way of the object of all functions.
    fn begin(
        self,
        [outcome, staging, listener, probe, outlasts, moves, libuv]: [sys::napi_value; 7],
        rung: Weak<Env>,
    ) -> Result<(), &'static str> {
        let (mut kind, mut len, mut start) = (0, 0, ptr::null_mut());
        // SAFETY: *scope*, *out*; what is not wanted is null.
        let status = unsafe {
            sys::napi_get_typedarray_info(
                self.raw,
                outcome,
                &mut kind,
                &mut len,
                &mut start,
                ptr::null_mut(),
                ptr::null_mut(),
            )
        };
        if status != sys::Status::napi_ok
            || kind != sys::TypedarrayType::float64_array
            || len < size::OUTCOMES
        {
            return Err("open expects a Float64Array of at least 32 elements first");
        }
        let view = View::of(self, staging).ok_or("open expects a Uint8Array second")?;
        self.env.outcome.set(start.cast());
        self.env.staging.set(view.place());
        self.env.coerces.set(self.small(outcome).is_some());
        self.env.outlasts.set(self.boolean(outlasts));
        self.env.moves.set(self.boolean(moves));
        self.env.loans.borrow_mut().moves = self.env.moves.get();
        if !self.is_function(listener) {
            return Err("open expects a function third");
        }
        if !self.is_function(probe) {
            return Err("open expects a function fourth");
        }
        self.env.probe.set(self.refer(probe, 0));
        let listener = self.refer(listener, 0);
        self.env.listener.set(listener);
        let version = self.text(libuv).ok().flatten();
        let hung = self.env.bell.hang(self, listener, rung, version.as_deref());
        hung.then_some(()).ok_or("this environment takes no bell")
    }
}

/// Makes an environment and its functions: `open(outcome, staging, bell, probe, isMain, moves, libuv)`.
pub(crate) fn open(
    raw: sys::napi_env,
    arguments: [sys::napi_value; 7],
) -> Result<sys::napi_value, &'static str> {
    napi::bindgen_prelude::retain_current_module_for_unload_safety();
    millrace_core::see_cores(crate::cores::here);
    let env = Rc::new(Env::new(raw));
    let call = Call { raw, env: &env };
    let hooked = Rc::into_raw(Rc::clone(&env)).cast_mut().cast();
    let begun = call.begin(arguments, Rc::downgrade(&env)).and_then(|()| {
        let told = call.env.bell.at_end(raw, hooked, (end, end_at_once));
        told.then_some(()).ok_or("this environment takes no cleanup hook")
    });
    if let Err(error) = begun {
        // SAFETY: *alive*: the hook's count; there is no hook.
        drop(unsafe { Rc::from_raw(hooked.cast::<Env>().cast_const()) });
        env.bell.let_go_of();
        release(&env);
        return Err(error);
    }
    let [outcome, staging, listener, probe, ..] = arguments;
    let kept = [(c"outcome", outcome), (c"staging", staging), (c"listener", listener), (c"probe", probe)];
    let object = crate::exports::object(call, Rc::as_ptr(&env).cast_mut().cast(), kept);
    let watched = Rc::into_raw(env).cast_mut().cast();
    // SAFETY: *scope*; the argument is a count that `collected` takes back.
    unsafe {
        sys::napi_add_finalizer(raw, object, watched, Some(collected), ptr::null_mut(), ptr::null_mut());
    }
    Ok(object)
}

/// The findings that somebody in the process has told, a bit each.
static TOLD: AtomicU32 = AtomicU32::new(0);

/// Whether nobody has told this finding before.
pub(crate) fn first_to_tell(call: Call<'_>, [finding]: [sys::napi_value; 1]) -> bool {
    let bit = 1_u32.rotate_left(call.index(finding));
    // Relaxed: nothing else goes with it.
    TOLD.fetch_or(bit, Ordering::Relaxed) & bit == 0
}

/// The environment ends, however it came to it: on its thread, after the last of its JavaScript. Here no handle may be
/// made. `ending`: Node waits until it is let go.
unsafe extern "C" fn end(ending: sys::napi_async_cleanup_hook_handle, env: *mut c_void) {
    // SAFETY: *alive*: a count of `open`, taken back once; no function of it is called any more.
    let env = unsafe { Rc::from_raw(env.cast::<Env>().cast_const()) };
    ending::note(&env);
    release(&env);
    env.bell.take_down(ending);
}

/// As `end`, where nothing is left to wait for.
unsafe extern "C" fn end_at_once(env: *mut c_void) {
    // SAFETY: *alive*: as in `end`.
    unsafe { end(ptr::null_mut(), env) };
}

/// All of its functions were collected, and so was the JavaScript around them: its loader has dropped it
/// while the thread goes on, or the thread ends, after `end`.
unsafe extern "C" fn collected(raw: sys::napi_env, env: *mut c_void, _: *mut c_void) {
    // SAFETY: *alive*: a count of `open`, taken back once.
    let env = unsafe { Rc::from_raw(env.cast::<Env>().cast_const()) };
    if env.is_released.get() {
        return;
    }
    let hooked = Rc::as_ptr(&env).cast_mut().cast();
    env.bell.not_at_end(raw, hooked, end_at_once);
    // SAFETY: *alive*: the hook's count, which it cannot take back any more.
    drop(unsafe { Rc::from_raw(hooked.cast::<Env>().cast_const()) });
    env.bell.let_go_of();
    release(&env);
}

/// Gives everything back, once. A panic must not reach the engine; what it leaves undone stays open, and
/// nothing is lost by it.
fn release(env: &Env) {
    if env.is_released.replace(true) {
        return;
    }
    let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| give_back(env)));
}

fn give_back(env: &Env) {
    millrace_core::unwatch(env.core.id());
    // From here on nothing settles here; what was handed over and not told goes to the next wait.
    env.core.shut();
    env.hand.take();
    // Before what its waits were handed, which came later.
    let leases = env.leases.borrow_mut().drain();
    Lease::let_go(leases);
    let (mut waits, mut selects) = (Vec::new(), Vec::new());
    for wait in env.waits.borrow_mut().drain() {
        match wait {
            Wait::One(pending) | Wait::Held(pending) | Wait::Ref(pending, _) => waits.push(pending),
            Wait::Select(pending) => selects.push(pending),
            // Dropped, it withdraws its request.
            Wait::Call(asked) => drop(asked),
        }
    }
    Pending::let_go(waits, selects);
    let refs = env.refs.borrow_mut().drain();
    drop(refs);
    // Their callers hear that they are lost.
    let requests = env.requests.borrow_mut().drain();
    drop(requests);
    let handles = env.handles.borrow_mut().drain();
    drop(handles);
    env.loans.borrow_mut().end(env.raw);
    millrace_core::orphan_tickets(env.core.id());
    millrace_core::bury(env.core.id());
    for reference in env.references.take() {
        // SAFETY: made in `refer`, and deleted once, on the environment's thread, while the engine is there still.
        unsafe { sys::napi_delete_reference(env.raw, reference) };
    }
}
