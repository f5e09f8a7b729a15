//! Sums of the first so many of a row of numbers that change.
//!
//! Fenwick's tree ("A new data structure for cumulative frequency tables", Software: Practice and Experience 24, 1994): entry i,
//! from 1 on, holds the sum of the last (i & −i) numbers up to number i, so that a change and a sum touch log₂ n entries.

/// The row.
#[derive(Debug, Clone, Default)]
pub(super) struct Fenwick {
    entries: Vec<u64>,
}

impl Fenwick {
    /// A row of these numbers and of zeros up to `length`.
    pub(super) fn new(numbers: impl Iterator<Item = u64>, length: usize) -> Self {
        let mut entries: Vec<u64> = std::iter::once(0).chain(numbers).collect();
        entries.resize(length + 1, 0);
        for at in 1..entries.len() {
            let above = at + lowest_bit(at);
            if above < entries.len() {
                entries[above] += entries[at];
            }
        }
        Self { entries }
    }

    /// How many numbers there are.
    pub(super) fn len(&self) -> usize {
        self.entries.len().saturating_sub(1)
    }

    /// Adds `amount` to number `at`, from 0 on.
    #[inline]
    pub(super) fn add(&mut self, at: usize, amount: u64) {
        self.change(at, |entry| entry + amount);
    }

    /// Takes `amount` from number `at`, from 0 on.
    #[inline]
    pub(super) fn take(&mut self, at: usize, amount: u64) {
        self.change(at, |entry| entry - amount);
    }

    #[inline]
    fn change(&mut self, at: usize, to: impl Fn(u64) -> u64) {
        let mut at = at + 1;
        while at < self.entries.len() {
            self.entries[at] = to(self.entries[at]);
            at += lowest_bit(at);
        }
    }

    /// The sum of the first `count` numbers.
    #[inline]
    pub(super) fn sum(&self, count: usize) -> u64 {
        let (mut at, mut sum) = (count, 0);
        while at > 0 {
            sum += self.entries[at];
            at -= lowest_bit(at);
        }
        sum
    }
}

#[inline(always)]
const fn lowest_bit(at: usize) -> usize {
    at & at.wrapping_neg()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_of_the_numbers() {
        let mut numbers = [3_u64, 0, 7, 1, 1, 9, 2, 0, 5, 4, 0];
        let mut tree = Fenwick::new(numbers[..8].iter().copied(), numbers.len());
        tree.add(8, 5);
        tree.add(9, 10);
        tree.take(9, 6);
        numbers[9] = 4;
        assert_eq!(tree.len(), 11);
        for count in 0..=numbers.len() {
            assert_eq!(tree.sum(count), numbers[..count].iter().sum::<u64>());
        }
    }
}
