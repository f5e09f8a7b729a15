//! The average of a quantity over time, such as the number in system: its integral over the time it was watched.

use serde::{Deserialize, Serialize};

/// Integral and duration; the average is their quotient. Two stretches of time merge by adding both.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct TimeAverage {
    /// Integral of the quantity over time.
    pub integral: f64,
    /// Time watched, seconds.
    pub duration: f64,
}

impl TimeAverage {
    /// Adds a stretch of `duration` seconds at a constant `level`.
    pub fn add(&mut self, level: f64, duration: f64) {
        self.integral += level * duration;
        self.duration += duration;
    }

    /// Adds another stretch of time.
    pub fn merge(&mut self, other: &Self) {
        self.integral += other.integral;
        self.duration += other.duration;
    }

    /// The average; `None` before any time has passed.
    pub fn average(&self) -> Option<f64> {
        (self.duration > 0.0).then(|| self.integral / self.duration)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_weigh_by_their_length() {
        let mut first = TimeAverage::default();
        assert_eq!(first.average(), None);
        first.add(2.0, 1.0);
        let mut second = TimeAverage::default();
        second.add(5.0, 3.0);
        first.merge(&second);
        assert_eq!(first.average(), Some(17.0 / 4.0));
    }
}
