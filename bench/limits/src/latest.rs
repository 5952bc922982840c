//! What the core's triple buffer costs in one thread, without the border: no bytes are written or read.

use std::hint::black_box;
use std::time::Instant;

use millrace_core::{Environment, Settings, triple_buffer};

use crate::order::Order;

pub(crate) fn run(order: &Order) -> String {
    let size: usize = order.number("size");
    let count: u32 = order.number("count");
    let environment = Environment::new(|| ());
    let (mut input, mut output) =
        triple_buffer(size, Settings::default(), &environment).expect("memory for three slots");
    let publish = nanoseconds(count, || {
        black_box(input.publish(size)).expect("the output is there");
    });
    // An update that finds a value needs one each time.
    let both = nanoseconds(count, || {
        black_box(input.publish(size)).expect("the output is there");
        assert!(black_box(output.update()), "a published value was not there");
    });
    format!("{{\"publish\":{publish},\"update\":{}}}", both - publish)
}

/// How long one of so many calls takes.
fn nanoseconds(count: u32, mut call: impl FnMut()) -> f64 {
    let began = Instant::now();
    (0..count).for_each(|_| call());
    began.elapsed().as_secs_f64() * 1e9 / f64::from(count)
}
