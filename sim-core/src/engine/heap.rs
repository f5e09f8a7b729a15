//! A four-ary heap of 128-bit keys, smallest first. Four children to a node: half as deep as a binary heap, and the four lie in
//! one cache line (`LaMarca` and Ladner, "The influence of caches on the performance of heaps", 1996).

/// Children of a node.
const ARITY: usize = 4;

/// Keys, smallest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Heap {
    keys: Vec<u128>,
}

impl Heap {
    /// Number of keys.
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// The smallest key.
    #[inline(always)]
    pub(super) fn first(&self) -> Option<u128> {
        self.keys.first().copied()
    }

    /// All keys, in no order.
    pub(super) fn keys(&self) -> &[u128] {
        &self.keys
    }

    /// Adds a key.
    #[inline(always)]
    pub(super) fn push(&mut self, key: u128) {
        let mut hole = self.keys.len();
        self.keys.push(key);
        while hole > 0 {
            let parent = (hole - 1) / ARITY;
            if self.keys[parent] <= key {
                break;
            }
            self.keys[hole] = self.keys[parent];
            hole = parent;
        }
        self.keys[hole] = key;
    }

    /// Takes the smallest key out.
    #[inline(always)]
    pub(super) fn pop(&mut self) -> Option<u128> {
        let last = self.keys.pop()?;
        let Some(&first) = self.keys.first() else {
            return Some(last);
        };
        self.sink(0, last);
        Some(first)
    }

    /// Takes the smallest key out and puts another one in, in one go.
    #[inline(always)]
    pub(super) fn replace_first(&mut self, key: u128) {
        self.sink(0, key);
    }

    /// Puts `key` where the hole is, or deeper.
    #[inline(always)]
    fn sink(&mut self, mut hole: usize, key: u128) {
        loop {
            let child = ARITY * hole + 1;
            let end = self.keys.len().min(child + ARITY);
            let Some((mut smallest, mut least)) = self.keys.get(child).map(|&key| (child, key))
            else {
                break;
            };
            for other in child + 1..end {
                let theirs = self.keys[other];
                (smallest, least) = if theirs < least {
                    (other, theirs)
                } else {
                    (smallest, least)
                };
            }
            if key <= least {
                break;
            }
            self.keys[hole] = least;
            hole = smallest;
        }
        self.keys[hole] = key;
    }

    /// Keeps only the keys that `keep` says.
    pub(super) fn retain(&mut self, keep: impl FnMut(&u128) -> bool) {
        self.keys.retain(keep);
        // An ascending list is a heap.
        self.keys.sort_unstable();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_out_in_order() {
        let mut heap = Heap::default();
        let mut x: u128 = 1;
        let mut keys = Vec::new();
        for _ in 0..2000 {
            x = x
                .wrapping_mul(6_364_136_223_846_793_005_u128)
                .wrapping_add(1_442_695_040_888_963_407);
            keys.push(x >> 40);
            heap.push(x >> 40);
        }
        heap.retain(|key| key % 3 != 0);
        keys.retain(|key| key % 3 != 0);
        keys.sort_unstable();
        assert_eq!(heap.len(), keys.len());
        assert_eq!(heap.first(), keys.first().copied());
        let out: Vec<u128> = std::iter::from_fn(|| heap.pop()).collect();
        assert_eq!(out, keys);
    }
}
