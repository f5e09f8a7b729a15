//! Dense numbers for arbitrary keys, in the order in which they come.
//!
//! A hash table with open addressing, at most half full: an entry is the number of the key that lies there, the keys themselves
//! lie in the order of their numbers. The hash is fixed, so that nothing depends on chance.

use crate::error::InputError;
use crate::random::hash;

/// An entry without a key.
const EMPTY: u32 = u32::MAX;
const SMALLEST: usize = 1024;

/// Numbers 0, 1, 2, … for keys.
#[derive(Debug, Clone, Default)]
pub struct Numbering {
    /// A power of two of them, or none at first.
    entries: Vec<u32>,
    keys: Vec<u64>,
}

impl Numbering {
    /// How many keys have numbers.
    pub fn len(&self) -> u32 {
        // No more are ever given.
        u32::try_from(self.keys.len()).unwrap_or(EMPTY)
    }

    /// Whether none has.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The keys in the order of their numbers.
    pub fn keys(&self) -> &[u64] {
        &self.keys
    }

    /// The number of `key`, the next one if it is new.
    ///
    /// # Errors
    /// At key number 2³² − 1.
    #[inline]
    pub fn number(&mut self, key: u64) -> Result<u32, InputError> {
        if 2 * self.keys.len() >= self.entries.len() {
            self.grow();
        }
        let at = self.place(key);
        if self.entries[at] == EMPTY {
            let number = self.len();
            if number == EMPTY {
                let most = format!("1..={EMPTY} distinct keys");
                return Err(InputError::out_of_range("trace", "a key more", most));
            }
            self.entries[at] = number;
            self.keys.push(key);
        }
        Ok(self.entries[at])
    }

    /// Where `key` lies or would lie.
    #[inline]
    fn place(&self, key: u64) -> usize {
        let mask = self.entries.len() - 1;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "masked to the table's length"
        )]
        let mut at = hash(key) as usize & mask;
        loop {
            let entry = self.entries[at];
            if entry == EMPTY || self.keys[entry as usize] == key {
                return at;
            }
            at = (at + 1) & mask;
        }
    }

    #[cold]
    fn grow(&mut self) {
        let length = (2 * self.entries.len()).max(SMALLEST);
        self.entries.clear();
        self.entries.resize(length, EMPTY);
        for (number, &key) in (0..).zip(&self.keys) {
            let at = self.place(key);
            self.entries[at] = number;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn keys_are_numbered_in_the_order_in_which_they_come() {
        let mut numbering = Numbering::default();
        let mut expected = BTreeMap::new();
        for n in 0..50_000_u64 {
            // Repeats, neighbours, and both ends of the range.
            let key = match n % 4 {
                0 => n / 8,
                1 => u64::MAX - n / 16,
                2 => hash(n / 3),
                _ => n << 32,
            };
            let next = u32::try_from(expected.len()).unwrap();
            let number = *expected.entry(key).or_insert(next);
            assert_eq!(numbering.number(key), Ok(number));
        }
        assert_eq!(numbering.len() as usize, expected.len());
        for (key, number) in expected {
            assert_eq!(numbering.keys()[number as usize], key);
        }
    }
}
