//! Versions of objects: what the last write that was answered wrote, and what the store holds.

use std::collections::BTreeMap;

/// Versions by key, of those keys that were ever written.
#[derive(Debug, Default)]
pub(in crate::engine::network) struct Versions {
    written: BTreeMap<u64, Version>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Version {
    latest: u64,
    stored: u64,
}

impl Versions {
    /// The version that the last write made.
    pub(super) fn latest(&self, key: u64) -> u64 {
        self.written.get(&key).map_or(0, |it| it.latest)
    }

    /// The version that the store holds.
    pub(super) fn stored(&self, key: u64) -> u64 {
        self.written.get(&key).map_or(0, |it| it.stored)
    }

    /// A write to the store; returns its version.
    pub(super) fn store(&mut self, key: u64) -> u64 {
        let it = self.written.entry(key).or_default();
        it.latest += 1;
        it.stored = it.latest;
        it.latest
    }

    /// A write that the store does not have yet; returns its version.
    pub(super) fn promise(&mut self, key: u64) -> u64 {
        let it = self.written.entry(key).or_default();
        it.latest += 1;
        it.latest
    }

    /// A promised write arrives at the store.
    pub(super) fn keep(&mut self, key: u64, version: u64) {
        let it = self.written.entry(key).or_default();
        it.stored = it.stored.max(version);
        it.latest = it.latest.max(version);
    }

    /// Promises that will not be kept: what the store holds is the latest there is.
    pub(super) fn forget(&mut self, key: u64) {
        let it = self.written.entry(key).or_default();
        it.latest = it.stored;
    }
}
