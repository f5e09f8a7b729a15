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
    /// Mean response, mean wait (seconds) and requests per second, each over the first and the last eighth of the requests, then over the first and
    /// the second half.
    pub drifts: [[f64; 4]; 3],
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
        .chain(self.drifts.as_flattened())
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
    /// The last wait, and all sums, after an eighth of the requests, half of them, and all but an eighth.
    marks: [Mark<L>; 3],
}

/// Where the sums stand at one place of a run.
#[derive(Debug, Clone, Copy)]
struct Mark<const L: usize> {
    last_wait: [f64; L],
    responses: [f64; L],
    waits: [f64; L],
    elapsed: [f64; L],
}

impl<const L: usize> Mark<L> {
    const START: Self = Self {
        last_wait: [0.0; L],
        responses: [0.0; L],
        waits: [0.0; L],
        elapsed: [0.0; L],
    };
}

/// How many requests come before each mark. Marks lie where chunks end anyway, so that they change no sum.
pub(super) fn marks(requests: u64) -> [u64; 3] {
    let whole = |count: u64| count - count % ROWS as u64;
    let half = requests / 2;
    [
        whole(requests / 8),
        half,
        half + whole(requests - requests / 8 - half),
    ]
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
            marks: [Mark::START; 3],
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

    /// Remembers where the sums stand.
    pub(super) fn mark(&mut self, number: usize) {
        self.marks[number] = self.now();
    }

    fn now(&self) -> Mark<L> {
        Mark {
            last_wait: self.last_wait,
            responses: self.responses,
            waits: self.waits,
            elapsed: self.elapsed,
        }
    }

    /// Means of a lane over parts of a run of so many requests.
    fn drifts(&self, lane: usize, requests: u64) -> [[f64; 4]; 3] {
        let [eighth, half, rest] = self.marks;
        let (start, end) = (Mark::START, self.now());
        let [before, middle, after] = marks(requests);
        let counts = [before, requests - after, middle, requests - middle];
        let parts = [(start, eighth), (rest, end), (start, half), (half, end)];
        if before == 0 {
            return [[0.0; 4]; 3];
        }
        let mut drifts = [[0.0; 4]; 3];
        for (part, ((from, to), count)) in parts.into_iter().zip(counts).enumerate() {
            let count = count as f64;
            let means = [
                (to.responses[lane] - from.responses[lane]) / count,
                (to.waits[lane] - from.waits[lane]) / count,
                count / (to.elapsed[lane] - from.elapsed[lane]),
            ];
            for (drift, mean) in drifts.iter_mut().zip(means) {
                drift[part] = if mean.is_finite() { mean } else { 0.0 };
            }
        }
        drifts
    }

    /// The result of one lane after so many requests, and its histogram.
    pub(super) fn lane(&self, lane: usize, requests: u64) -> (Section, &[u32; BUCKETS]) {
        let half = &self.marks[1];
        let section = Section {
            responses: self.responses[lane],
            waits: self.waits[lane],
            elapsed: self.elapsed[lane],
            shortest: self.shortest[lane],
            longest: self.longest[lane],
            growth: self.last_wait[lane] - half.last_wait[lane],
            growth_time: self.elapsed[lane] - half.elapsed[lane],
            drifts: self.drifts(lane, requests),
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
