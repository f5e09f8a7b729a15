//! Balancers in front of a group of servers: what they see, and what they are told.

use super::program::GroupSpec;
use crate::balancing::{Balancer, Client, Policy, View};
use crate::random::{Purpose, Uniforms};

/// A group of servers, and its balancers.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub(super) first: u32,
    weights: Vec<u32>,
    /// Requests at each server: the truth.
    pub(super) in_system: Vec<u32>,
    /// Seconds of work at each server, filled in where a policy asks for it.
    pub(super) work_left: Vec<f64>,
    pub(super) needs_work_left: bool,
    pub(super) wants_idle_reports: bool,
    balancers: Vec<OwnView>,
    turn: u32,
    chance: Uniforms<1>,
    reports: Uniforms<1>,
}

/// One balancer and what it knows by itself.
#[derive(Debug, Clone)]
struct OwnView {
    balancer: Balancer,
    connections: Vec<u32>,
}

/// What a balancer chose.
#[derive(Debug, Clone, Copy)]
pub(super) struct Choice {
    pub(super) balancer: u32,
    pub(super) server: u32,
}

impl Choice {
    /// As one number, for a register.
    #[inline(always)]
    pub(super) fn packed(self) -> u64 {
        u64::from(self.balancer) << 32 | u64::from(self.server)
    }

    /// Back from [`Choice::packed`].
    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "two halves of 64 bits")]
    pub(super) fn unpacked(packed: u64) -> Self {
        Self {
            balancer: (packed >> 32) as u32,
            server: packed as u32,
        }
    }
}

impl Group {
    pub(super) fn new(spec: &GroupSpec, seed: u64, replication: u64) -> Self {
        let number = u16::try_from(spec.resource).expect("at most a thousand resources");
        let own = OwnView {
            balancer: Balancer::new(&spec.policy, &spec.weights),
            connections: vec![0; spec.weights.len()],
        };
        let needs_work_left = own.balancer.needs_work_left();
        Self {
            first: spec.first,
            weights: spec.weights.clone(),
            in_system: vec![0; spec.weights.len()],
            work_left: if needs_work_left {
                vec![0.0; spec.weights.len()]
            } else {
                Vec::new()
            },
            needs_work_left,
            wants_idle_reports: matches!(spec.policy, Policy::IdleQueue),
            balancers: vec![own; spec.balancers as usize],
            turn: 0,
            chance: Uniforms::new(seed, replication, Purpose::Balancer(number)),
            reports: Uniforms::new(seed, replication, Purpose::IdleReport(number)),
        }
    }

    /// The balancer whose turn it is chooses a server.
    #[inline(always)]
    pub(super) fn choose(&mut self, client: u32, now: f64) -> Option<Choice> {
        let balancer = self.turn;
        self.turn += 1;
        if self.turn as usize == self.balancers.len() {
            self.turn = 0;
        }
        let own = &mut self.balancers[balancer as usize];
        let view = View {
            weights: &self.weights,
            connections: &own.connections,
            in_system: &self.in_system,
            work_left: &self.work_left,
            eligible: None,
        };
        let server = own
            .balancer
            .choose(&view, &client_of(client), now, &mut self.chance)?;
        own.connections[server as usize] += 1;
        Some(Choice { balancer, server })
    }

    /// A request comes back from its server after `response` seconds.
    #[inline(always)]
    pub(super) fn returned(&mut self, choice: Choice, now: f64, response: f64, well: bool) {
        let own = &mut self.balancers[choice.balancer as usize];
        own.connections[choice.server as usize] -= 1;
        own.balancer.returned(choice.server, now, response, well);
    }

    /// A server has become idle: it tells one balancer.
    pub(super) fn became_idle(&mut self, server: u32) {
        let count = u32::try_from(self.balancers.len()).expect("at most a thousand balancers");
        let balancer = if count == 1 {
            0
        } else {
            self.reports.below(count)
        };
        self.balancers[balancer as usize]
            .balancer
            .became_idle(server);
    }
}

/// Address and key of a client: its number, scattered by an odd multiplier (a bijection), as addresses are.
fn client_of(number: u32) -> Client {
    Client {
        address: number.wrapping_mul(0x9e37_79b1),
        key: u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15),
    }
}
