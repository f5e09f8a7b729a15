//! Smooth weighted round robin, nginx's default: turns in proportion to the weights, spread evenly in time.
//!
//! Every eligible server's credit grows by its weight; the largest credit is chosen, the first among equals, and pays the sum
//! of those weights: cᵢ ← cᵢ + wᵢ, then c\* ← c\* − Σw. Weights 5:1:1 give a a b a c a a, not five times a in a row. Source:
//! nginx, `ngx_http_upstream_round_robin`, since 1.3.1 (2012).
//!
//! nginx lowers a server's weight for a while after a failure; here a server that failed is only kept away by not being
//! eligible.

use super::{View, number};

/// Each server's credit.
#[derive(Debug, Clone)]
pub(super) struct State {
    credits: Vec<i64>,
}

impl State {
    pub(super) fn new(servers: usize) -> Self {
        Self {
            credits: vec![0; servers],
        }
    }

    #[inline]
    pub(super) fn choose(&mut self, view: &View<'_>) -> Option<u32> {
        match view.eligible {
            None => self.among(view.weights, |_| true),
            Some(eligible) => self.among(view.weights, |index| eligible[index]),
        }
    }

    /// The server whose turn it is among those that `may` be chosen; the others' credits stay as they are.
    #[inline(always)]
    pub(super) fn among(&mut self, weights: &[u32], may: impl Fn(usize) -> bool) -> Option<u32> {
        let mut best: Option<(usize, i64)> = None;
        let mut total = 0;
        for (index, (credit, &weight)) in self.credits.iter_mut().zip(weights).enumerate() {
            if !may(index) {
                continue;
            }
            *credit += i64::from(weight);
            total += i64::from(weight);
            if best.is_none_or(|(_, most)| *credit > most) {
                best = Some((index, *credit));
            }
        }
        let (index, _) = best?;
        self.credits[index] -= total;
        Some(number(index))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::view;
    use super::*;

    fn choices(state: &mut State, view: &View<'_>, count: usize) -> Vec<u32> {
        (0..count).filter_map(|_| state.choose(view)).collect()
    }

    #[test]
    fn five_to_one_to_one_as_published() {
        let mut state = State::new(3);
        let view = view(&[5, 1, 1], &[0; 3]);
        // a a b a c a a, over and over.
        let cycle = [0, 0, 1, 0, 2, 0, 0];
        assert_eq!(choices(&mut state, &view, 14), [cycle, cycle].concat());
    }

    #[test]
    fn three_to_two_by_hand() {
        // Credits after growing and paying: (3,2)→(−2,2), (1,4)→(1,−1), (4,1)→(−1,1), (2,3)→(2,−2), (5,0)→(0,0).
        let view = view(&[3, 2], &[0; 2]);
        assert_eq!(choices(&mut State::new(2), &view, 5), [0, 1, 0, 1, 0]);
    }

    #[test]
    fn the_ineligible_neither_gain_nor_pay() {
        let mut state = State::new(3);
        let all = view(&[5, 1, 1], &[0; 3]);
        let without_a = View {
            eligible: Some(&[false, true, true]),
            ..all
        };
        assert_eq!(choices(&mut state, &without_a, 4), [1, 2, 1, 2]);
        assert_eq!(state.credits, [0, 0, 0]);
        assert_eq!(choices(&mut state, &all, 3), [0, 0, 1]);
    }
}
