//! What is counted of the measured requests of each lane.

use serde::{Deserialize, Serialize};

use super::ROWS;
use crate::stats::buckets::{BUCKETS, Buckets};

/// What one replication leaves behind besides its histogram: a section of the merged result.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// Sum of the response times, seconds.
    pub responses: f64,
    /// Sum of the waits, seconds.
    pub waits: f64,
    /// Time from the first measured arrival to the last, seconds.
    pub elapsed: f64,
    /// Shortest response time, seconds.
    pub shortest: f64,
    /// Longest response time, seconds.
    pub longest: f64,
    /// By how much the wait grew over the second half of the run, seconds.
    pub growth: f64,
    /// How long that half took, seconds.
    pub growth_time: f64,
}

impl Section {
    /// Whether every number is finite, as in every run.
    pub fn is_finite(&self) -> bool {
        [
            self.responses,
            self.waits,
            self.elapsed,
            self.shortest,
            self.longest,
            self.growth,
            self.growth_time,
        ]
        .iter()
        .all(|value| value.is_finite())
    }
}

/// Sums and histograms of `L` lanes.
#[derive(Debug, Clone)]
pub(super) struct Tally<const L: usize> {
    buckets: Buckets,
    /// A fixed number of histograms: a lane's number needs no check.
    counts: Box<[[u32; BUCKETS]; L]>,
    responses: [f64; L],
    waits: [f64; L],
    elapsed: [f64; L],
    shortest: [f64; L],
    longest: [f64; L],
    last_wait: [f64; L],
    /// Wait and time elapsed at half of the run.
    half: ([f64; L], [f64; L]),
}

impl<const L: usize> Tally<L> {
    pub(super) fn new(buckets: Buckets) -> Self {
        Self {
            buckets,
            counts: histograms(),
            responses: [0.0; L],
            waits: [0.0; L],
            elapsed: [0.0; L],
            shortest: [f64::INFINITY; L],
            longest: [0.0; L],
            last_wait: [0.0; L],
            half: ([0.0; L], [0.0; L]),
        }
    }

    /// Counts some rows of measured requests.
    #[inline(always)]
    pub(super) fn count(&mut self, waits: &[[f64; L]], responses: &[[f64; L]], elapsed: [f64; L]) {
        self.add_sums(waits, responses);
        self.add_to_histograms(responses);
        for i in 0..L {
            self.elapsed[i] += elapsed[i];
        }
        if let Some(&last) = waits.last() {
            self.last_wait = last;
        }
    }

    #[inline(always)]
    fn add_sums(&mut self, waits: &[[f64; L]], responses: &[[f64; L]]) {
        // A sum for these rows alone first: long runs keep their digits.
        let (mut wait_sum, mut response_sum) = ([0.0; L], [0.0; L]);
        let (mut shortest, mut longest) = (self.shortest, self.longest);
        for (wait, value) in waits.iter().zip(responses) {
            for i in 0..L {
                wait_sum[i] += wait[i];
            }
            for i in 0..L {
                response_sum[i] += value[i];
            }
            for i in 0..L {
                shortest[i] = if value[i] < shortest[i] {
                    value[i]
                } else {
                    shortest[i]
                };
            }
            for i in 0..L {
                longest[i] = if value[i] > longest[i] {
                    value[i]
                } else {
                    longest[i]
                };
            }
        }
        (self.shortest, self.longest) = (shortest, longest);
        for i in 0..L {
            self.waits[i] += wait_sum[i];
            self.responses[i] += response_sum[i];
        }
    }

    #[inline(always)]
    fn add_to_histograms(&mut self, responses: &[[f64; L]]) {
        // Finding the buckets is arithmetic on one run of numbers, which takes vector instructions; adding to them is not.
        let mut found = [[0; L]; ROWS];
        let found = &mut found[..responses.len()];
        for (bucket, &value) in found
            .as_flattened_mut()
            .iter_mut()
            .zip(responses.as_flattened())
        {
            *bucket = self.buckets.index(value);
        }
        for row in found {
            for (counts, &bucket) in self.counts.iter_mut().zip(&*row) {
                counts[bucket as usize & (BUCKETS - 1)] += 1;
            }
        }
    }

    /// Remembers where the waits stand at half of the run.
    pub(super) fn mark_half(&mut self) {
        self.half = (self.last_wait, self.elapsed);
    }

    /// The result of one lane and its histogram.
    pub(super) fn lane(&self, lane: usize) -> (Section, &[u32; BUCKETS]) {
        let section = Section {
            responses: self.responses[lane],
            waits: self.waits[lane],
            elapsed: self.elapsed[lane],
            shortest: self.shortest[lane],
            longest: self.longest[lane],
            growth: self.last_wait[lane] - self.half.0[lane],
            growth_time: self.elapsed[lane] - self.half.1[lane],
        };
        (section, &self.counts[lane])
    }
}

#[expect(
    clippy::unnecessary_box_returns,
    clippy::large_stack_arrays,
    reason = "made and kept on the heap"
)]
/// `L` empty histograms, made on the heap: on the stack they would not fit a worker's.
fn histograms<const L: usize>() -> Box<[[u32; BUCKETS]; L]> {
    let lanes = vec![[0; BUCKETS]; L].into_boxed_slice();
    lanes.try_into().expect("as many histograms as lanes")
}
