//! What a ring keeps for whom.

use super::*;
use crate::memory::Pool;

fn ring(capacity: usize, skips: bool, replay: usize) -> Ring {
    Ring::new(Broadcast { capacity, skips, replay }, &Arc::default()).expect("a little memory")
}

/// Sends a number; the one that had to go for it, -1 for none; nothing when there was no room.
fn push(ring: &mut Ring, number: u8) -> Option<i16> {
    let message = Message::new(&Pool::new(), &[number][..]).expect("a little memory");
    ring.push(message).ok().map(|gone| gone.map_or(-1, |gone| gone.as_slice()[0].into()))
}

/// One receiver's next message, and how many it missed.
fn take(ring: &mut Ring, next: &mut u64) -> Option<(u8, u64)> {
    let got = ring.take(*next)?;
    *next += got.missed + 1;
    Some((got.message.as_slice()[0], got.missed))
}

/// How many messages nobody wants.
fn freed(ring: &mut Ring) -> usize {
    let mut freed = Vec::new();
    assert!(!ring.free_passed(100, &mut freed));
    freed.len()
}

#[test]
fn a_message_goes_when_the_last_one_has_it() {
    let mut ring = ring(2, false, 0);
    let (mut slow, mut quick) = (ring.stand(0), ring.stand(0));
    assert_eq!([push(&mut ring, 1), push(&mut ring, 2), push(&mut ring, 3)], [Some(-1), Some(-1), None]);
    assert_eq!((take(&mut ring, &mut quick), ring.bytes()), (Some((1, 0)), 2));
    assert_eq!(push(&mut ring, 3), None, "the slower one has not got the first");
    assert_eq!((take(&mut ring, &mut slow), ring.bytes()), (Some((1, 0)), 1));
    assert_eq!(push(&mut ring, 3), Some(-1));
    assert_eq!([take(&mut ring, &mut quick), take(&mut ring, &mut quick)], [Some((2, 0)), Some((3, 0))]);
    assert_eq!((take(&mut ring, &mut quick), ring.marks.len()), (None, 2));
}

#[test]
fn one_who_leaves_holds_nobody_up() {
    let mut ring = ring(2, false, 0);
    let (slow, mut quick) = (ring.stand(0), ring.stand(0));
    for number in [1, 2] {
        push(&mut ring, number);
        take(&mut ring, &mut quick);
    }
    ring.move_on(slow, None);
    assert_eq!((freed(&mut ring), ring.bytes(), ring.marks.len()), (2, 0, 0));
    assert_eq!(push(&mut ring, 3), Some(-1));
}

#[test]
fn one_who_lags_goes_on_with_the_oldest() {
    for capacity in [1, 3] {
        let mut ring = ring(capacity, true, 0);
        let (mut slow, mut quick) = (ring.stand(0), ring.stand(0));
        for number in 0..10 {
            let gone = push(&mut ring, number);
            assert_eq!(
                gone,
                Some(if number < capacity as u8 { -1 } else { i16::from(number) - capacity as i16 })
            );
            assert_eq!(take(&mut ring, &mut quick), Some((number, 0)));
        }
        let missed = 10 - capacity as u64;
        assert_eq!(ring.left(slow), (capacity as u64, missed));
        assert_eq!(take(&mut ring, &mut slow), Some((missed as u8, missed)));
    }
}

#[test]
fn the_last_ones_are_replayed_whoever_was_there() {
    let mut ring = ring(2, false, 2);
    assert_eq!([push(&mut ring, 1), push(&mut ring, 2), push(&mut ring, 3)], [Some(-1), Some(-1), Some(1)]);
    assert_eq!((ring.marks.len(), ring.bytes()), (0, 2), "nobody has yet to get them");
    let place = ring.replayed();
    let mut late = ring.stand(place);
    assert_eq!(push(&mut ring, 4), None, "what is replayed is behind as any other message is");
    assert_eq!([take(&mut ring, &mut late), take(&mut ring, &mut late)], [Some((2, 0)), Some((3, 0))]);
    assert_eq!(take(&mut ring, &mut late), None);
    assert_eq!(push(&mut ring, 4), Some(2));
    ring.replay_no_more();
    assert_eq!((freed(&mut ring), take(&mut ring, &mut late)), (1, Some((4, 0))));
}
