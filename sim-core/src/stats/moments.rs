//! Count, mean and variance in one pass (Welford, 1962), and of two parts together (Chan, Golub and `LeVeque`, 1979).

use serde::{Deserialize, Serialize};

/// Running mean and variance. Merge parts in a fixed order for the same bits: floating-point sums depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Moments {
    count: u64,
    mean: f64,
    /// Sum of squared distances from the mean.
    squares: f64,
}

impl Moments {
    /// So many values of this mean and this unbiased variance.
    pub fn of_summary(count: u64, mean: f64, variance: f64) -> Self {
        Self {
            count,
            mean,
            squares: variance * count.saturating_sub(1) as f64,
        }
    }

    /// Adds a value.
    pub fn add(&mut self, value: f64) {
        self.count += 1;
        let distance = value - self.mean;
        self.mean += distance / self.count as f64;
        self.squares += distance * (value - self.mean);
    }

    /// Adds all values of `other`.
    pub fn merge(&mut self, other: &Self) {
        if other.count == 0 {
            return;
        }
        let (here, there) = (self.count as f64, other.count as f64);
        let total = here + there;
        let distance = other.mean - self.mean;
        self.count += other.count;
        self.mean += distance * there / total;
        self.squares += other.squares + distance * distance * here * there / total;
    }

    /// Number of values.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Mean; 0 without values.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// Unbiased variance; 0 below two values.
    pub fn variance(&self) -> f64 {
        if self.count < 2 {
            0.0
        } else {
            self.squares / (self.count - 1) as f64
        }
    }

    /// Squared coefficient of variation of these very values (population variance over squared mean); `None` where the mean
    /// is zero or there are no values.
    pub fn scv(&self) -> Option<f64> {
        (self.count > 0 && self.mean != 0.0)
            .then(|| self.squares / self.count as f64 / (self.mean * self.mean))
    }
}

impl FromIterator<f64> for Moments {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut moments = Self::default();
        for value in values {
            moments.add(value);
        }
        moments
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_make_the_whole() {
        let values: Vec<f64> = (0..1000).map(|i| f64::from(i * i % 97) + 1e6).collect();
        let whole: Moments = values.iter().copied().collect();
        let mut parts: Moments = values[..300].iter().copied().collect();
        parts.merge(&values[300..].iter().copied().collect());
        parts.merge(&Moments::default());
        assert_eq!(parts.count(), 1000);
        assert!((parts.mean() - whole.mean()).abs() < 1e-9);
        assert!((parts.variance() / whole.variance() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn known_values() {
        let moments: Moments = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]
            .into_iter()
            .collect();
        assert_eq!(moments.mean(), 5.0);
        assert!((moments.variance() - 32.0 / 7.0).abs() < 1e-12);
        assert!((moments.scv().unwrap() - 4.0 / 25.0).abs() < 1e-12);
        assert_eq!(Moments::default().scv(), None);
    }
}
