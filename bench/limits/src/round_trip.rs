//! One message and its answer at a time, between two threads.

use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::bounded;

use crate::order::Order;
use crate::payload::{Carried, INLINE, Long, Short, check, stamp};

pub(crate) fn run(order: &Order) -> String {
    if order.number::<usize>("size") <= INLINE { answer::<Short>(order) } else { answer::<Long>(order) }
}

fn answer<T: Carried>(order: &Order) -> String {
    let size: usize = order.number("size");
    let count: u32 = order.number("count");
    let gap = Duration::from_secs_f64(order.number::<f64>("gap") / 1e3);
    let patience = order.patience();
    let (there, from_there) = bounded::<T>(1);
    let (back, from_back) = bounded::<T>(1);
    let pool = T::pool(1);
    let echo_pool = pool.clone();

    let echo = thread::spawn(move || {
        for number in 0..count {
            let message = patience.receive(&from_there).expect("a ping");
            check(message.bytes(), number, size);
            let answer = T::copied(message.bytes(), &echo_pool);
            message.release(&echo_pool);
            patience.send(&back, answer);
        }
    });
    let mut source = vec![0; size];
    let mut samples = Vec::with_capacity(count as usize);
    for number in 0..count {
        if !gap.is_zero() {
            thread::sleep(gap);
        }
        stamp(&mut source, number, 0);
        let began = Instant::now();
        patience.send(&there, T::copied(&source, &pool));
        let message = patience.receive(&from_back).expect("an answer");
        samples.push((began.elapsed().as_secs_f64() * 1e3).to_string());
        check(message.bytes(), number, size);
        message.release(&pool);
    }
    echo.join().expect("every message is right");
    format!("{{\"count\":{count},\"samples\":[{}]}}", samples.join(","))
}
