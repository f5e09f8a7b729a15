//! How often keys were asked for of late, in four bits each and without the keys.
//!
//! A count-min sketch with ageing, as in TinyLFU (Einziger, Friedman and Manes, "TinyLFU: a highly efficient cache admission policy",
//! ACM Transactions on Storage 13, 2017), laid out as Caffeine's `FrequencySketch`: a word of sixteen counters for each object of
//! the capacity, four counters for each key in up to four words; an estimate is the least of the four; once ten times as many
//! requests were counted as objects fit, all counters are halved.
//!
//! How many objects a large cache or one of bytes will hold is not known at the start. The sketch begins small; when objects
//! outnumber its words, it is replaced by an empty one twice as large (as Caffeine does when it is told of a larger cache).

use crate::random::mix;

const ROWS: u32 = 4;
/// A counter's bits, and the largest count.
const MOST: u64 = 15;
const SAMPLE_TIMES_WORDS: u64 = 10;
/// Odd numbers, one a row: digits of √2, √3, √5 and √7.
const SEEDS: [u64; ROWS as usize] = [
    0x6a09_e667_f3bc_c909,
    0xbb67_ae85_84ca_a73b,
    0x3c6e_f372_fe94_f82b,
    0xa54f_f53a_5f1d_36f1,
];
/// The lowest bit of each counter, and all but the highest.
const LOWEST: u64 = 0x1111_1111_1111_1111;
const HALVED: u64 = 0x7777_7777_7777_7777;

/// Counters for the requests of late.
#[derive(Debug, Clone)]
pub(super) struct Sketch {
    /// A power of two of words.
    words: Vec<u64>,
    counted: u64,
}

impl Sketch {
    /// A sketch for about so many objects.
    pub(super) fn new(objects: usize) -> Self {
        Self {
            words: vec![0; objects.next_power_of_two().max(8)],
            counted: 0,
        }
    }

    /// Replaces the sketch by an empty one if there are more objects than it was made for.
    #[inline(always)]
    pub(super) fn hold(&mut self, objects: u64) {
        if objects > self.words.len() as u64 {
            *self = Self::new(2 * self.words.len());
        }
    }

    /// Counts a request.
    pub(super) fn count(&mut self, key: u64) {
        let mut changed = false;
        for (word, shift) in places(key, self.words.len()) {
            let word = &mut self.words[word];
            if *word >> shift & MOST < MOST {
                *word += 1 << shift;
                changed = true;
            }
        }
        self.counted += u64::from(changed);
        if self.counted >= SAMPLE_TIMES_WORDS * self.words.len() as u64 {
            self.age();
        }
    }

    /// How often a key was counted of late: never too low but for ageing, seldom too high, at most 15.
    pub(super) fn frequency(&self, key: u64) -> u64 {
        let places = places(key, self.words.len());
        let counts = places.map(|(word, shift)| self.words[word] >> shift & MOST);
        counts.into_iter().min().unwrap_or_default()
    }

    /// Halves all counters. What odd ones lose is four counters to a request.
    fn age(&mut self) {
        let mut odd = 0;
        for word in &mut self.words {
            odd += u64::from((*word & LOWEST).count_ones());
            *word = *word >> 1 & HALVED;
        }
        self.counted = (self.counted - odd / u64::from(ROWS)) / 2;
    }
}

/// The four counters of a key: word and shift.
#[inline(always)]
pub(super) fn places(key: u64, words: usize) -> [(usize, u32); ROWS as usize] {
    let hash = mix(key);
    let bits = words.trailing_zeros();
    // Two bits say which four of a word's sixteen counters.
    let group = if hash & 1 == 0 { 0 } else { 16 } + if hash & 2 == 0 { 0 } else { 32 };
    let mut places = [(0, 0); ROWS as usize];
    for (row, place) in (0..ROWS).zip(&mut places) {
        let mixed = hash.wrapping_mul(SEEDS[row as usize]);
        // A number below `words`, which is at least 8.
        let word = usize::try_from(mixed >> (64 - bits)).unwrap_or_default();
        *place = (word, group + 4 * row);
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_seldom_too_high_and_never_too_low() {
        let mut sketch = Sketch::new(1 << 12);
        for key in 0..1000_u64 {
            for _ in 0..=key % 5 {
                sketch.count(key);
            }
        }
        let excess = |key| sketch.frequency(key) - (key % 5 + 1);
        let too_high = (0..1000).filter(|&key| excess(key) > 0).count();
        // Each of four counters is shared with probability 1000/16 384: all of them once in 70 000.
        assert!(too_high <= 3, "{too_high}");
    }

    #[test]
    fn counters_saturate_and_age() {
        let mut sketch = Sketch::new(8);
        for _ in 0..40 {
            sketch.count(7);
        }
        // What is saturated counts no more, so the sample of 80 is not complete.
        assert_eq!((sketch.frequency(7), sketch.counted), (15, 15));
        for key in 100..300 {
            sketch.count(key);
        }
        assert!(sketch.frequency(7) < 15);
        sketch.hold(9);
        assert_eq!((sketch.frequency(7), sketch.words.len()), (0, 16));
    }
}
