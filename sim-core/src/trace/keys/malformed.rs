//! Records that cannot be used: how many there were, and where the first ones are.

use crate::error::InputError;

/// The most that are kept.
const KEPT: usize = 5;

/// What was left out of a trace.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Malformed {
    count: u64,
    first: Vec<InputError>,
}

impl Malformed {
    /// How many records could not be used.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The first five: place, value and what was expected.
    pub fn first(&self) -> &[InputError] {
        &self.first
    }

    /// Notes one. The message is made only where it is kept.
    pub(super) fn note(&mut self, message: impl FnOnce() -> InputError) {
        self.count += 1;
        if self.first.len() < KEPT {
            self.first.push(message());
        }
    }
}
