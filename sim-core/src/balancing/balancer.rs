//! A policy at work.

use super::{
    Client, Policy, View, bounded_hash, consistent_hash, idle_queue, ip_hash, least_connections,
    least_request, least_work, maglev, peak_ewma, power_of_choices, prequal, random, random_two,
    rendezvous, round_robin, shortest_queue, weighted_round_robin,
};
use crate::random::Uniforms;

/// A policy with its state: one for each balancer.
#[derive(Debug, Clone)]
pub struct Balancer {
    state: State,
    weights: Vec<u32>,
}

/// What each policy has to remember.
#[derive(Debug, Clone)]
enum State {
    Random,
    RoundRobin(round_robin::State),
    WeightedRoundRobin(weighted_round_robin::State),
    LeastConnections(least_connections::State),
    IpHash(ip_hash::State),
    ConsistentHash(consistent_hash::Ring),
    Maglev(maglev::Table),
    Rendezvous(rendezvous::State),
    BoundedHash(bounded_hash::State),
    PowerOfChoices(power_of_choices::PowerOfChoices),
    ShortestQueue,
    LeastWork,
    IdleQueue(idle_queue::State),
    PeakEwma(peak_ewma::State),
    LeastRequest(least_request::State),
    Prequal(Box<prequal::State>),
    RandomTwo(random_two::State),
}

impl State {
    fn new(policy: &Policy, weights: &[u32]) -> Self {
        let n = weights.len();
        match policy {
            Policy::Random => Self::Random,
            Policy::RoundRobin => Self::RoundRobin(round_robin::State::default()),
            Policy::WeightedRoundRobin => {
                Self::WeightedRoundRobin(weighted_round_robin::State::new(n))
            }
            Policy::LeastConnections => Self::LeastConnections(least_connections::State::new(n)),
            Policy::IpHash => Self::IpHash(ip_hash::State::new(weights)),
            Policy::ConsistentHash(policy) => {
                Self::ConsistentHash(consistent_hash::Ring::new(policy.points, weights))
            }
            Policy::Maglev(policy) => Self::Maglev(maglev::Table::new(policy.table_size, weights)),
            Policy::Rendezvous => Self::Rendezvous(rendezvous::State::new(weights)),
            Policy::BoundedHash(policy) => {
                Self::BoundedHash(bounded_hash::State::new(policy, weights))
            }
            Policy::PowerOfChoices(policy) => Self::PowerOfChoices(policy.clone()),
            Policy::ShortestQueue => Self::ShortestQueue,
            Policy::LeastWork => Self::LeastWork,
            Policy::IdleQueue => Self::IdleQueue(idle_queue::State::new(n)),
            Policy::PeakEwma(policy) => Self::PeakEwma(peak_ewma::State::new(policy, n)),
            Policy::LeastRequest(policy) => {
                Self::LeastRequest(least_request::State::new(policy, weights))
            }
            Policy::Prequal(policy) => Self::Prequal(Box::new(prequal::State::new(policy, n))),
            Policy::RandomTwo => Self::RandomTwo(random_two::State::new(weights)),
        }
    }
}

impl Balancer {
    /// A balancer that follows `policy`, which is valid, for servers of these weights.
    ///
    /// # Panics
    /// If a weight is not in `1..=256`.
    pub fn new(policy: &Policy, weights: &[u32]) -> Self {
        let allowed = 1..=super::MAX_WEIGHT;
        assert!(
            weights.iter().all(|weight| allowed.contains(weight)),
            "a weight is not in 1..=256"
        );
        Self {
            state: State::new(policy, weights),
            weights: weights.to_vec(),
        }
    }

    /// Whether [`View::work_left`] must be filled in.
    pub fn needs_work_left(&self) -> bool {
        matches!(self.state, State::LeastWork)
    }

    /// The server for this request, at `now` seconds; `None` when none is eligible. The request is not yet counted in `view`,
    /// and `now` never goes back.
    #[inline]
    pub fn choose(
        &mut self,
        view: &View<'_>,
        client: &Client,
        now: f64,
        random: &mut Uniforms<1>,
    ) -> Option<u32> {
        match &mut self.state {
            State::Random => random::choose(view, random),
            State::RoundRobin(state) => state.choose(view),
            State::WeightedRoundRobin(state) => state.choose(view),
            State::LeastConnections(state) => state.choose(view),
            State::IpHash(state) => state.choose(view, client),
            State::ConsistentHash(ring) => ring.choose(view, client),
            State::Maglev(table) => table.choose(view, client),
            State::Rendezvous(state) => state.choose(view, client),
            State::BoundedHash(state) => state.choose(view, client),
            State::PowerOfChoices(policy) => policy.choose(view, random),
            State::ShortestQueue => shortest_queue::choose(view, random),
            State::LeastWork => least_work::choose(view, random),
            State::IdleQueue(state) => state.choose(view, random),
            State::PeakEwma(state) => state.choose(view, now, random),
            State::LeastRequest(state) => state.choose(view, random),
            State::Prequal(state) => state.choose(view, now, random),
            State::RandomTwo(state) => state.choose(view, random),
        }
    }

    /// The same for a policy that looks at nothing but [`View::in_system`]: compiled where it is called, since it is most of the work
    /// there.
    #[inline(always)]
    pub(crate) fn poll(
        &mut self,
        view: &View<'_>,
        now: f64,
        random: &mut Uniforms<1>,
    ) -> Option<u32> {
        match &mut self.state {
            State::ShortestQueue => shortest_queue::choose(view, random),
            State::PowerOfChoices(policy) => policy.choose(view, random),
            _ => self.choose(view, &Client::NOBODY, now, random),
        }
    }

    /// The request that this balancer sent to `server` came back at `now`, `response` seconds after it was sent. Whether it
    /// succeeded makes no difference to any of these policies.
    #[inline]
    pub fn returned(&mut self, server: u32, now: f64, response: f64, _ok: bool) {
        match &mut self.state {
            State::PeakEwma(state) => state.returned(server, now, response),
            State::Prequal(state) => state.returned(server, response),
            _ => {}
        }
    }

    /// A request to `server` failed, with `max_fails` as in [`MaxFails`](super::health::MaxFails): the policies that are nginx's
    /// lower the server's weight by a `max_fails`-th for a while.
    pub fn failed(&mut self, server: u32, max_fails: u32) {
        let weight = self.weights[server as usize];
        match &mut self.state {
            State::WeightedRoundRobin(state) => state.failed(server, weight, max_fails),
            State::LeastConnections(state) => state.failed(server, weight, max_fails),
            State::IpHash(state) => state.failed(server, weight, max_fails),
            State::RandomTwo(state) => state.failed(server, weight, max_fails),
            _ => {}
        }
    }

    /// `server` has just become idle and tells this balancer, drawn uniformly among all of them. To start with idle servers,
    /// call it for each of them once.
    #[inline]
    pub fn became_idle(&mut self, server: u32) {
        if let State::IdleQueue(state) = &mut self.state {
            state.became_idle(server);
        }
    }
}
