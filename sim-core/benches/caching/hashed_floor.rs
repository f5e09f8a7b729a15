//! LRU for any keys, as one writes it: a hash table of the ecosystem's best make, and a list through a slab.

use std::hash::{BuildHasher, Hasher};

use hashbrown::HashMap;

/// The fastest sensible hash of a number: a multiplication folded.
#[derive(Default, Clone, Copy)]
struct Folded(u64);

impl Hasher for Folded {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {}

    fn write_u64(&mut self, key: u64) {
        let product = u128::from(key ^ 0x243f_6a88_85a3_08d3) * 0x9e37_79b9_7f4a_7c15;
        #[expect(clippy::cast_possible_truncation, reason = "the two halves are folded")]
        {
            self.0 = product as u64 ^ (product >> 64) as u64;
        }
    }
}

impl BuildHasher for Folded {
    type Hasher = Self;

    fn build_hasher(&self) -> Self {
        *self
    }
}

#[derive(Clone, Copy)]
struct Entry {
    key: u64,
    before: u32,
    after: u32,
}

/// How many hits.
pub(crate) fn lru(requests: &[u64], capacity: u32) -> u64 {
    let end = capacity;
    let vacant = Entry {
        key: 0,
        before: end,
        after: end,
    };
    let mut slab = vec![vacant; capacity as usize + 1];
    let mut slots: HashMap<u64, u32, Folded> =
        HashMap::with_capacity_and_hasher(capacity as usize, Folded::default());
    let (mut len, mut hits) = (0, 0);
    for &key in requests {
        let slot = if let Some(&slot) = slots.get(&key) {
            hits += 1;
            unlink(&mut slab, slot);
            slot
        } else {
            let slot = if len == capacity {
                let oldest = slab[end as usize].before;
                unlink(&mut slab, oldest);
                slots.remove(&slab[oldest as usize].key);
                oldest
            } else {
                len += 1;
                len - 1
            };
            slots.insert(key, slot);
            slab[slot as usize].key = key;
            slot
        };
        let head = slab[end as usize].after;
        slab[slot as usize].before = end;
        slab[slot as usize].after = head;
        slab[head as usize].before = slot;
        slab[end as usize].after = slot;
    }
    hits
}

#[inline(always)]
fn unlink(slab: &mut [Entry], slot: u32) {
    let Entry { before, after, .. } = slab[slot as usize];
    slab[before as usize].after = after;
    slab[after as usize].before = before;
}
