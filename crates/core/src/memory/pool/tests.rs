//! What a pool keeps, and what it gives.

use super::*;

#[test]
fn a_recycled_block_is_the_next_one_used() {
    let pool = Pool::new();
    let mut first = pool.copy(Source::from(&[7; 1000][..])).unwrap();
    let place = first.as_mut_ptr();
    pool.recycle(first);
    let mut second = pool.copy(Source::from(&[8; 700][..])).unwrap();
    assert_eq!(second.as_mut_ptr(), place);
    assert_eq!(second.as_slice(), &[8; 700]);
    assert_eq!(pool.free_bytes(), 0);
}

#[test]
fn a_large_block_serves_lengths_down_to_half_of_its_own() {
    let pool = Pool::new();
    pool.recycle(pool.copy(Source::from(&vec![1; 1 << 20][..])).unwrap());
    let small = pool.copy(Source::from(&vec![2; 200_000][..])).unwrap();
    assert_eq!(pool.free_bytes(), 1 << 20);
    let fitting = pool.copy(Source::from(&vec![3; 600_000][..])).unwrap();
    assert_eq!(pool.free_bytes(), 0);
    assert_eq!((small.len(), fitting.len()), (200_000, 600_000));
}

#[test]
fn free_blocks_are_bounded_in_bytes() {
    let pool = Pool::new();
    let blocks: Vec<_> = (0..10).map(|_| pool.copy(Source::from(&vec![0; 6 << 20][..])).unwrap()).collect();
    for block in blocks {
        pool.recycle(block);
    }
    assert!(pool.free_bytes() <= LARGE_LIMIT);
    assert!(pool.free_bytes() >= LARGE_LIMIT / 2);
}

#[test]
fn a_slot_goes_back_to_its_own_channel_whoever_recycles_it() {
    let (home, other) = (Pool::of_slots(1, 200, false).unwrap(), Pool::new());
    other.recycle(home.copy(Source::from(&[1; 150][..])).unwrap());
    assert_eq!((home.free_bytes(), other.free_bytes()), (256, 0));
    home.recycle(other.copy(Source::from(&[1; 150][..])).unwrap());
    assert_eq!((home.free_bytes(), other.free_bytes()), (256, 0));
}

#[test]
fn a_blank_block_shows_no_byte_that_was_never_written() {
    let pool = Pool::new();
    pool.recycle(pool.copy(Source::from(&[7; 100][..])).unwrap());
    let mut used = pool.blank(128).unwrap();
    assert_eq!((&used.as_slice()[..100], &used.as_slice()[100..]), (&[7; 100][..], &[0; 28][..]));
    used.set_len(3);
    assert_eq!(used.as_slice(), &[7; 3]);
    used.set_len(128);
    assert_eq!(used.as_slice()[..100], [7; 100]);
    assert_eq!(pool.blank(100_000).unwrap().as_slice(), vec![0; 100_000]);
    assert_eq!(pool.blank(usize::MAX).unwrap_err(), NoMemory { bytes: usize::MAX });
}

#[test]
fn eight_of_the_largest_used_in_place_are_kept() {
    let pool = Pool::new();
    let long = LARGE_LIMIT * 2;
    let blocks = [(); 9].map(|()| pool.blank(long).unwrap());
    for block in blocks {
        pool.recycle(block);
    }
    assert_eq!(pool.free_bytes(), 8 * long);
    pool.trim();
    assert_eq!(pool.free_bytes(), 0);
}

#[test]
fn a_forwarded_block_goes_home() {
    let (home, away) = (Pool::new(), Pool::new());
    let mut block = home.blank(1000).unwrap();
    block.belongs_to(&home);
    block.belongs_to(&away);
    away.recycle(block);
    assert_eq!((home.free_bytes(), away.free_bytes()), (1024, 0));
    away.recycle(home.blank(1000).unwrap());
    assert_eq!((home.free_bytes(), away.free_bytes()), (0, 1024));
}

#[test]
fn every_length_has_a_class_that_holds_it() {
    for len in 1..=LARGEST {
        assert!(SMALLEST << class_of(len).unwrap() >= len, "length {len}");
    }
    assert_eq!(class_of(LARGEST + 1), None);
}
