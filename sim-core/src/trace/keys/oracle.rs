//! libCacheSim's `oracleGeneral`: records of 24 bytes, packed, little-endian,
//!
//! | bytes | what |
//! |---|---|
//! | 0–3 | seconds, unsigned |
//! | 4–11 | the object, unsigned |
//! | 12–15 | its size, bytes, unsigned |
//! | 16–23 | number of the request that next asks for it; not read, the whole trace is known |
//!
//! A record of size 0 asks for no object: it counts as malformed, and libCacheSim leaves it out too.

use std::io::Read;

use super::{Malformed, ReadError, Record, read_record};
use crate::error::InputError;

/// A stream of records.
pub(super) struct Records<R> {
    input: R,
    at: u64,
}

impl<R: Read> Records<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, at: 0 }
    }
}

impl<R: Read> super::Records for Records<R> {
    fn next(&mut self, malformed: &mut Malformed) -> Result<Option<Record>, ReadError> {
        while let Some(bytes) = read_record::<24>(&mut self.input, self.at)? {
            let at = self.at;
            self.at += 24;
            let half = |from: usize| [0, 1, 2, 3].map(|i| bytes[from + i]);
            let whole = |from: usize| [0, 1, 2, 3, 4, 5, 6, 7].map(|i| bytes[from + i]);
            let size = u32::from_le_bytes(half(12));
            if size > 0 {
                return Ok(Some(Record {
                    key: u64::from_le_bytes(whole(4)),
                    size: Some(size),
                    time: Some(f64::from(u32::from_le_bytes(half(0)))),
                }));
            }
            malformed.note(|| {
                let field = format!("byte {at}");
                InputError::out_of_range(format!("{field}, size"), 0, "1..=4294967295 bytes")
            });
        }
        Ok(None)
    }
}
