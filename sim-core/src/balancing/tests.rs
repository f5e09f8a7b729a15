//! What holds for every policy, and what the policies' own tests share.

use super::*;
use crate::random::{Purpose, Uniforms, hash, nth};

/// A stream for tests.
pub(super) fn stream(seed: u64) -> Uniforms<1> {
    Uniforms::new(seed, 0, Purpose::Service)
}

/// A view in which this balancer's requests are all there are.
pub(super) fn view<'a>(weights: &'a [u32], connections: &'a [u32]) -> View<'a> {
    View {
        weights,
        connections,
        in_system: connections,
        work_left: &[],
        eligible: None,
    }
}

/// A client with this key, of some network.
pub(super) fn keyed(key: u64) -> Client {
    let [.., a, b, c, d] = hash(key).to_be_bytes();
    Client {
        address: u32::from_be_bytes([a, b, c, d]),
        key,
    }
}

/// One policy of each kind.
pub(super) fn policies() -> Vec<Policy> {
    vec![
        Policy::Random,
        Policy::RoundRobin,
        Policy::WeightedRoundRobin,
        Policy::LeastConnections,
        Policy::IpHash,
        Policy::ConsistentHash(ConsistentHash::default()),
        Policy::Maglev(Maglev::default()),
        Policy::Rendezvous,
        Policy::BoundedHash(BoundedHash::default()),
        Policy::PowerOfChoices(PowerOfChoices::default()),
        Policy::PowerOfChoices(PowerOfChoices { choices: 5 }),
        Policy::ShortestQueue,
        Policy::LeastWork,
        Policy::IdleQueue,
        Policy::PeakEwma(PeakEwma::default()),
        Policy::LeastRequest(LeastRequest::default()),
        Policy::Prequal(Prequal::default()),
        Policy::RandomTwo,
    ]
}

/// The first choices of a new balancer for as many clients while the view stays the same.
pub(super) fn chosen(policy: &Policy, view: &View<'_>, choices: u64) -> Vec<u32> {
    let mut balancer = Balancer::new(policy, view.weights);
    let mut random = stream(7);
    (0..choices)
        .map(|key| {
            let choice = balancer.choose(view, &keyed(key), 0.0, &mut random);
            choice.expect("somebody is eligible")
        })
        .collect()
}

/// How often each of `servers` was chosen.
pub(super) fn counts(choices: &[u32], servers: usize) -> Vec<u32> {
    let mut counts = vec![0; servers];
    for &server in choices {
        counts[server as usize] += 1;
    }
    counts
}

/// Servers that take what they are sent, finish it in the order of a hash, and are sometimes not eligible.
struct Bench {
    weights: Vec<u32>,
    balancer: Balancer,
    connections: Vec<u32>,
    work_left: Vec<f64>,
    under_way: Vec<(u32, f64)>,
    random: Uniforms<1>,
}

impl Bench {
    fn new(policy: &Policy, weights: Vec<u32>, seed: u64) -> Self {
        let n = weights.len();
        Self {
            balancer: Balancer::new(policy, &weights),
            weights,
            connections: vec![0; n],
            work_left: vec![0.0; n],
            under_way: Vec::new(),
            random: stream(seed),
        }
    }

    fn send(&mut self, step: u64, now: f64, eligible: Option<&[bool]>) -> Option<u32> {
        let view = View {
            work_left: &self.work_left,
            eligible,
            ..view(&self.weights, &self.connections)
        };
        let client = keyed(step);
        let server = self
            .balancer
            .choose(&view, &client, now, &mut self.random)?;
        self.connections[server as usize] += 1;
        self.work_left[server as usize] += 1.0;
        self.under_way.push((server, now));
        Some(server)
    }

    /// Ends one of the requests under way.
    fn end(&mut self, step: u64, now: f64) {
        let at = hash(step) % self.under_way.len() as u64;
        let (server, sent) = self.under_way.swap_remove(usize::try_from(at).unwrap());
        self.connections[server as usize] -= 1;
        self.work_left[server as usize] -= 1.0;
        self.balancer
            .returned(server, now, now - sent, !step.is_multiple_of(5));
        if self.connections[server as usize] == 0 {
            self.balancer.became_idle(server);
        }
    }
}

/// A run with changing eligibility; checks each choice.
fn run(policy: &Policy, weights: &[u32], seed: u64, steps: u64) -> Vec<u32> {
    let mut bench = Bench::new(policy, weights.to_vec(), seed);
    let mut choices = Vec::new();
    for step in 0..steps {
        let now = step as f64 * 0.1;
        let eligible: Vec<bool> = (0..weights.len() as u64)
            .map(|server| !nth(hash(step), server + 9).is_multiple_of(4))
            .collect();
        let some = (!step.is_multiple_of(3)).then_some(eligible.as_slice());
        let choice = bench.send(step, now, some);
        let any = some.is_none_or(|eligible| eligible.contains(&true));
        assert_eq!(choice.is_some(), any, "{policy:?}");
        if let Some(server) = choice {
            let may = some.is_none_or(|eligible| eligible[server as usize]);
            assert!(may, "{policy:?} chose {server}, which is not eligible");
        }
        choices.extend(choice);
        if bench.under_way.len() > weights.len() {
            bench.end(step, now);
        }
    }
    choices
}

#[test]
fn choices_are_in_range_and_eligible() {
    for policy in policies() {
        for servers in [1, 2, 10, 1000] {
            let unequal: Vec<u32> = (0..servers).map(|server| 1 + server * 7 % 5).collect();
            for weights in [vec![3; servers as usize], unequal] {
                let choices = run(&policy, &weights, 1, 300);
                assert!(choices.iter().all(|&server| server < servers));
            }
        }
    }
}

#[test]
fn nobody_is_chosen_where_nobody_is_eligible() {
    for policy in policies() {
        for servers in [0, 1, 2, 10, 1000] {
            let mut bench = Bench::new(&policy, vec![2; servers], 1);
            let nobody = vec![false; servers];
            assert_eq!(bench.send(1, 0.0, Some(&nobody)), None, "{policy:?}");
            assert_eq!(
                bench.send(2, 0.0, None).is_some(),
                servers > 0,
                "{policy:?}"
            );
            assert_eq!(bench.send(3, 0.0, Some(&nobody)), None, "{policy:?}");
        }
    }
}

#[test]
fn the_only_eligible_server_is_chosen() {
    for policy in policies() {
        let mut bench = Bench::new(&policy, vec![5, 1, 1, 9, 1, 3], 1);
        for step in 0..100 {
            let mut eligible = [false; 6];
            let only = u32::try_from(step % 6).unwrap();
            eligible[only as usize] = true;
            let choice = bench.send(step, 0.0, Some(&eligible));
            assert_eq!(choice, Some(only), "{policy:?}");
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_choices() {
    for policy in policies() {
        let weights: Vec<u32> = (1..=10).collect();
        let [first, second, other] = [1, 1, 2].map(|seed| run(&policy, &weights, seed, 1000));
        assert_eq!(first, second, "{policy:?}");
        let by_chance = !matches!(
            policy,
            Policy::RoundRobin
                | Policy::WeightedRoundRobin
                | Policy::LeastConnections
                | Policy::IpHash
                | Policy::ConsistentHash(_)
                | Policy::Maglev(_)
                | Policy::Rendezvous
                | Policy::BoundedHash(_)
                | Policy::LeastRequest(_)
        );
        assert_eq!(first != other, by_chance, "{policy:?}");
    }
}

#[test]
fn in_the_long_run_weights_are_respected() {
    let weights = [1, 2, 3, 4];
    let without_bias = LeastRequest {
        active_request_bias: 0.0,
        ..LeastRequest::default()
    };
    // How far from its weight's share a server's may be, and why.
    for (policy, tolerance) in [
        (Policy::WeightedRoundRobin, 0.001), // Exact in every ten.
        (Policy::LeastConnections, 0.001),   // Exact in every ten while nothing ends.
        (Policy::LeastRequest(without_bias), 0.001), // Weighted turns.
        (Policy::Rendezvous, 0.03),          // 5 standard deviations of 3000 in 30 000.
        (Policy::Maglev(Maglev::default()), 0.03), // The same.
        (Policy::IpHash, 0.03),              // The same; 6271 mod 10 is 1.
        (Policy::ConsistentHash(ConsistentHash::default()), 0.25), // 3 of 1/√160 at weight 1.
        (Policy::BoundedHash(BoundedHash::default()), 0.26), // At most 1.25 times its share.
    ] {
        let mut bench = Bench::new(&policy, weights.to_vec(), 1);
        let choices: Vec<u32> = (0..30_000)
            .filter_map(|step| bench.send(step, 0.0, None))
            .collect();
        for (count, weight) in counts(&choices, 4).into_iter().zip(weights) {
            let share = f64::from(count) / f64::from(3000 * weight);
            assert!(
                (share - 1.0).abs() < tolerance + 0.001,
                "{policy:?}: {share}"
            );
        }
    }
}
