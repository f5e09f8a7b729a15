//! The mean response time after a warm-up, and the line that reports it.

use std::time::Instant;

use serde_json::json;

use crate::model::{MODELS, Model};

/// Response times of a run of known length; the first tenth is left out.
#[derive(Debug)]
pub struct Tally {
    left: u64,
    counted: u64,
    sum: f64,
}

impl Tally {
    /// A tally of `requests` completed requests.
    pub fn new(requests: u64) -> Self {
        Self {
            left: requests,
            counted: requests - requests / 10,
            sum: 0.0,
        }
    }

    /// Takes the response time of a completed request, in seconds. Those after the last are left out too.
    #[inline]
    pub fn record(&mut self, response: f64) {
        if self.left == 0 {
            return;
        }
        if self.left <= self.counted {
            self.sum += response;
        }
        self.left -= 1;
    }

    /// Whether all requests have completed.
    #[inline]
    pub fn complete(&self) -> bool {
        self.left == 0
    }

    /// Mean of what was counted, in seconds.
    pub fn mean(&self) -> f64 {
        self.sum / self.counted as f64
    }
}

/// Runs every model with `simulate(model, requests, seed)`, which returns the mean response, and prints a line of JSON for each.
/// The program's first argument is the seed.
pub fn report(requests: u64, simulate: impl Fn(&Model, u64, u64) -> f64) {
    let seed = std::env::args()
        .nth(1)
        .map_or(1, |word| word.parse().expect("the seed is a whole number"));
    for model in &MODELS {
        let start = Instant::now();
        let mean = simulate(model, requests, seed);
        let seconds = start.elapsed().as_secs_f64();
        let line = json!({ "model": model.name, "requests": requests, "seconds": seconds, "mean_response": mean });
        println!("{line}");
    }
}
