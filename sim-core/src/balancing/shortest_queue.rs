//! Join the shortest queue: the server with the fewest requests in truth, waiting and in service; the tied draw uniformly.
//!
//! Optimal among policies that know only the queues, for equal exponential servers (Winston, "Optimality of the shortest line
//! discipline", 1977). It polls every server for every request, which is what the others save. Weights are not regarded.

use super::View;
use super::least::least;
use crate::random::Uniforms;

#[inline(always)]
pub(super) fn choose(view: &View<'_>, random: &mut Uniforms<1>) -> Option<u32> {
    least(view.in_system, view, random)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{chosen, counts, view};
    use super::super::{Policy, View};

    #[test]
    fn the_shortest_true_queue_wins_and_the_tied_share() {
        let connections = [0, 9, 9, 9];
        let truth = View {
            connections: &connections,
            ..view(&[1, 1, 1, 100], &[3, 1, 1, 2])
        };
        let counts = counts(&chosen(&Policy::ShortestQueue, &truth, 10_000), 4);
        assert_eq!([counts[0], counts[3]], [0, 0]);
        // 5000 ± 50.
        assert!(counts[1].abs_diff(5000) < 250, "{counts:?}");
    }
}
