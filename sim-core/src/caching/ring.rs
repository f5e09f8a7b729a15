//! A first-in-first-out queue of slots that lies in a row: what leaves is read one after the other, without links to follow.
//!
//! A slot that is taken out of the middle leaves its place behind, to be skipped. Which places are of that kind is found by
//! numbers: each entry has one, counted up, and each slot knows that of its own entry. Nobody needs them before
//! something is taken out of the middle for the first time, so until then they are not written. Once more places are left behind
//! than are taken, the row is closed up.

use std::collections::VecDeque;

use super::Slot;
use super::store::entry;

/// Slots by age: the newest at the back.
#[derive(Debug, Clone, Default)]
pub(super) struct Ring {
    row: VecDeque<Slot>,
    /// The number of the entry at the front.
    first: u64,
    /// The number of each slot's entry; empty as long as nothing was taken out of the middle.
    numbers: Vec<u64>,
    /// How many places in the row are left behind.
    vacant: usize,
}

/// No entry's number.
const NOWHERE: u64 = u64::MAX;

impl Ring {
    #[inline(always)]
    pub(super) fn push(&mut self, slot: Slot) {
        if !self.numbers.is_empty() {
            self.number(slot, self.first + self.row.len() as u64);
        }
        self.row.push_back(slot);
    }

    fn number(&mut self, slot: Slot, number: u64) {
        *entry(&mut self.numbers, slot, NOWHERE) = number;
    }

    /// Takes out the oldest.
    #[inline(always)]
    pub(super) fn pop(&mut self) -> Option<Slot> {
        loop {
            let slot = self.row.pop_front()?;
            let number = self.first;
            self.first += 1;
            if self.vacant == 0 || self.numbers[slot as usize] == number {
                return Some(slot);
            }
            self.vacant -= 1;
        }
    }

    /// Takes out a slot that is there.
    pub(super) fn remove(&mut self, slot: Slot) {
        if self.numbers.is_empty() {
            self.renumber();
        }
        self.number(slot, NOWHERE);
        self.vacant += 1;
        if 2 * self.vacant > self.row.len() {
            let numbers = &self.numbers;
            let mut number = self.first;
            self.row.retain(|&slot| {
                number += 1;
                numbers[slot as usize] == number - 1
            });
            self.vacant = 0;
            self.renumber();
        }
    }

    fn renumber(&mut self) {
        for at in 0..self.row.len() {
            self.number(self.row[at], self.first + at as u64);
        }
    }

    /// The slots, the newest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = Slot> {
        let numbered = (self.first..).zip(&self.row);
        let mut slots: Vec<Slot> = numbered
            .filter(|&(number, &slot)| self.vacant == 0 || self.numbers[slot as usize] == number)
            .map(|(_, &slot)| slot)
            .collect();
        slots.reverse();
        slots.into_iter()
    }
}
