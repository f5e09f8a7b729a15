//! A first-in-first-out queue of slots that lies in a row: what leaves is read one after the other, without links to follow.
//!
//! A slot that is taken out of the middle leaves its place behind, to be skipped. Which places are of that kind is found by
//! numbers: places are numbered on and on (modulo 2³²; the row is always shorter), and each slot knows the number of its own.
//! Nobody needs them before something is taken out of the middle for the first time, so until then they are not written. Once
//! more places are left behind than are taken, the row is closed up.

use super::Slot;
use super::cache::NONE;
use super::store::entry;

const SMALLEST: usize = 16;

/// Slots by age.
#[derive(Debug, Clone)]
pub(super) struct Ring {
    /// A power of two of places; the one of number n is at n modulo their number.
    row: Vec<Slot>,
    /// The number of the oldest, and of the next one to come.
    first: u32,
    end: u32,
    /// The number of each slot's place; empty as long as nothing was taken out of the middle.
    numbers: Vec<u32>,
    /// How many places between `first` and `end` are left behind.
    vacant: u32,
}

impl Ring {
    pub(super) fn new() -> Self {
        Self {
            row: vec![NONE; SMALLEST],
            first: 0,
            end: 0,
            numbers: Vec::new(),
            vacant: 0,
        }
    }

    #[inline(always)]
    fn place(&self, number: u32) -> usize {
        number as usize & (self.row.len() - 1)
    }

    #[inline(always)]
    fn len(&self) -> u32 {
        self.end.wrapping_sub(self.first)
    }

    #[inline(always)]
    pub(super) fn push(&mut self, slot: Slot) {
        if self.len() as usize == self.row.len() {
            self.grow();
        }
        if !self.numbers.is_empty() {
            *entry(&mut self.numbers, slot, 0) = self.end;
        }
        let place = self.place(self.end);
        self.row[place] = slot;
        self.end = self.end.wrapping_add(1);
    }

    /// Takes out the oldest.
    #[inline(always)]
    pub(super) fn pop(&mut self) -> Option<Slot> {
        while self.first != self.end {
            let number = self.first;
            let slot = self.row[self.place(number)];
            self.first = number.wrapping_add(1);
            if self.vacant == 0 || self.numbers[slot as usize] == number {
                return Some(slot);
            }
            self.vacant -= 1;
        }
        None
    }

    /// Takes out a slot that is there.
    pub(super) fn remove(&mut self, slot: Slot) {
        if self.numbers.is_empty() {
            self.refill(self.row.len());
        }
        // No place has this number.
        self.numbers[slot as usize] = self.first.wrapping_sub(1);
        self.vacant += 1;
        if self.vacant > self.len() / 2 {
            self.refill(self.row.len());
        }
    }

    #[cold]
    fn grow(&mut self) {
        self.refill(2 * self.row.len());
    }

    /// The slots again, without gaps, in a row of so many places.
    fn refill(&mut self, places: usize) {
        let mut slots = self.newest_first();
        slots.reverse();
        let numbered = !self.numbers.is_empty() || places == self.row.len();
        self.row = vec![NONE; places];
        (self.first, self.end, self.vacant) = (0, 0, 0);
        for slot in slots {
            if numbered {
                *entry(&mut self.numbers, slot, 0) = self.end;
            }
            let place = self.place(self.end);
            self.row[place] = slot;
            self.end += 1;
        }
    }

    pub(super) fn newest_first(&self) -> Vec<Slot> {
        let numbers = (0..self.len()).rev().map(|at| self.first.wrapping_add(at));
        let places = numbers.map(|number| (number, self.row[self.place(number)]));
        let taken = places
            .filter(|&(number, slot)| self.vacant == 0 || self.numbers[slot as usize] == number);
        taken.map(|(_, slot)| slot).collect()
    }
}
