//! A policy at work.

use super::kind::{Chooser, Kind};
use super::table::State;
use super::{Client, Policy, View};
use crate::random::Uniforms;

/// A policy with its state: one for each balancer.
#[derive(Debug, Clone)]
pub struct Balancer {
    state: State,
    weights: Vec<u32>,
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
        each_state!(&mut self.state, it => it.pick(view, client, now, random))
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
        // No closures: the page's profile, which makes code small, need not inline them.
        let polled = each_state!(&mut self.state, it of Own => {
            if Own::POLLS {
                Some(it.pick(view, &Client::NOBODY, now, random))
            } else {
                None
            }
        });
        match polled {
            Some(choice) => choice,
            None => self.choose(view, &Client::NOBODY, now, random),
        }
    }

    /// The request that this balancer sent to `server` came back at `now`, `response` seconds after it was sent. Whether it
    /// succeeded makes no difference to any of these policies.
    #[inline]
    pub fn returned(&mut self, server: u32, now: f64, response: f64, _ok: bool) {
        each_state!(&mut self.state, it => it.returned(server, now, response));
    }

    /// A request to `server` failed, with `max_fails` as in [`MaxFails`](super::health::MaxFails): the policies that are nginx's
    /// lower the server's weight by a `max_fails`-th for a while.
    pub fn failed(&mut self, server: u32, max_fails: u32) {
        let weight = self.weights[server as usize];
        each_state!(&mut self.state, it => it.failed(server, weight, max_fails));
    }

    /// `server` has just become idle and tells this balancer, drawn uniformly among all of them. To start with idle servers,
    /// call it for each of them once.
    #[inline]
    pub fn became_idle(&mut self, server: u32) {
        each_state!(&mut self.state, it => it.became_idle(server));
    }
}
