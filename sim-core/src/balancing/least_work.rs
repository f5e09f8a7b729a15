//! Least work left: an oracle that knows how many seconds of work each server has, and takes the least; the tied draw
//! uniformly.
//!
//! To equal first-come-first-served servers it gives the waits of one central queue, G/G/c, since every request goes where it
//! begins first. Source: Harchol-Balter, "Performance modeling and design of computer systems" (2013), chapter 24. Weights are
//! not regarded.

use super::kind::{Chooser, Kind, Parameters};
use super::least::least;
use super::{Client, Knows, Sight, Spread, View};
use crate::random::Uniforms;

/// Least work left, as an oracle knows it.
#[derive(Debug, Clone, Copy)]
pub struct LeastWork;

impl Kind for LeastWork {
    type State = Self;

    const SPELLING: &'static str = "least-work";
    const NAME: &'static str = "least work left";
    const TITLE: &'static str = "Least work left (an oracle)";
    const SENTENCE: &'static str = "The least seconds of work, known to an oracle.";
    const PARAMETERS: Option<Parameters<Self>> = None;
    const SEES: &'static [Sight] = &[Sight::WorkLeft];
    const KNOWS: Knows = Knows::Work;
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

impl Chooser for LeastWork {
    #[inline]
    fn pick(
        &mut self,
        view: &View<'_>,
        _client: &Client,
        _now: f64,
        random: &mut Uniforms<1>,
    ) -> Option<u32> {
        choose(view, random)
    }
}

#[inline]
fn choose(view: &View<'_>, random: &mut Uniforms<1>) -> Option<u32> {
    least(view.work_left, view, random)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{stream, view};
    use super::*;

    #[test]
    fn the_least_work_wins_whatever_the_queues() {
        let view = View {
            work_left: &[3.0, 0.5, 0.25],
            eligible: Some(&[true, true, false]),
            ..view(&[1; 3], &[0, 7, 0])
        };
        assert_eq!(choose(&view, &mut stream(1)), Some(1));
    }

    #[test]
    fn it_reproduces_the_central_queue() {
        // The waits of Kiefer and Wolfowitz' recursion, by two servers' work as a heap would hold it: arrivals every second,
        // services as listed, by hand. Work before each arrival: (0,0) (2,0) (1,0) (0,2) (1,1).
        let mut work = [0.0_f64; 2];
        let mut random = stream(2);
        let mut waits = Vec::new();
        for service in [3.0, 1.0, 3.0, 2.0, 1.0] {
            let weights = [1; 2];
            let view = View {
                work_left: &work,
                ..view(&weights, &[0; 2])
            };
            let server = choose(&view, &mut random).unwrap() as usize;
            waits.push(work[server]);
            work[server] += service;
            work = work.map(|left| (left - 1.0).max(0.0));
        }
        assert_eq!(waits, [0.0, 0.0, 0.0, 0.0, 1.0]);
    }
}
