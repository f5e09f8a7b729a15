//! Records that cannot be used: how many there were, and where the first ones are.

use crate::error::InputError;

/// The most that are kept.
const KEPT: usize = 5;
/// The most characters of a value that a message repeats.
const SHOWN: usize = 60;

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

/// The beginning of a value, without control characters.
pub(super) fn shown(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(4 * SHOWN + 4)]);
    let mut shown: String = text
        .chars()
        .take(SHOWN)
        .flat_map(char::escape_debug)
        .collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}
