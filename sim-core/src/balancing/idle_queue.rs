//! Join the idle queue: servers report to a balancer when they become idle, so that a request finds an idle one without
//! anybody being polled.
//!
//! Each balancer keeps a queue of servers that told it of being idle. The first of them gets the next request and leaves the
//! queue; if it is empty, a server is drawn uniformly. Which balancer a server tells is drawn uniformly, outside of here.
//! Source: Lu, Xie, Kliot, Geller, Larus and Greenberg, "Join-idle-queue" (Performance Evaluation 68, 2011), JIQ-Random.
//!
//! A server stays in the queue when another balancer sends it a request meanwhile, and may then not be idle any more. It is
//! in one balancer's queue at most once. One that is not eligible keeps its place. Weights are not regarded.

use std::collections::VecDeque;

use super::kind::{Chooser, Kind, Parameters};
use super::{Client, Knows, Sight, Spread, View, draw};
use crate::random::Uniforms;

/// Join the idle queue.
#[derive(Debug, Clone, Copy)]
pub struct IdleQueue;

impl Kind for IdleQueue {
    type State = State;

    const SPELLING: &'static str = "idle-queue";
    const NAME: &'static str = "join the idle queue";
    const TITLE: &'static str = "Join the idle queue";
    const SENTENCE: &'static str = "A server that told of being idle.";
    const PARAMETERS: Option<Parameters<Self>> = None;
    const SEES: &'static [Sight] = &[Sight::IdleReports];
    const KNOWS: Knows = Knows::IdleServers;
    const DRAWS: bool = true;

    fn spread(&self) -> Spread {
        Spread::ByServers { fair: false }
    }

    fn table(&self, _weights: f64) -> f64 {
        0.0
    }

    fn state(&self, weights: &[u32]) -> Self::State {
        State::new(weights.len())
    }
}

/// The servers that reported to this balancer.
#[derive(Debug, Clone)]
pub(super) struct State {
    idle: VecDeque<u32>,
    is_listed: Vec<bool>,
}

impl Chooser for State {
    #[inline(always)]
    fn pick(
        &mut self,
        view: &View<'_>,
        _client: &Client,
        _now: f64,
        random: &mut Uniforms<1>,
    ) -> Option<u32> {
        self.choose(view, random)
    }

    #[inline]
    fn became_idle(&mut self, server: u32) {
        if !std::mem::replace(&mut self.is_listed[server as usize], true) {
            self.idle.push_back(server);
        }
    }
}

impl State {
    pub(super) fn new(servers: usize) -> Self {
        Self {
            idle: VecDeque::with_capacity(servers),
            is_listed: vec![false; servers],
        }
    }

    #[inline]
    pub(super) fn choose(&mut self, view: &View<'_>, random: &mut Uniforms<1>) -> Option<u32> {
        let first = self
            .idle
            .iter()
            .position(|&server| view.is_eligible(server));
        match first.and_then(|at| self.idle.remove(at)) {
            Some(server) => {
                self.is_listed[server as usize] = false;
                Some(server)
            }
            None => draw::any(view, random),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{stream, view};
    use super::*;

    #[test]
    fn reports_are_taken_in_order_and_once() {
        let (mut state, mut random) = (State::new(4), stream(1));
        let weights = [1; 4];
        let all = view(&weights, &[0; 4]);
        for server in [2, 0, 2, 3] {
            state.became_idle(server);
        }
        let without_2 = View {
            eligible: Some(&[true, true, false, true]),
            ..all
        };
        assert_eq!(state.choose(&without_2, &mut random), Some(0));
        assert_eq!(state.choose(&all, &mut random), Some(2));
        state.became_idle(2);
        assert_eq!(state.choose(&all, &mut random), Some(3));
        assert_eq!(state.choose(&all, &mut random), Some(2));
    }

    #[test]
    fn where_nobody_reported_chance_decides() {
        let (mut state, mut random) = (State::new(4), stream(2));
        let weights = [1; 4];
        let mut counts = [0_u32; 4];
        for _ in 0..40_000 {
            let server = state.choose(&view(&weights, &[0; 4]), &mut random).unwrap();
            counts[server as usize] += 1;
        }
        // 10 000 ± 87.
        assert!(
            counts.iter().all(|count| count.abs_diff(10_000) < 435),
            "{counts:?}"
        );
    }
}
