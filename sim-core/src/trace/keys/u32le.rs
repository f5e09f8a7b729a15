//! Keys of four bytes, little-endian, one after the other, as cache2k's benchmark suite keeps them.

use std::io::Read;

use super::{Malformed, ReadError, Record, Records, read_record};

/// A stream of words.
pub(super) struct Words<R> {
    input: R,
    at: u64,
}

impl<R: Read> Words<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, at: 0 }
    }
}

impl<R: Read> Records for Words<R> {
    fn next(&mut self, _: &mut Malformed) -> Result<Option<Record>, ReadError> {
        let Some(bytes) = read_record::<4>(&mut self.input, self.at)? else {
            return Ok(None);
        };
        self.at += 4;
        Ok(Some(Record {
            key: u64::from(u32::from_le_bytes(bytes)),
            size: None,
            time: None,
        }))
    }
}
