//! One environment's side of the border: its handles, its waits, its scratch memory, and what happens
//! when it begins and ends.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::ptr;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use millrace_core::{AnyEnd, CloseReason, Environment, Lease};
use millrace_numbers::{cell, heard, size};
use napi::sys;

use crate::call::Call;
use crate::ending::Ending;
use crate::ends::calls::OpenRequest;
use crate::ends::refs::Ref;
use crate::giving_back::{collected, end, end_at_once, release};
use crate::memory::bytes::View;
use crate::memory::lend::Hand;
use crate::memory::places::Loans;
use crate::slots::Slots;
use crate::waits::Wait;
use crate::wake::Bell;

/// All of one environment; used on its own thread only.
pub(crate) struct Env {
    pub(crate) core: Arc<Environment>,
    pub(crate) bell: Arc<Bell>,
    pub(crate) handles: RefCell<Slots<AnyEnd, true>>,
    pub(crate) waits: RefCell<Slots<Wait>>,
    pub(crate) waiting: Cell<u32>,
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
    pub(crate) staging: Cell<(*const u8, usize)>,
    /// Whether the runtime makes a number of what is none, as Deno does, in place of saying so.
    pub(crate) coerces: Cell<bool>,
    /// Whether it is the main thread's, which ends with the process.
    pub(crate) outlasts: Cell<bool>,
    /// Whether JavaScript can move an external buffer's memory to another one, and keeps homes by that.
    pub(crate) moves: Cell<bool>,
    /// The bell's listener, weak unless something waits.
    listener: Cell<sys::napi_ref>,
    /// A private function that does nothing and has no prototype: see `serves` and `runs_on`.
    pub(crate) probe: Cell<sys::napi_ref>,
    /// All references, deleted in the end: the engine's own end leaves each one's memory behind.
    pub(crate) references: RefCell<Vec<sys::napi_ref>>,
    pub(crate) is_released: Cell<bool>,
    pub(crate) raw: sys::napi_env,
}

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
    pub(crate) fn keep_listener(&self) {
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
}

impl Call<'_> {
    /// A reference to a value, until the environment ends: count 1 keeps it alive, 0 does not.
    fn refer(self, value: sys::napi_value, count: u32) -> sys::napi_ref {
        let mut reference = ptr::null_mut();
        // SAFETY: *scope*, *out*.
        unsafe { sys::napi_create_reference(self.raw, value, count, &mut reference) };
        self.env.references.borrow_mut().push(reference);
        reference
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
