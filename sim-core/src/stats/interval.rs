//! Student's interval for a mean of independent, identically distributed values: one from each replication.
//!
//! Never for the values of a single run: successive waits depend on each other, and an interval that takes them as
//! independent is far too narrow.

use super::moments::Moments;
use crate::math::special::student_t_quantile;

/// The confidence of every interval shown.
pub const CONFIDENCE: f64 = 0.95;

/// t/√R: what a standard deviation over `sections` values is multiplied by for the half-width; `None` below two values.
pub fn half_width_factor(sections: u64, confidence: f64) -> Option<f64> {
    (sections >= 2).then(|| {
        let count = sections as f64;
        student_t_quantile(f64::midpoint(1.0, confidence), count - 1.0) / count.sqrt()
    })
}

/// The interval of the mean of `moments`; `None` below two values.
pub fn student_interval(moments: &Moments, confidence: f64) -> Option<(f64, f64)> {
    let half_width = half_width_factor(moments.count(), confidence)? * moments.variance().sqrt();
    Some((moments.mean() - half_width, moments.mean() + half_width))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_textbook_interval() {
        // Ten values with mean 50.5 and standard deviation 30.27650354; t for 9 degrees of freedom is 2.262157163.
        let moments: Moments = (1..=10).map(|i| f64::from(i * 10) - 4.5).collect();
        let (low, high) = student_interval(&moments, 0.95).unwrap();
        let half_width = 2.262_157_163 * 30.276_503_54 / 10_f64.sqrt();
        assert!(
            (low - (50.5 - half_width)).abs() < 1e-6 && (high - (50.5 + half_width)).abs() < 1e-6
        );
    }

    #[test]
    fn one_value_has_no_interval() {
        assert_eq!(student_interval(&[1.0].into_iter().collect(), 0.95), None);
    }
}
