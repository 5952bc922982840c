//! Copying alone, in one thread: into the same block again, or into many in turn.

use std::hint::black_box;
use std::time::Instant;

use crate::order::Order;
use crate::payload::stamp;

pub(crate) fn run(order: &Order) -> String {
    let size: usize = order.number("size");
    let count: u32 = order.number("count");
    let blocks: usize = order.number("blocks");
    let mut source = vec![1; size];
    // Written once before, so that no page is met for the first time.
    let mut targets = vec![vec![2; size]; blocks];
    let began = Instant::now();
    for number in 0..count {
        stamp(&mut source, number, 0);
        let target = &mut targets[number as usize % blocks];
        target.copy_from_slice(black_box(&source));
        black_box(target);
    }
    format!("{{\"count\":{count},\"seconds\":{}}}", began.elapsed().as_secs_f64())
}
