//! An index for any keys: open addressing with linear probing, at most half full.
//!
//! An entry is a slot and 32 bits of the key's hash. The bits say where the entry would like to be, so that the table grows
//! and closes gaps without looking at keys, and a stranger is told from the entries it meets without following them: only one
//! of 2³² deceives. A removal moves later entries back instead of leaving a tombstone (Knuth, The Art of Computer Programming
//! 6.4, algorithm R).
//!
//! The hash is fixed, so that results never depend on a seed; the order of entries never shows.

use super::Slot;
use super::cache::NONE;
use super::index::{Index, Node};

#[derive(Debug, Clone, Copy)]
struct Entry {
    /// The upper half of the key's hash.
    tag: u32,
    slot: Slot,
}

const EMPTY: Entry = Entry { tag: 0, slot: NONE };
const SMALLEST: usize = 16;
/// Digits of π and of the golden ratio: numbers without a pattern.
const SALT: u64 = 0x243f_6a88_85a3_08d3;
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

/// A hash table whose keys lie in the nodes.
#[derive(Debug, Clone)]
pub(super) struct Hashed {
    /// A power of two of them.
    entries: Vec<Entry>,
    /// What is left of a tag's 32 bits once the place is taken off.
    shift: u32,
    len: usize,
}

impl Default for Hashed {
    fn default() -> Self {
        Self::with_places(SMALLEST)
    }
}

impl Hashed {
    fn with_places(places: usize) -> Self {
        Self {
            entries: vec![EMPTY; places],
            shift: 32 - places.trailing_zeros(),
            len: 0,
        }
    }

    #[inline(always)]
    fn mask(&self) -> usize {
        self.entries.len() - 1
    }

    #[inline(always)]
    fn home(&self, tag: u32) -> usize {
        (tag >> self.shift) as usize
    }

    #[inline(always)]
    fn put(&mut self, entry: Entry) {
        let mut at = self.home(entry.tag);
        while self.entries[at].slot != NONE {
            at = (at + 1) & self.mask();
        }
        self.entries[at] = entry;
        self.len += 1;
    }

    #[cold]
    fn grow(&mut self) {
        let mut larger = Self::with_places(2 * self.entries.len());
        for &entry in self.entries.iter().filter(|entry| entry.slot != NONE) {
            larger.put(entry);
        }
        *self = larger;
    }
}

impl Index for Hashed {
    type Key = u64;

    const HAS_FIXED_SLOTS: bool = false;

    fn fixed_slots(&self) -> u32 {
        0
    }

    #[inline(always)]
    fn key(key: u64, _slot: Slot) -> u64 {
        key
    }

    #[inline(always)]
    fn find(&self, key: u64, nodes: &[Node<u64>], _marks: &[u8]) -> Slot {
        let tag = tag(key);
        let mut at = self.home(tag);
        loop {
            let entry = self.entries[at];
            let found =
                entry.slot == NONE || (entry.tag == tag && nodes[entry.slot as usize].key == key);
            if found {
                return entry.slot;
            }
            at = (at + 1) & self.mask();
        }
    }

    #[inline(always)]
    fn set(&mut self, key: u64, slot: Slot) -> u64 {
        if 2 * (self.len + 1) > self.entries.len() {
            self.grow();
        }
        self.put(Entry {
            tag: tag(key),
            slot,
        });
        key
    }

    #[inline(always)]
    fn clear(&mut self, key: u64, slot: Slot) {
        let mask = self.mask();
        let mut hole = self.home(tag(key));
        while self.entries[hole].slot != slot {
            hole = (hole + 1) & mask;
        }
        let mut at = hole;
        loop {
            at = (at + 1) & mask;
            let entry = self.entries[at];
            if entry.slot == NONE {
                break;
            }
            // It may move back if its home is not between the hole and itself.
            let from_home = at.wrapping_sub(self.home(entry.tag)) & mask;
            if from_home >= at.wrapping_sub(hole) & mask {
                self.entries[hole] = entry;
                hole = at;
            }
        }
        self.entries[hole] = EMPTY;
        self.len -= 1;
    }
}

/// 32 bits of a hash: the two halves of a product of 128 bits folded into one, as in wyhash (Wang Yi, 2019).
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "the halves are folded")]
const fn tag(key: u64) -> u32 {
    let product = (key ^ SALT) as u128 * FACTOR as u128;
    ((product as u64 ^ (product >> 64) as u64) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::super::list::Link;
    use super::*;
    use crate::random::mix;

    #[test]
    fn keys_come_and_go_as_in_a_sorted_map() {
        let mut index = Hashed::default();
        let mut nodes = vec![
            Node {
                link: Link::ALONE,
                key: 0
            };
            600
        ];
        let mut there = std::collections::BTreeMap::new();
        let mut random = 1_u64;
        for _ in 0..20_000 {
            random = mix(random.wrapping_add(0x9e37_79b9_7f4a_7c15));
            let slot = u32::try_from(random % 600).unwrap();
            // Among them 0 and the largest of all, and many that begin alike.
            let key = u64::from(slot).wrapping_sub(1);
            if there.remove(&key).is_some() {
                index.clear(key, slot);
            } else {
                nodes[slot as usize].key = index.set(key, slot);
                there.insert(key, slot);
            }
            for probe in [key, key.wrapping_add(7) % 600, u64::MAX] {
                let expected = there.get(&probe).copied().unwrap_or(NONE);
                assert_eq!(index.find(probe, &nodes, &[]), expected);
            }
        }
        assert_eq!(index.len, there.len());
    }
}
