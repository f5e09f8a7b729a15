//! MSER-5: how much of the start of a run to delete.
//!
//! White, Cobb and Spratt, "A comparison of five steady-state truncation heuristics for simulation", WSC 2000: of the means
//! of batches of five observations, delete the first d, where d minimises the squared standard error of those left,
//! Σ(Yᵢ − Ȳ)²/(n − d)². Only the first half may be deleted; a minimum at the very end of it means the run was too short.

/// Observations in one batch.
pub const BATCH: usize = 5;

/// What MSER-5 says about a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Truncation {
    /// Batches to delete from the start.
    pub batches: usize,
    /// Whether the minimum lies inside the first half; if not, the run was too short to tell.
    pub settled: bool,
}

/// Where to cut the series of batch means `means`.
pub fn truncation(means: &[f64]) -> Truncation {
    let half = means.len() / 2;
    let mut best = Truncation {
        batches: 0,
        settled: true,
    };
    let mut lowest = f64::INFINITY;
    // From the end, so that sums over what is left grow by one term at a time.
    let (mut count, mut sum, mut squares) = (0.0, 0.0, 0.0);
    let shift = means.last().copied().unwrap_or(0.0);
    for (cut, &mean) in means.iter().enumerate().rev() {
        // Distances from the last mean instead of the means themselves: the squares do not cancel.
        let distance = mean - shift;
        count += 1.0;
        sum += distance;
        squares += distance * distance;
        let error = (squares - sum * sum / count).max(0.0) / (count * count);
        if cut <= half && error <= lowest {
            lowest = error;
            best = Truncation {
                batches: cut,
                settled: cut < half || half == 0,
            };
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition, term by term.
    fn naive(means: &[f64]) -> usize {
        let error = |cut: usize| {
            let rest = &means[cut..];
            let mean = rest.iter().sum::<f64>() / rest.len() as f64;
            rest.iter().map(|y| (y - mean) * (y - mean)).sum::<f64>()
                / (rest.len() * rest.len()) as f64
        };
        (0..=means.len() / 2)
            .min_by(|&a, &b| error(a).total_cmp(&error(b)))
            .unwrap()
    }

    /// A series that climbs from zero to its level over about `rise` batches, with a deterministic ripple.
    fn climbing(size: usize, rise: f64) -> Vec<f64> {
        (0..size)
            .map(|i| {
                let ripple = ((i * 7919 % 101) as f64 - 50.0) / 500.0;
                10.0 * (1.0 - libm::exp2((-(i as f64) / rise).max(-700.0))) + ripple
            })
            .collect()
    }

    #[test]
    fn finds_the_end_of_the_climb() {
        let means = climbing(2000, 20.0);
        let cut = truncation(&means);
        assert!(cut.settled && (40..400).contains(&cut.batches), "{cut:?}");
        assert_eq!(cut.batches, naive(&means));
    }

    #[test]
    fn a_level_series_keeps_nearly_everything() {
        let means: Vec<f64> = (0..1000).map(|i| f64::from(i * 7919 % 101)).collect();
        assert!(truncation(&means).batches < 50);
    }

    #[test]
    fn a_series_that_only_climbs_is_not_settled() {
        let means: Vec<f64> = (0..100).map(f64::from).collect();
        assert!(!truncation(&means).settled);
    }

    #[test]
    fn empty_and_tiny_series() {
        assert_eq!(truncation(&[]).batches, 0);
        assert_eq!(truncation(&[1.0]).batches, 0);
    }
}
