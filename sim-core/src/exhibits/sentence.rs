//! Readouts put together piece by piece.

use super::{Readout, Span};
use crate::figure::Role;

/// A sentence being put together.
pub(super) struct Sentence(Vec<Span>);

impl Sentence {
    /// A sentence that begins with `text`, which may be empty.
    pub(super) fn new(text: &str) -> Self {
        let empty = Self(Vec::new());
        if text.is_empty() {
            empty
        } else {
            empty.text(text)
        }
    }

    /// Plain words.
    pub(super) fn text(mut self, text: &str) -> Self {
        self.0.push(Span::Text {
            // A number stays with its sign.
            text: text.replace(" %", "\u{a0}%"),
        });
        self
    }

    /// A live number.
    pub(super) fn number(mut self, text: String, role: Role) -> Self {
        self.0.push(Span::Value { text, role });
        self
    }

    /// The full stop.
    pub(super) fn end(self) -> Readout {
        Readout {
            spans: self.text(".").0,
        }
    }
}
