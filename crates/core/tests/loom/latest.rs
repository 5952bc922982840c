//! The interleavings of a triple buffer's ends. The crate underneath is not modelled: its swaps are one
//! step here. Taken out by hand, and seen to fail:
//!
//! | taken out | fails |
//! | --- | --- |
//! | `pushed` in `Input::publish`, or its fence | a publish rings a wait being registered |
//! | the look at the phase before the value in `Output::look` | the last value is told before the close |

use loom::thread;
use millrace_core::{Environment, Input, Output, RecvError, Settings, Source, triple_buffer};

use super::{endless, explore};

fn stage() -> (Input, Output) {
    let environment = Environment::new(|| ());
    let (input, output) = triple_buffer(8, Settings::default(), &environment).unwrap();
    let far = Environment::new(|| ());
    let tickets = millrace_core::Tickets::new();
    let name = tickets.make(millrace_core::AnyEnd::Output(output), environment.id(), false);
    match tickets.redeem(&[name], &far).unwrap().remove(0) {
        millrace_core::AnyEnd::Output(output) => (input, output),
        _ => unreachable!("an output's ticket makes an output"),
    }
}

fn write(input: &mut Input, number: u8) -> bool {
    input.write(Source::from(&[number][..])).is_ok()
}

#[test]
fn a_publish_rings_a_wait_being_registered() {
    explore(3, || {
        let (mut input, mut output) = stage();
        let reader = thread::spawn(move || {
            assert_eq!(output.changed(endless(&mut || true)), Ok(()));
            assert!(output.update());
            output
        });
        assert!(write(&mut input, 1));
        drop(reader.join().unwrap());
    });
}

#[test]
fn the_last_value_is_told_before_the_close() {
    explore(3, || {
        let (mut input, mut output) = stage();
        let reader = thread::spawn(move || {
            assert_eq!(output.changed(endless(&mut || true)), Ok(()));
            assert!(output.update());
            assert_eq!(output.changed(endless(&mut || true)), Err(RecvError::Closed));
            assert!(!output.update(), "nothing was left unread");
        });
        assert!(write(&mut input, 1));
        drop(input);
        reader.join().unwrap();
    });
}
