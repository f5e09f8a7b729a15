//! Balancers in front of a group of servers: what they see, and what they are told.

use super::program::GroupSpec;
use crate::balancing::health::Watch;
use crate::balancing::{Balancer, Client, Sight, View};
use crate::random::{Purpose, Uniforms};

/// A group of servers, and its balancers.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub(super) first: u32,
    weights: Vec<u32>,
    /// Requests at each server: the truth.
    pub(super) in_system: Vec<u32>,
    /// The fullest and the emptiest server, where somebody has asked.
    extremes: Option<Extremes>,
    /// Seconds of work at each server, filled in where a policy asks for it.
    pub(super) work_left: Vec<f64>,
    pub(super) needs_work_left: bool,
    pub(super) wants_idle_reports: bool,
    pub(super) is_watched: bool,
    balancers: Vec<OwnView>,
    turn: u32,
    chance: Uniforms<1>,
    reports: Uniforms<1>,
    /// Failures after which a server is passed over, where they count.
    max_fails: u32,
    /// Room for a flag a server.
    flags: Vec<bool>,
}

/// The largest and the smallest of some counts that change by one at a time.
#[derive(Debug, Clone)]
struct Extremes {
    /// How many counts there are of each value.
    values: Vec<u32>,
    least: u32,
    most: u32,
}

impl Extremes {
    fn of(counts: &[u32]) -> Self {
        let most = counts.iter().copied().max().unwrap_or(0);
        let mut values = vec![0; most as usize + 1];
        for &count in counts {
            values[count as usize] += 1;
        }
        let least = counts.iter().copied().min().unwrap_or(0);
        Self {
            values,
            least,
            most,
        }
    }

    /// A count is `now` that was one less.
    fn grew(&mut self, now: u32) {
        if self.values.len() <= now as usize {
            self.values.resize(now as usize + 1, 0);
        }
        self.values[now as usize] += 1;
        let before = &mut self.values[now as usize - 1];
        *before -= 1;
        if *before == 0 && self.least == now - 1 {
            self.least = now;
        }
        self.most = self.most.max(now);
    }

    /// A count is `now` that was one more.
    fn shrank(&mut self, now: u32) {
        self.values[now as usize] += 1;
        let before = &mut self.values[now as usize + 1];
        *before -= 1;
        if *before == 0 && self.most == now + 1 {
            self.most = now;
        }
        self.least = self.least.min(now);
    }
}

/// One balancer and what it knows by itself.
#[derive(Debug, Clone)]
struct OwnView {
    balancer: Balancer,
    connections: Vec<u32>,
    /// What it believes of the servers, where that can be something else than that all are up.
    watch: Option<Box<Watch>>,
    /// When the outage of each server began that it found out last; NaN where it never did. Empty where it watches none.
    noticed: Vec<f64>,
}

/// How a request comes back from the server it was sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// Its path there ended.
    Well,
    /// It failed, or took too long.
    Failed,
    /// Nobody waits for it any more, through no fault of the server.
    NotAwaited,
}

/// The bit of a server in a register of those that were tried. Servers beyond the 64th share bits with others: one of them may be
/// passed over that was not tried.
pub(super) fn tried_bit(server: u32) -> u64 {
    1 << (server % u64::BITS)
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
            watch: spec.is_watched().then(|| Box::new(spec.watch())),
            noticed: if spec.is_watched() {
                vec![f64::NAN; spec.weights.len()]
            } else {
                Vec::new()
            },
        };
        let needs_work_left = spec.policy.looks_at(Sight::WorkLeft);
        Self {
            first: spec.first,
            weights: spec.weights.clone(),
            in_system: vec![0; spec.weights.len()],
            extremes: None,
            work_left: if needs_work_left {
                vec![0.0; spec.weights.len()]
            } else {
                Vec::new()
            },
            needs_work_left,
            wants_idle_reports: spec.policy.looks_at(Sight::IdleReports),
            is_watched: spec.is_watched(),
            balancers: vec![own; spec.balancers as usize],
            turn: 0,
            chance: Uniforms::new(seed, replication, Purpose::Balancer(number)),
            reports: Uniforms::new(seed, replication, Purpose::IdleReport(number)),
            max_fails: spec.max_fails(),
            flags: Vec::new(),
        }
    }

    /// The balancer whose turn it is chooses a server; `tried` are the bits of those that this request was sent to before.
    #[inline(always)]
    pub(super) fn choose(&mut self, client: u32, tried: u64, now: f64) -> Option<Choice> {
        let balancer = self.next_balancer();
        let own = &mut self.balancers[balancer as usize];
        let mut view = View {
            weights: &self.weights,
            connections: &own.connections,
            in_system: &self.in_system,
            work_left: &self.work_left,
            eligible: None,
        };
        if let Some(watch) = &mut own.watch {
            self.flags.clear();
            if tried != 0 {
                let servers = 0..view.servers();
                self.flags
                    .extend(servers.map(|server| tried & tried_bit(server) != 0));
            }
            let selection = watch.select(now, &self.flags);
            (view.eligible, view.weights) = (selection.eligible, selection.weights);
        }
        let server = own
            .balancer
            .choose(&view, &client_of(client), now, &mut self.chance)?;
        own.connections[server as usize] += 1;
        if let Some(watch) = &mut own.watch {
            watch.chosen(server, now);
        }
        Some(Choice { balancer, server })
    }

    /// The same for a policy that only polls servers, compiled where it is called.
    #[inline(always)]
    pub(super) fn poll(&mut self, now: f64) -> Option<Choice> {
        let balancer = self.next_balancer();
        let own = &mut self.balancers[balancer as usize];
        let view = View {
            weights: &self.weights,
            connections: &own.connections,
            in_system: &self.in_system,
            work_left: &self.work_left,
            eligible: None,
        };
        let server = own.balancer.poll(&view, now, &mut self.chance)?;
        own.connections[server as usize] += 1;
        Some(Choice { balancer, server })
    }

    #[inline(always)]
    fn next_balancer(&mut self) -> u32 {
        let balancer = self.turn;
        self.turn += 1;
        if self.turn as usize == self.balancers.len() {
            self.turn = 0;
        }
        balancer
    }

    /// A request comes back from its server after `response` seconds.
    #[inline(always)]
    pub(super) fn returned(&mut self, choice: Choice, now: f64, response: f64, answer: Answer) {
        let own = &mut self.balancers[choice.balancer as usize];
        own.connections[choice.server as usize] -= 1;
        own.balancer
            .returned(choice.server, now, response, answer == Answer::Well);
        if answer == Answer::Failed && self.max_fails > 0 && self.weights.len() > 1 {
            own.balancer.failed(choice.server, self.max_fails);
        }
    }

    /// What a balancer believes of the servers, where it is not that all are up.
    #[inline(always)]
    pub(super) fn watch(&mut self, balancer: u32) -> Option<&mut Watch> {
        self.balancers[balancer as usize].watch.as_deref_mut()
    }

    /// A balancer finds out that a server is down, in an outage since this moment; true if it had not found that out before.
    pub(super) fn notice(&mut self, balancer: u32, server: u32, since: f64) -> bool {
        let noticed = self.balancers[balancer as usize]
            .noticed
            .get_mut(server as usize);
        noticed.is_some_and(|it| std::mem::replace(it, since) != since)
    }

    /// How many balancers there are.
    pub(super) fn balancers(&self) -> u32 {
        u32::try_from(self.balancers.len()).expect("at most a thousand balancers")
    }

    /// A request comes to a server.
    #[inline(always)]
    pub(super) fn came(&mut self, server: u32) {
        let present = &mut self.in_system[server as usize];
        *present += 1;
        if let Some(extremes) = &mut self.extremes {
            extremes.grew(*present);
        }
    }

    /// A request leaves a server; returns how many are left.
    #[inline(always)]
    pub(super) fn went(&mut self, server: u32) -> u32 {
        let present = &mut self.in_system[server as usize];
        *present -= 1;
        if let Some(extremes) = &mut self.extremes {
            extremes.shrank(*present);
        }
        *present
    }

    /// Requests at the fullest server less those at the emptiest.
    pub(super) fn imbalance(&mut self) -> u32 {
        let in_system = &self.in_system;
        let extremes = self.extremes.get_or_insert_with(|| Extremes::of(in_system));
        extremes.most - extremes.least
    }

    /// A server has become idle: it tells one balancer.
    pub(super) fn became_idle(&mut self, server: u32) {
        let count = self.balancers();
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

impl GroupSpec {
    /// Whether balancers may believe something else than that all servers are up.
    pub(super) fn is_watched(&self) -> bool {
        self.health.is_some() || self.is_mortal || self.backups.contains(&true)
    }

    fn watch(&self) -> Watch {
        let health = self.health.clone().unwrap_or_default();
        Watch::new(&health, &self.weights, &self.backups)
    }

    /// Failures after which nginx passes a server over; nothing where nobody counts them.
    fn max_fails(&self) -> u32 {
        let passive = self.health.as_ref().and_then(|it| it.passive.as_ref());
        passive.map_or(0, |it| it.max_fails)
    }
}

/// Address and key of a client: its number, scattered by an odd multiplier (a bijection), as addresses are.
fn client_of(number: u32) -> Client {
    Client {
        address: number.wrapping_mul(0x9e37_79b1),
        key: u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Uniforms;

    #[test]
    fn extremes_follow_their_counts() {
        let mut counts = [0, 3, 1, 0, 2];
        let mut extremes = Extremes::of(&counts);
        let mut chance = Uniforms::<1>::new(1, 0, Purpose::Up(0));
        for _ in 0..10_000 {
            let count = &mut counts[chance.below(5) as usize];
            if *count > 0 && chance.below(2) == 0 {
                *count -= 1;
                extremes.shrank(*count);
            } else {
                *count += 1;
                extremes.grew(*count);
            }
            let expected = (counts.iter().min(), counts.iter().max());
            assert_eq!((Some(&extremes.least), Some(&extremes.most)), expected);
        }
    }
}
