//! A key a line: whole numbers up to 2⁶⁴ − 1 as they are, any other text by its hash. Spaces around a key are not part of it.
//!
//! The hash is FNV-1a of 64 bits (Fowler, Noll and Vo; RFC 9923): h = 14695981039346656037, and for each byte
//! h = (h xor byte) · 1099511628211 mod 2⁶⁴. Of ten million texts two share a hash once in 400 000 traces.

use std::io::{BufRead, Read};

use super::{Malformed, ReadError, Record, Records};
use crate::error::InputError;

/// The longest line: a file without line ends is refused before it fills the memory.
const MAX_LINE: u64 = 1 << 20;

/// The key that a text stands for.
///
/// ```
/// use sim_core::trace::keys::key_of_text;
/// assert_eq!(key_of_text(b"42"), 42);
/// assert_eq!(key_of_text(b"foobar"), 0x85944171f73967e8);
/// ```
pub fn key_of_text(text: &[u8]) -> u64 {
    whole_number(text).unwrap_or_else(|| fnv1a(text))
}

fn whole_number(text: &[u8]) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    text.iter().try_fold(0_u64, |number, &byte| {
        let digit = byte.is_ascii_digit().then(|| u64::from(byte - b'0'))?;
        number.checked_mul(10)?.checked_add(digit)
    })
}

fn fnv1a(text: &[u8]) -> u64 {
    text.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// A stream of lines.
pub(super) struct Lines<R> {
    input: R,
    line: Vec<u8>,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            input,
            line: Vec::new(),
            number: 0,
        }
    }

    /// Reads a line; whether there was one.
    fn advance(&mut self) -> Result<bool, ReadError> {
        self.line.clear();
        self.number += 1;
        let mut limited = self.input.by_ref().take(MAX_LINE);
        let length = limited.read_until(b'\n', &mut self.line)? as u64;
        if length == MAX_LINE && !self.line.ends_with(b"\n") {
            let field = format!("line {}", self.number);
            let allowed = format!("a line of less than {MAX_LINE} bytes; is this no text?");
            return Err(InputError::malformed(field, "a longer one", allowed).into());
        }
        Ok(length > 0)
    }
}

impl<R: BufRead> Records for Lines<R> {
    fn next(&mut self, malformed: &mut Malformed) -> Result<Option<Record>, ReadError> {
        while self.advance()? {
            let text = self.line.trim_ascii();
            if !text.is_empty() {
                return Ok(Some(Record {
                    key: key_of_text(text),
                    size: None,
                    time: None,
                }));
            }
            let number = self.number;
            malformed.note(|| InputError::malformed(format!("line {number}"), "", "a key"));
        }
        Ok(None)
    }
}
