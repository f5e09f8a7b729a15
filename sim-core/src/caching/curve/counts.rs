//! What is counted of requests.

use serde::Serialize;

/// Requests and hits, by number and by bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// Requests.
    pub requests: u64,
    /// Those that found their object.
    pub hits: u64,
    /// Bytes asked for.
    pub bytes: u64,
    /// Those of them that were found.
    pub hit_bytes: u64,
}

impl Counts {
    /// Requests that did not find their object.
    pub const fn misses(&self) -> u64 {
        self.requests - self.hits
    }

    /// The share of requests that are hits; 0 of none.
    pub fn hit_ratio(&self) -> f64 {
        share(self.hits, self.requests)
    }

    /// The share of bytes that are found; 0 of none.
    pub fn byte_hit_ratio(&self) -> f64 {
        share(self.hit_bytes, self.bytes)
    }

    /// Counts a request.
    #[inline(always)]
    pub fn add(&mut self, size: u32, hit: bool) {
        self.requests += 1;
        self.hits += u64::from(hit);
        self.bytes += u64::from(size);
        self.hit_bytes += if hit { u64::from(size) } else { 0 };
    }
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        return 0.0;
    }
    part as f64 / whole as f64
}
