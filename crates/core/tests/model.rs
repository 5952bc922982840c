//! Random scripts of verbs, played in one thread on a channel and on a model made of two `VecDeque`s:
//! after every step both must answer, tell and count the same.
#![cfg(not(loom))]
#![expect(clippy::unwrap_used, reason = "a script that cannot go on has found something")]

#[path = "model/expected.rs"]
mod expected;
#[path = "model/verbs.rs"]
mod verbs;
#[path = "model/world.rs"]
mod world;

use millrace_core::Flavor;
use proptest::prelude::*;

/// One step of a script. A number picks from what there is at that moment, modulo how much there is.
#[derive(Debug, Clone, Copy)]
enum Step {
    TrySend(usize),
    Send(usize),
    TryRecv(usize),
    Recv { receiver: usize, told: bool },
    GiveBack,
    Drained(usize),
    CancelWait(usize),
    TakeOutcome(usize),
    DropWait(usize),
    CloneSender(usize),
    CloneReceiver(usize),
    MoveSender { sender: usize, to: usize },
    MoveReceiver { receiver: usize, to: usize },
    CloseSender(usize),
    CloseReceiver(usize),
    End(usize),
    Cancel(usize),
    EndThread(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let n = 0..64_usize;
    prop_oneof![
        12 => n.clone().prop_map(Step::TrySend),
        14 => n.clone().prop_map(Step::Send),
        10 => n.clone().prop_map(Step::TryRecv),
        14 => (n.clone(), any::<bool>()).prop_map(|(receiver, told)| Step::Recv { receiver, told }),
        6 => Just(Step::GiveBack),
        5 => n.clone().prop_map(Step::Drained),
        5 => n.clone().prop_map(Step::CancelWait),
        8 => n.clone().prop_map(Step::TakeOutcome),
        5 => n.clone().prop_map(Step::DropWait),
        2 => n.clone().prop_map(Step::CloneSender),
        2 => n.clone().prop_map(Step::CloneReceiver),
        3 => (n.clone(), n.clone()).prop_map(|(sender, to)| Step::MoveSender { sender, to }),
        3 => (n.clone(), n.clone()).prop_map(|(receiver, to)| Step::MoveReceiver { receiver, to }),
        2 => n.clone().prop_map(Step::CloseSender),
        2 => n.clone().prop_map(Step::CloseReceiver),
        1 => n.clone().prop_map(Step::End),
        1 => n.clone().prop_map(Step::Cancel),
        1 => n.prop_map(Step::EndThread),
    ]
}

fn flavor() -> impl Strategy<Value = Flavor> {
    prop_oneof![
        Just(Flavor::Bounded(1)),
        Just(Flavor::Bounded(2)),
        Just(Flavor::Bounded(5)),
        Just(Flavor::Unbounded),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_channel_does_as_its_model(flavor in flavor(), script in prop::collection::vec(step(), 1..120)) {
        let mut world = world::World::new(flavor);
        for step in script {
            if !world.play(step) {
                break;
            }
            world.compare();
        }
        world.compare_outcomes();
    }
}
