//! What Rust does without Node, on the channel that millrace is built on and in millrace's own core: the limits in
//! `npm run bench`.
//!
//! Reads orders from its input, one a line, words of the form `name=value` after the kind, and answers each with a line of
//! JSON. Ends with its input.
//!
//! ```text
//! one-way size=64 window=1024 count=100000 senders=1 receivers=1 wait=try backoff=none
//! ping-pong size=64 count=1000 gap=0 wait=block backoff=long
//! memcpy size=65536 count=10000 blocks=1
//! latest size=64 count=200000
//! ```

mod copying;
mod latest;
mod one_way;
mod order;
mod patience;
mod payload;
mod round_trip;

use std::io::{self, BufRead, Write};

use order::Order;

fn main() -> io::Result<()> {
    let mut output = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let order = Order::parse(&line?);
        let answer = match order.kind() {
            "one-way" => one_way::run(&order),
            "ping-pong" => round_trip::run(&order),
            "memcpy" => copying::run(&order),
            "latest" => latest::run(&order),
            other => panic!("expected a kind of measurement, received {other}"),
        };
        writeln!(output, "{answer}")?;
        output.flush()?;
    }
    Ok(())
}
