//! The law of traffic: whatever the number of threads and the verbs they use, each message arrives
//! once, whole, and in its sender's order.

use std::thread;

use millrace_core::{Flavor, Message, Receiver, Sender, TryRecvError, TrySendError};

use super::stage::{EventLoop, Stage, assert_balanced, endless, move_receiver, move_sender};

/// Messages of one mix of threads.
const MESSAGES: u64 = 12_000;

pub(crate) fn nothing_is_lost_and_nothing_comes_twice(flavor: Flavor) {
    for producers in [1, 2, 4] {
        for consumers in [1, 2, 4] {
            run(flavor, producers, consumers);
        }
    }
}

fn run(flavor: Flavor, producers: u64, consumers: u64) {
    let Stage { near, far, tx, rx } = Stage::new(flavor);
    let each = MESSAGES / producers;
    thread::scope(|scope| {
        for producer in 0..producers {
            let home = EventLoop::new();
            let sender = move_sender(tx.another(), &near, &home);
            scope.spawn(move || produce(&home, &sender, producer, each));
        }
        let consumers: Vec<_> = (0..consumers)
            .map(|consumer| {
                let home = EventLoop::new();
                let receiver = move_receiver(rx.another(), &far, &home);
                scope.spawn(move || consume(&home, &receiver, consumer, producers))
            })
            .collect();
        drop(tx);
        let mut seen = vec![vec![false; each as usize]; producers as usize];
        for consumer in consumers {
            for (producer, sequence) in consumer.join().unwrap() {
                let seen = &mut seen[producer as usize][sequence as usize];
                assert!(!*seen, "message {sequence} of {producer} came twice");
                *seen = true;
            }
        }
        assert!(seen.iter().flatten().all(|seen| *seen), "a message was lost");
    });
    let stats = rx.snapshot().stats();
    assert_balanced(&stats);
    assert_eq!((stats.sent, stats.length, stats.senders), (each * producers, 0, 0));
}

/// Sends with a verb that goes round from message to message.
fn produce(home: &EventLoop, sender: &Sender, producer: u64, each: u64) {
    for sequence in 0..each {
        let message = Message::new(sender.pool(), &body(producer, sequence)[..]).unwrap();
        match (sequence / 16 + producer) % 3 {
            0 => sender.send(message, endless(&mut || true)).unwrap(),
            1 => home.send(sender, message),
            _ => {
                let mut attempt = sender.try_send(message);
                while let Err(TrySendError::Full(back)) = attempt {
                    thread::yield_now();
                    attempt = sender.try_send(back);
                }
                attempt.unwrap();
            }
        }
    }
}

/// Receives with a verb that goes round too, until closed; which messages came.
fn consume(home: &EventLoop, receiver: &Receiver, consumer: u64, producers: u64) -> Vec<(u64, u64)> {
    let mut came = Vec::new();
    let mut latest = vec![None; producers as usize];
    for round in 0.. {
        let message = match (round / 16 + consumer) % 3 {
            0 => receiver.recv(endless(&mut || true)).ok(),
            1 => home.recv(receiver),
            _ => loop {
                match receiver.try_recv() {
                    Ok(message) => break Some(message),
                    Err(TryRecvError::Closed) => break None,
                    Err(TryRecvError::Empty) => thread::yield_now(),
                }
            },
        };
        let Some(message) = message else { break };
        let field = |at: usize| u64::from_le_bytes(message.as_slice()[at..at + 8].try_into().unwrap());
        let (producer, sequence) = (field(0), field(8));
        assert!(message.as_slice() == body(producer, sequence), "{sequence} of {producer} came changed");
        receiver.recycle(message);
        let latest = &mut latest[producer as usize];
        assert!(*latest < Some(sequence), "{sequence} of {producer} came after {latest:?}");
        *latest = Some(sequence);
        came.push((producer, sequence));
    }
    came
}

/// Who sent it and when, and bytes that follow from both; some bodies need a block.
fn body(producer: u64, sequence: u64) -> Vec<u8> {
    let mut body = [producer.to_le_bytes(), sequence.to_le_bytes()].concat();
    body.extend((0..sequence * 7 % 150).map(|at| (at + producer + sequence) as u8));
    body
}
