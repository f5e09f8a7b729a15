//! Intervals for how often something rare happens, of which few cases were seen or none.
//!
//! Student's interval says that what was never seen never happens. Of n trials with k cases, each by itself rare and apart from the
//! others, the expected number of cases lies between the solutions μ of P(X ≥ k) = 2.5 % and P(X ≤ k) = 2.5 % for a Poisson
//! variable X of mean μ. Where cases come in clusters it may be more. Source: Garwood, "Fiducial limits for the Poisson
//! distribution", Biometrika 28, 1936.

/// Limits with 95 % confidence for the expected number, by the number of cases seen.
const LIMITS: [(f64, f64); 21] = [
    (0.0000, 3.6889),
    (0.0253, 5.5716),
    (0.2422, 7.2247),
    (0.6187, 8.7673),
    (1.0899, 10.2416),
    (1.6235, 11.6683),
    (2.2019, 13.0595),
    (2.8144, 14.4227),
    (3.4538, 15.7632),
    (4.1154, 17.0848),
    (4.7954, 18.3904),
    (5.4912, 19.6820),
    (6.2006, 20.9616),
    (6.9220, 22.2304),
    (7.6539, 23.4896),
    (8.3954, 24.7402),
    (9.1454, 25.9830),
    (9.9031, 27.2186),
    (10.6679, 28.4478),
    (11.4392, 29.6709),
    (12.2165, 30.8884),
];

/// The limits where `cases` are so few that Student's interval is not to be trusted alone; `None` where they are many.
pub fn limits(cases: f64) -> Option<(f64, f64)> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "saturates"
    )]
    LIMITS.get(cases.round() as usize).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::exp;

    /// P(X ≤ k) for mean `mean`, term by term.
    fn at_most(k: usize, mean: f64) -> f64 {
        let mut term = exp(-mean);
        let mut sum = term;
        for i in 1..=k {
            term *= mean / i as f64;
            sum += term;
        }
        sum
    }

    #[test]
    fn limits_leave_two_and_a_half_percent_to_either_side() {
        for (k, &(low, high)) in LIMITS.iter().enumerate() {
            assert!((at_most(k, high) - 0.025).abs() < 1e-5, "{k}");
            if k > 0 {
                let above = 1.0 - at_most(k - 1, low);
                assert!((above - 0.025).abs() < 1e-4, "{k} {above}");
            }
            assert_eq!(limits(k as f64), Some((low, high)));
        }
        assert_eq!(limits(21.0), None);
    }
}
