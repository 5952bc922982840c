// Faults that are planted to see Miri find them: a file of crates, what stands there exactly once, what stands there
// instead, the test of the core's own that meets it, and what Miri says.

const dealloc = 'unsafe { dealloc(base.as_ptr(), layout) };';
const test = '    #[test]\n    fn a_zeroed_block_is_aligned_and_whole() {';
/** Two threads, the second of which finds the block by a store that orders nothing. */
const race = `    #[test]
    fn a_block_is_handed_over() {
        use std::sync::atomic::{AtomicPtr, Ordering};
        let shared = AtomicPtr::new(ptr::null_mut());
        let mut block = Block::zeroed(64).unwrap();
        block.set_len(64);
        let handed = &mut block;
        std::thread::scope(|threads| {
            threads.spawn(|| {
                handed.fill(Source::from(&[7; 64][..]));
                shared.store(handed, Ordering::Relaxed);
            });
            let found = loop {
                let found: *mut Block = shared.load(Ordering::Relaxed);
                if !found.is_null() {
                    break found;
                }
                std::hint::spin_loop();
            };
            assert_eq!(unsafe { &*found }.as_slice()[0], 7);
        });
    }

`;

export const plants = [
  {
    what: 'a data race: a block handed to another thread by a store that orders nothing',
    file: 'core/src/memory/block.rs',
    edits: [[test, race + test]],
    test: 'a_block_is_handed_over',
    says: /Data race detected/,
  },
  {
    what: 'a use after free: a byte of a block that was freed',
    file: 'core/src/memory/block.rs',
    edits: [[dealloc, `${dealloc}\n            unsafe { base.as_ptr().read_volatile() };`]],
    test: 'a_zeroed_block_is_aligned',
    says: /has been freed/,
  },
  {
    what: 'a leak: blocks that are not freed',
    file: 'core/src/memory/block.rs',
    edits: [[dealloc, 'let _ = (base, dealloc as unsafe fn(_, _));']],
    test: 'a_zeroed_block_is_aligned',
    says: /memory leaked/,
    leaks: true,
  },
  {
    what: 'bytes that were never written, shown',
    file: 'core/src/memory/block.rs',
    edits: [['ptr::write_bytes(start, 0, self.len - self.filled)', 'ptr::write_bytes(start, 0, 0)']],
    test: 'a_blank_block_shows_no_byte',
    says: /uninitialized/,
  },
  {
    what: 'memory that is freed at another place than where it begins',
    file: 'core/src/memory/block.rs',
    edits: [
      [
        '(unsafe { self.start.sub(before.into()) }, Self::loose(self.room))',
        '(self.start, { let _ = before; Self::loose(self.room) })',
      ],
    ],
    test: 'a_zeroed_block_is_aligned',
    says: /dealloc/,
  },
];
