//! Some requests in a row.

use crate::workload::Requests;

/// Requests, column by column.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Block {
    /// Which objects.
    pub keys: Vec<u64>,
    /// Their sizes, bytes; as many as there are keys.
    pub sizes: Vec<u32>,
    /// When, in seconds, never decreasing; as many as there are keys.
    pub times: Vec<f64>,
}

impl Block {
    /// How many requests.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The next `count` requests of a workload, one every `gap` seconds, the first one number `first` of all, from 0.
    pub fn draw(&mut self, requests: &mut Requests, count: usize, first: u64, gap: f64) {
        self.keys.resize(count, 0);
        requests.fill(&mut self.keys);
        self.sizes.clear();
        match requests.fixed_size() {
            Some(size) => self.sizes.resize(count, size),
            None => self
                .sizes
                .extend(self.keys.iter().map(|&key| requests.size(key))),
        }
        self.times.clear();
        let numbers = (first..).take(count);
        self.times.extend(numbers.map(|number| number as f64 * gap));
    }

    /// Leaves only the requests whose key `keep` takes.
    pub fn retain(&mut self, keep: impl Fn(u64) -> bool) {
        let mut kept = 0;
        for at in 0..self.keys.len() {
            if keep(self.keys[at]) {
                self.keys[kept] = self.keys[at];
                self.sizes[kept] = self.sizes[at];
                self.times[kept] = self.times[at];
                kept += 1;
            }
        }
        self.keys.truncate(kept);
        self.sizes.truncate(kept);
        self.times.truncate(kept);
    }
}
