//! Quantiles of the latest answers.

use std::collections::VecDeque;

/// How many answers are remembered.
const SIZE: usize = 128;

/// The latest numbers, in the order they came and in their own.
#[derive(Debug, Clone, Default)]
pub(super) struct Window {
    recent: VecDeque<u32>,
    sorted: Vec<u32>,
}

impl Window {
    pub(super) fn push(&mut self, value: u32) {
        if self.recent.len() == SIZE
            && let Some(oldest) = self.recent.pop_front()
        {
            self.sorted.remove(self.below(oldest));
        }
        self.recent.push_back(value);
        self.sorted.insert(self.below(value), value);
    }

    /// The least number that a share of `q` of all do not exceed; 0 where there is none.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of at most 128 numbers"
    )]
    pub(super) fn quantile(&self, q: f64) -> u32 {
        let rank = (q * self.sorted.len() as f64).ceil() as usize;
        self.sorted
            .get(rank.saturating_sub(1))
            .copied()
            .unwrap_or(0)
    }

    fn below(&self, value: u32) -> usize {
        self.sorted.partition_point(|&other| other < value)
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.recent.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_by_nearest_rank() {
        let mut window = Window::default();
        assert_eq!(window.quantile(0.84), 0);
        for value in [5, 1, 4, 2, 3] {
            window.push(value);
        }
        let quantiles = [0.0, 0.2, 0.5, 0.8, 0.84, 1.0].map(|q| window.quantile(q));
        assert_eq!(quantiles, [1, 1, 3, 4, 5, 5]);
    }

    #[test]
    fn only_the_latest_count() {
        let mut window = Window::default();
        (0..1000).for_each(|value| window.push(value % 500));
        assert_eq!(window.len(), SIZE);
        assert_eq!([window.quantile(0.0), window.quantile(1.0)], [372, 499]);
    }
}
