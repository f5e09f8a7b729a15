//! The stationary law of a birth–death process whose ratio of births to deaths falls from state to state: from the most likely
//! state outwards, as far as probabilities are more than rounding. All terms are positive and none underflows.

/// Probabilities of the states `first`, `first` + 1, …
#[derive(Debug, Clone, PartialEq)]
pub(super) struct States {
    pub(super) first: u64,
    pub(super) probabilities: Vec<f64>,
}

/// A state this much less likely than the most likely one ends the law.
const NOTHING: f64 = 1e-20;

impl States {
    /// The process that goes up from state n at rate `up(n)` and down at rate `down(n)`, in 0, …, `top`.
    pub(super) fn new(up: impl Fn(u64) -> f64, down: impl Fn(u64) -> f64, top: u64) -> Self {
        let mode = mode(&up, &down, top);
        let mut above = vec![1.0];
        let mut n = mode;
        while n < top && above[above.len() - 1] > NOTHING {
            above.push(above[above.len() - 1] * up(n) / down(n + 1));
            n += 1;
        }
        let mut below = Vec::new();
        let (mut n, mut weight) = (mode, 1.0);
        while n > 0 && weight > NOTHING {
            weight *= down(n) / up(n - 1);
            n -= 1;
            below.push(weight);
        }
        below.reverse();
        below.extend(above);
        let total: f64 = below.iter().sum();
        Self {
            first: n,
            probabilities: below.into_iter().map(|weight| weight / total).collect(),
        }
    }

    /// Each state with its probability.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u64, f64)> {
        (self.first..).zip(self.probabilities.iter().copied())
    }

    /// The mean of a function of the state.
    pub(super) fn mean(&self, of: impl Fn(u64) -> f64) -> f64 {
        self.iter().map(|(n, p)| p * of(n)).sum()
    }
}

/// The first state from which it is not more likely to go on than to have come.
fn mode(up: &impl Fn(u64) -> f64, down: &impl Fn(u64) -> f64, top: u64) -> u64 {
    let falls = |n: u64| n >= top || up(n) <= down(n + 1);
    let mut high = 1;
    while !falls(high) {
        high *= 2;
    }
    let mut low = 0;
    while low < high {
        let middle = u64::midpoint(low, high);
        if falls(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::special::poisson_probability;

    #[test]
    fn endless_servers_make_a_poisson_law() {
        for load in [0.01, 1.0, 77.3, 1e5] {
            let states = States::new(|_| load, |n| n as f64, u64::MAX);
            for (n, p) in states.iter().filter(|(_, p)| *p > 1e-14) {
                assert!(
                    (p / poisson_probability(n, load) - 1.0).abs() < 1e-9,
                    "{load} {n}"
                );
            }
            assert!((states.mean(|n| n as f64) / load - 1.0).abs() < 1e-11);
        }
    }

    #[test]
    fn the_top_ends_it() {
        // Births twice as likely as deaths, up to 3: 1 : 2 : 4 : 8.
        let states = States::new(|_| 2.0, |_| 1.0, 3);
        assert_eq!(states.first, 0);
        for (n, p) in states.iter() {
            assert!((p - f64::from(1 << n) / 15.0).abs() < 1e-15);
        }
    }
}
