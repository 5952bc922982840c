//! Messages from some threads to others over one bounded channel.

use std::sync::Barrier;
use std::thread;
use std::time::Instant;

use crossbeam_channel::{Receiver, Sender, bounded};

use crate::order::Order;
use crate::patience::Patience;
use crate::payload::{Carried, INLINE, Long, Short, check, number_of, sender_of, stamp};

#[derive(Clone, Copy)]
struct Plan {
    size: usize,
    /// Messages of each sender.
    count: u32,
    senders: usize,
    patience: Patience,
}

pub(crate) fn run(order: &Order) -> String {
    if order.number::<usize>("size") <= INLINE { carry::<Short>(order) } else { carry::<Long>(order) }
}

fn carry<T: Carried>(order: &Order) -> String {
    let (senders, receivers): (usize, usize) = (order.number("senders"), order.number("receivers"));
    let total: u32 = order.number("count");
    let plan = Plan {
        size: order.number("size"),
        count: total.div_ceil(u32::try_from(senders).expect("few senders")),
        senders,
        patience: order.patience(),
    };
    let window = order.number("window");
    let (tx, rx) = bounded::<T>(window);
    let pool = T::pool(window);
    let ready = Barrier::new(senders + receivers);
    let mut counts = vec![0; senders];
    let seconds = thread::scope(|scope| {
        let producers: Vec<_> = (0..senders)
            .map(|sender| {
                let (tx, pool, ready) = (tx.clone(), pool.clone(), &ready);
                scope.spawn(move || {
                    ready.wait();
                    let began = Instant::now();
                    produce(&plan, sender, &tx, &pool);
                    began
                })
            })
            .collect();
        drop(tx);
        let consumers: Vec<_> = (0..receivers)
            .map(|_| {
                let (rx, pool, ready) = (rx.clone(), pool.clone(), &ready);
                scope.spawn(move || {
                    ready.wait();
                    (consume(&plan, &rx, &pool), Instant::now())
                })
            })
            .collect();
        let began = producers.into_iter().map(|producer| producer.join().expect("a receiver is left"));
        let began = began.min().expect("a sender");
        let mut ended = began;
        for consumer in consumers {
            let (seen, at) = consumer.join().expect("every message is right");
            ended = ended.max(at);
            counts.iter_mut().zip(seen).for_each(|(count, seen)| *count += seen);
        }
        (ended - began).as_secs_f64()
    });
    assert!(counts.iter().all(|count| *count == plan.count), "every message is received once");
    format!("{{\"count\":{},\"seconds\":{seconds}}}", plan.count as usize * senders)
}

fn produce<T: Carried>(plan: &Plan, sender: usize, tx: &Sender<T>, pool: &T::Pool) {
    let mut source = vec![0; plan.size];
    for number in 0..plan.count {
        stamp(&mut source, number, sender);
        plan.patience.send(tx, T::copied(&source, pool));
    }
}

/// How many messages of each sender came.
fn consume<T: Carried>(plan: &Plan, rx: &Receiver<T>, pool: &T::Pool) -> Vec<u32> {
    let mut counts = vec![0; plan.senders];
    let mut next = vec![0; plan.senders];
    while let Some(message) = plan.patience.receive(rx) {
        let number = number_of(message.bytes());
        let sender = sender_of(message.bytes());
        check(message.bytes(), number, plan.size);
        assert!(number >= next[sender], "messages of one sender come in order");
        next[sender] = number + 1;
        counts[sender] += 1;
        message.release(pool);
    }
    counts
}
