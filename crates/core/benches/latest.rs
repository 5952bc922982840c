//! The triple buffer's two verbs on one thread: what the core alone costs.
//! Run by `cargo bench -p millrace-core --bench latest`; at most 40 ns each. What an update costs that
//! finds a value is the last row less the first: it needs a value each time.
#![expect(clippy::unwrap_used, reason = "a bench that cannot go on is broken")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use millrace_core::{Environment, Input, Output, Settings, triple_buffer};

fn ends() -> (Input, Output) {
    triple_buffer(64, Settings::default(), &Environment::new(|| ())).unwrap()
}

fn publish(criterion: &mut Criterion) {
    let (mut input, _output) = ends();
    criterion.bench_function("latest/publish", |bencher| bencher.iter(|| black_box(input.publish(64))));
}

fn update(criterion: &mut Criterion) {
    let (mut input, mut output) = ends();
    criterion.bench_function("latest/update that finds nothing", |bencher| {
        bencher.iter(|| black_box(output.update()));
    });
    criterion.bench_function("latest/publish, and update that finds it", |bencher| {
        bencher.iter(|| {
            let replaced = input.publish(64);
            (black_box(replaced), black_box(output.update()))
        });
    });
}

criterion_group!(latest, publish, update);
criterion_main!(latest);
