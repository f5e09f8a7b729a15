//! Percentiles of a small sample, by both conventions of the textbooks.
//!
//! For n sorted values x₀ … xₙ₋₁ and a share p, with h = p(n−1):
//!
//! - nearest rank: the value at ⌈h⌉, one that was really seen;
//! - linear interpolation: x at ⌊h⌋ plus the fraction of h towards the next value (Hyndman and Fan's type 7, "Sample
//!   quantiles in statistical packages", The American Statistician 50 (1996) 361–365; the default of `numpy` and R).
//!
//! On large samples the two agree, except where the values jump.

use crate::error::{InputError, in_range};

/// How a percentile that falls between two values of a sample is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Convention {
    /// The next value up, one that was really seen.
    NearestRank,
    /// On the straight line between the two.
    LinearInterpolation,
}

impl Convention {
    /// Both, in the order of the module's text.
    pub const ALL: [Self; 2] = [Self::NearestRank, Self::LinearInterpolation];

    /// Its name in plain words.
    pub fn name(self) -> &'static str {
        match self {
            Self::NearestRank => "nearest rank",
            Self::LinearInterpolation => "linear interpolation",
        }
    }
}

/// Some values, sorted; at least one, all finite.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    sorted: Vec<f64>,
}

impl Sample {
    /// The sample of these values, in any order.
    ///
    /// # Errors
    /// [`InputError`] for no values, or naming the first value that is not finite, by its place.
    pub fn new(mut values: Vec<f64>) -> Result<Self, InputError> {
        if values.is_empty() {
            return Err(InputError::missing("values", "at least one value"));
        }
        for (place, &value) in values.iter().enumerate() {
            in_range(&format!("values[{place}]"), value, f64::MIN, f64::MAX)?;
        }
        values.sort_by(f64::total_cmp);
        Ok(Self { sorted: values })
    }

    /// The values in ascending order.
    pub fn sorted(&self) -> &[f64] {
        &self.sorted
    }

    /// Arithmetic mean.
    pub fn mean(&self) -> f64 {
        self.sorted.iter().sum::<f64>() / self.sorted.len() as f64
    }

    /// Share of the values above `limit`.
    pub fn share_above(&self, limit: f64) -> f64 {
        let above = self.sorted.len() - self.sorted.partition_point(|&x| x <= limit);
        above as f64 / self.sorted.len() as f64
    }

    /// The percentile 100·`p`, by the convention named.
    ///
    /// # Panics
    /// If `p` is not in `[0, 1]`.
    pub fn quantile(&self, p: f64, convention: Convention) -> f64 {
        assert!((0.0..=1.0).contains(&p), "probability {p} is not in [0, 1]");
        let top = self.sorted.len() - 1;
        let position = p * top as f64;
        match convention {
            // A product that only rounding lifted above a whole number counts as that number.
            Convention::NearestRank => self.sorted[index((position * (1.0 - f64::EPSILON)).ceil())],
            Convention::LinearInterpolation => {
                let below = index(position.floor());
                let above = (below + 1).min(top);
                let fraction = position.fract();
                self.sorted[below] * (1.0 - fraction) + self.sorted[above] * fraction
            }
        }
    }
}

/// A whole position as an index.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "from 0 to a length"
)]
fn index(position: f64) -> usize {
    position as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use Convention::{LinearInterpolation, NearestRank};

    fn ten() -> Sample {
        Sample::new(vec![
            890.0, 12.0, 15.0, 4800.0, 22.0, 48.0, 340.0, 95.0, 1200.0, 110.0,
        ])
        .unwrap()
    }

    #[test]
    fn ten_samples_by_nearest_rank() {
        for (p, expected) in [
            (0.0, 12.0),
            (0.5, 110.0),
            (0.9, 4800.0),
            (0.99, 4800.0),
            (1.0, 4800.0),
        ] {
            assert_eq!(ten().quantile(p, NearestRank), expected, "p {p}");
        }
    }

    #[test]
    fn ten_samples_by_linear_interpolation() {
        for (p, expected) in [
            (0.0, 12.0),
            (0.5, 102.5),
            (0.9, 1560.0),
            (0.99, 4476.0),
            (1.0, 4800.0),
        ] {
            let found = ten().quantile(p, LinearInterpolation);
            assert!((found - expected).abs() < 1e-9, "p {p}: {found}");
        }
    }

    #[test]
    fn one_slow_request_in_a_hundred_hides_in_the_mean() {
        let mut values = vec![0.050; 990];
        values.extend([5.0; 10]);
        let sample = Sample::new(values).unwrap();
        assert!((sample.mean() - 0.0995).abs() < 1e-12);
        assert!((sample.share_above(0.050) - 0.01).abs() < 1e-15);
        for convention in Convention::ALL {
            assert_eq!(sample.quantile(0.5, convention), 0.050);
            for p in [0.995, 0.999, 1.0] {
                assert_eq!(sample.quantile(p, convention), 5.0, "p {p}");
            }
        }
    }

    #[test]
    fn rounding_does_not_move_a_rank() {
        // 0.07 · 100 is 7.000000000000001 in floating point.
        let sample = Sample::new((0..=100).map(f64::from).collect()).unwrap();
        for percent in 0..=100 {
            let p = f64::from(percent) / 100.0;
            assert_eq!(sample.quantile(p, NearestRank), f64::from(percent));
            assert!((sample.quantile(p, LinearInterpolation) - f64::from(percent)).abs() < 1e-12);
        }
    }

    #[test]
    fn a_single_value_is_every_percentile() {
        let sample = Sample::new(vec![7.0]).unwrap();
        for convention in Convention::ALL {
            for p in [0.0, 0.3, 1.0] {
                assert_eq!(sample.quantile(p, convention), 7.0);
            }
        }
    }

    #[test]
    fn wrong_input_is_named() {
        assert_eq!(Sample::new(Vec::new()).unwrap_err().field(), "values");
        for wrong in [f64::NAN, f64::INFINITY] {
            assert_eq!(
                Sample::new(vec![1.0, wrong]).unwrap_err().field(),
                "values[1]"
            );
        }
    }
}
