//! Who sends the next request.

use super::program::{ClassSpec, NO_REGISTER};
use crate::random::{Purpose, Uniforms};

/// Which client sends the next request: the i-th in proportion to 1/i^skew.
#[derive(Debug, Clone)]
pub(super) struct Clientele {
    cumulative: Vec<f64>,
    stream: Uniforms<1>,
}

impl Clientele {
    /// The clients of a class, where somebody asks for them.
    pub(super) fn of(class: &ClassSpec, number: u8, seed: u64, replication: u64) -> Option<Self> {
        (class.client != NO_REGISTER).then(|| Self {
            cumulative: zipf(class.clients.count, class.clients.skew),
            stream: Uniforms::new(seed, replication, Purpose::Client(number)),
        })
    }

    pub(super) fn next(&mut self) -> u32 {
        let [u] = self.stream.next_uniform();
        let total = self.cumulative[self.cumulative.len() - 1];
        let at = self.cumulative.partition_point(|&sum| sum < u * total);
        u32::try_from(at.min(self.cumulative.len() - 1)).unwrap_or(0)
    }
}

/// Cumulative shares of 1/i^skew.
fn zipf(count: u32, skew: f64) -> Vec<f64> {
    let mut sum = 0.0;
    (1..=count)
        .map(|i| {
            sum += crate::math::pow(f64::from(i), -skew);
            sum
        })
        .collect()
}
