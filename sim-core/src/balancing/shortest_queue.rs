//! Join the shortest queue: the server with the fewest requests in truth, waiting and in service; the tied draw uniformly.
//!
//! Optimal among policies that know only the queues, for equal exponential servers (Winston, "Optimality of the shortest line
//! discipline", 1977). It polls every server for every request, which is what the others save. Weights are not regarded.

use super::kind::{Chooser, Kind, Parameters};
use super::least::least;
use super::{Client, Knows, Sight, Spread, View};
use crate::random::Uniforms;

/// Join the shortest queue.
#[derive(Debug, Clone, Copy)]
pub struct ShortestQueue;

impl Kind for ShortestQueue {
    type State = Self;

    const SPELLING: &'static str = "shortest-queue";
    const NAME: &'static str = "shortest queue";
    const TITLE: &'static str = "Shortest queue";
    const SENTENCE: &'static str = "The fewest requests among all servers.";
    const PARAMETERS: Option<Parameters<Self>> = None;
    const SEES: &'static [Sight] = &[Sight::InSystem];
    const KNOWS: Knows = Knows::AllQueues;
    const DRAWS: bool = true;

    fn spread(&self) -> Spread {
        Spread::ByServers { fair: true }
    }

    fn table(&self, _weights: f64) -> f64 {
        0.0
    }

    fn state(&self, _weights: &[u32]) -> Self::State {
        Self
    }
}

impl Chooser for ShortestQueue {
    #[inline(always)]
    fn pick(
        &mut self,
        view: &View<'_>,
        _client: &Client,
        _now: f64,
        random: &mut Uniforms<1>,
    ) -> Option<u32> {
        least(view.in_system, view, random)
    }
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
