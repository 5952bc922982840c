//! The places of one environment's loans: which memory has a buffer, and who has a view of it. `loans.rs` says how memory
//! goes from one state to another.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ptr;
use std::sync::Arc;

use millrace_core::{Block, Pool};
use napi::sys;

/// A thread keeps at most this many homes, and so many bytes that they stand for, but a few whatever their size.
const MOST_HOMES: usize = 1024;
const MOST_HOME_BYTES: usize = 128 << 20;
const FEW_HOMES: usize = 8;
/// Who has the view.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holder {
    /// The caller, by way of a ref, to which the memory comes back.
    Ref,
    /// The caller alone.
    Caller,
}

pub(crate) enum State {
    /// Nobody has a view.
    Home,
    Lent {
        block: Block,
        pool: Arc<Pool>,
        holder: Holder,
    },
    /// A send has the block, of which the caller has a view until that is accepted.
    Away,
}

/// One stretch of memory that has a buffer.
pub(crate) struct Place {
    pub(crate) start: usize,
    pub(crate) len: usize,
    /// Tells it from others that were here before: a finalizer may come late.
    serial: u64,
    pub(crate) state: State,
    /// Weak: the buffer that was lent. Null where nobody needs to know what became of it.
    pub(crate) watched: sys::napi_ref,
}

/// Names a loan for as long as there is one.
#[derive(Clone, Copy)]
pub(crate) struct LoanName {
    pub(crate) index: u32,
    serial: u64,
    /// Bytes of it.
    pub(crate) len: usize,
}

/// The places of one environment.
#[derive(Default)]
pub(crate) struct Loans {
    pub(crate) places: Vec<Option<Place>>,
    free: Vec<u32>,
    by_start: HashMap<usize, u32, BuildHasherDefault<AddressHasher>>,
    serials: u64,
    /// Homes, and the bytes that they stand for.
    pub(crate) homes: usize,
    pub(crate) home_bytes: usize,
    /// Bytes that the caller has, who may never give them back.
    pub(crate) out: usize,
    /// Whether buffers can be moved, so that there are homes.
    pub(crate) moves: bool,
}

/// Addresses of blocks are multiples of 64, and differ well enough in what is left.
#[derive(Default)]
struct AddressHasher(u64);

impl Hasher for AddressHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {
        unreachable!("addresses are numbers")
    }

    fn write_usize(&mut self, address: usize) {
        self.0 = (address as u64 >> 6).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl Loans {
    pub(crate) fn place(&mut self, LoanName { index, serial, .. }: LoanName) -> Option<&mut Place> {
        self.places.get_mut(index as usize)?.as_mut().filter(|place| place.serial == serial)
    }

    /// The home over exactly these bytes, if there is one.
    pub(crate) fn home_of(&self, start: usize, len: usize) -> Option<LoanName> {
        let index = *self.by_start.get(&start)?;
        let place = self.places[index as usize].as_ref()?;
        (place.len == len && matches!(place.state, State::Home)).then_some(LoanName {
            index,
            serial: place.serial,
            len,
        })
    }

    /// The loan of exactly these bytes that the caller has and no ref.
    pub(crate) fn held_by_caller(&self, start: usize, len: usize) -> Option<LoanName> {
        let index = *self.by_start.get(&start)?;
        let place = self.places[index as usize].as_ref()?;
        let held = matches!(place.state, State::Lent { holder: Holder::Caller, .. });
        (place.len == len && held).then_some(LoanName { index, serial: place.serial, len })
    }

    /// A new place, in that of the home which begins there, if one does.
    pub(crate) fn reserve(&mut self, start: usize, len: usize) -> Option<LoanName> {
        self.serials += 1;
        let serial = self.serials;
        if let Some(index) = self.by_start.get(&start).copied() {
            self.remove(index);
        }
        let place = Place { start, len, serial, state: State::Away, watched: ptr::null_mut() };
        let index = match self.free.pop() {
            Some(index) => index,
            None => {
                let index = u32::try_from(self.places.len()).ok().filter(|index| *index < 1 << 30)?;
                self.places.push(None);
                index
            }
        };
        self.places[index as usize] = Some(place);
        self.by_start.insert(start, index);
        Some(LoanName { index, serial, len })
    }

    pub(crate) fn remove(&mut self, index: u32) -> Option<Place> {
        let place = self.places.get_mut(index as usize)?.take()?;
        self.count(Kind::of(&place.state), place.len, -1);
        self.by_start.remove(&place.start);
        self.free.push(index);
        Some(place)
    }

    /// Makes room for one more home of `len` bytes, where there is none: no homes are left then.
    pub(crate) fn make_room(&mut self, len: usize) -> bool {
        let few = self.homes < FEW_HOMES;
        let full = self.homes >= MOST_HOMES || (!few && self.home_bytes + len > MOST_HOME_BYTES);
        if full {
            self.drop_homes();
        }
        full
    }

    pub(crate) fn drop_homes(&mut self) {
        for index in 0..self.places.len() as u32 {
            if matches!(self.places[index as usize], Some(Place { state: State::Home, .. })) {
                self.remove(index);
            }
        }
    }

    /// Sets a place's state; what it was before.
    pub(crate) fn turn(&mut self, name: LoanName, state: State) -> Option<State> {
        let place = self.place(name)?;
        let len = place.len;
        let (was, is) = (Kind::of(&place.state), Kind::of(&state));
        let before = std::mem::replace(&mut place.state, state);
        self.count(was, len, -1);
        self.count(is, len, 1);
        Some(before)
    }

    fn count(&mut self, kind: Kind, len: usize, by: isize) {
        match kind {
            Kind::Home => {
                self.homes = self.homes.wrapping_add_signed(by);
                self.home_bytes = self.home_bytes.wrapping_add_signed(by * len as isize);
            }
            Kind::Out => self.out = self.out.wrapping_add_signed(by * len as isize),
            Kind::Other => {}
        }
    }

    /// The environment ends, and its references with it.
    pub(crate) fn end(&mut self, raw: sys::napi_env) {
        for place in self.places.iter_mut().flatten() {
            unwatch(raw, place);
        }
    }
}

/// What is counted of a state.
#[derive(Clone, Copy)]
enum Kind {
    Home,
    Out,
    Other,
}

impl Kind {
    fn of(state: &State) -> Self {
        match state {
            State::Home => Self::Home,
            State::Lent { holder: Holder::Caller, .. } => Self::Out,
            _ => Self::Other,
        }
    }
}

pub(crate) fn unwatch(raw: sys::napi_env, place: &mut Place) {
    let watched = std::mem::replace(&mut place.watched, ptr::null_mut());
    if !watched.is_null() {
        // SAFETY: made in `watch`, and deleted once, on the environment's thread.
        unsafe { sys::napi_delete_reference(raw, watched) };
    }
}

impl State {
    pub(crate) fn into_block(self) -> Option<(Block, Arc<Pool>)> {
        match self {
            Self::Lent { block, pool, .. } => Some((block, pool)),
            _ => None,
        }
    }
}
