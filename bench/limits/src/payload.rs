//! What every message says, as in bench/messages/payload.mjs: its number at the front, its sender, and the number again at the end.

use crossbeam_channel::{Receiver, Sender, bounded};

/// The longest message that lies in the queue itself, as millrace's do.
pub(crate) const INLINE: usize = 64;

/// Bytes on their way.
pub(crate) trait Carried: Send + Sized + 'static {
    /// Where the memory of what was received goes back to.
    type Pool: Clone + Send;

    fn pool(window: usize) -> Self::Pool;
    /// A copy of `source`.
    fn copied(source: &[u8], pool: &Self::Pool) -> Self;
    fn bytes(&self) -> &[u8];
    fn release(self, pool: &Self::Pool);
}

/// A short message, in the queue's slot.
pub(crate) struct Short {
    length: usize,
    bytes: [u8; INLINE],
}

impl Carried for Short {
    type Pool = ();

    fn pool(_window: usize) {}

    fn copied(source: &[u8], (): &()) -> Self {
        let mut bytes = [0; INLINE];
        bytes[..source.len()].copy_from_slice(source);
        Self { length: source.len(), bytes }
    }

    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    fn release(self, (): &()) {}
}

/// A long message, in a block that is used again.
pub(crate) struct Long(Box<[u8]>);

#[derive(Clone)]
pub(crate) struct Blocks(Sender<Box<[u8]>>, Receiver<Box<[u8]>>);

impl Carried for Long {
    type Pool = Blocks;

    fn pool(window: usize) -> Blocks {
        let (tx, rx) = bounded(window + 2);
        Blocks(tx, rx)
    }

    fn copied(source: &[u8], Blocks(_, free): &Blocks) -> Self {
        let mut block = free.try_recv().unwrap_or_else(|_| vec![0; source.len()].into());
        block.copy_from_slice(source);
        Self(block)
    }

    fn bytes(&self) -> &[u8] {
        &self.0
    }

    fn release(self, Blocks(free, _): &Blocks) {
        // A pool that is full lets the block go.
        let _ = free.try_send(self.0);
    }
}

pub(crate) fn stamp(bytes: &mut [u8], number: u32, sender: usize) {
    bytes[..4].copy_from_slice(&number.to_le_bytes());
    bytes[4] = u8::try_from(sender).expect("few senders");
    let end = bytes.len() - 1;
    bytes[end] = number.to_le_bytes()[0] ^ 0x5a;
}

pub(crate) fn number_of(bytes: &[u8]) -> u32 {
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

pub(crate) fn sender_of(bytes: &[u8]) -> usize {
    bytes[4].into()
}

/// Panics unless `bytes` are message `number`, `size` bytes long.
pub(crate) fn check(bytes: &[u8], number: u32, size: usize) {
    assert_eq!(number_of(bytes), number);
    assert_eq!(bytes.last(), Some(&(number.to_le_bytes()[0] ^ 0x5a)));
    assert_eq!(bytes.len(), size);
}
