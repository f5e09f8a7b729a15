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

/// One policy of each kind, and one with an unusual parameter.
pub(super) fn policies() -> impl Iterator<Item = Policy> {
    Policy::all().chain([Policy::PowerOfChoices(PowerOfChoices { choices: 5 })])
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
        let weights: [Vec<u32>; 2] = [(1..=10).collect(), vec![3; 10]];
        let is_left_to_chance = weights.map(|weights| {
            let [first, second, other] = [1, 1, 2].map(|seed| run(&policy, &weights, seed, 1000));
            assert_eq!(first, second, "{policy:?}");
            first != other
        });
        // Least request draws where weights are equal, and only there.
        let expected = [
            policy.draws() && policy != Policy::LeastRequest(LeastRequest::default()),
            policy.draws(),
        ];
        assert_eq!(is_left_to_chance, expected, "{policy:?}");
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

#[test]
fn what_policies_say_of_themselves_is_theirs_alone() {
    type Saying = fn(&Policy) -> String;
    let sayings: [Saying; 4] = [
        |it| it.spelling().to_owned(),
        |it| it.name().to_owned(),
        |it| it.title().to_owned(),
        |it| it.sentence().to_owned(),
    ];
    for of in sayings {
        let mut said: Vec<String> = Policy::all().map(|it| of(&it)).collect();
        assert!(said.iter().all(|it| !it.trim().is_empty()), "{said:?}");
        let count = said.len();
        said.sort();
        said.dedup();
        assert_eq!(said.len(), count, "{said:?}");
    }
    for policy in Policy::all() {
        let sentence = policy.sentence();
        let is_one = sentence.ends_with('.') && sentence.matches(". ").count() == 0;
        assert!(
            is_one && sentence.starts_with(char::is_uppercase),
            "{sentence}"
        );
        let spelling = policy.spelling();
        let allowed = |it: char| it.is_ascii_lowercase() || it == '-';
        assert!(spelling.chars().all(allowed), "{spelling}");
        assert_eq!(Policy::parse("policy", spelling).unwrap(), policy);
    }
}

#[test]
fn in_files_a_policy_has_the_name_of_the_command_line_with_underscores() {
    for policy in Policy::all() {
        let name = policy.spelling().replace('-', "_");
        let mut written = serde_json::to_value(&policy).unwrap();
        if let Some(parameters) = written.as_object() {
            assert_eq!(parameters.keys().collect::<Vec<_>>(), [&name]);
            written = name.clone().into();
        }
        assert_eq!(written, name);
    }
}

/// Servers and clients of which every part can be another: for each thing that can be seen, by which numbers it is drawn.
#[derive(Clone, Copy)]
struct World([u64; Sight::ALL.len()]);

impl World {
    /// The same but for one thing.
    fn with_other(mut self, sight: Sight) -> Self {
        self.0[sight as usize] += 1000;
        self
    }

    /// A number below `limit` that a part of the world has at a step and a server.
    fn draw(&self, sight: Sight, step: u64, server: u64, limit: u64) -> u32 {
        let number = nth(nth(hash(self.0[sight as usize]), step + 1), server + 1);
        u32::try_from(number % limit).unwrap()
    }

    fn each(&self, sight: Sight, step: u64, limit: u64) -> [u32; 8] {
        std::array::from_fn(|server| self.draw(sight, step, server as u64, limit))
    }

    /// What a new balancer chooses in this world.
    fn choices(&self, policy: &Policy) -> Vec<u32> {
        let weights = self.each(Sight::Weights, 0, 5).map(|weight| weight + 1);
        let mut balancer = Balancer::new(policy, &weights);
        let mut random = stream(1);
        let choices = (0..300).map(|step| {
            let now = step as f64 * 0.1;
            let view = View {
                weights: &weights,
                connections: &self.each(Sight::Connections, step, 6),
                in_system: &self.each(Sight::InSystem, step, 6),
                work_left: &self.each(Sight::WorkLeft, step, 1 << 20).map(f64::from),
                eligible: None,
            };
            let client = keyed(self.draw(Sight::Client, step, 0, 1 << 30).into());
            let server = balancer.choose(&view, &client, now, &mut random).unwrap();
            let response = self.draw(Sight::Responses, step, server.into(), 100) + 1;
            balancer.returned(server, now, f64::from(response) * 0.01, true);
            balancer.became_idle(self.draw(Sight::IdleReports, step, 0, 8));
            server
        });
        choices.collect()
    }
}

#[test]
fn policies_see_what_they_say_and_nothing_else() {
    let world = World([1, 2, 3, 4, 5, 6, 7]);
    for policy in policies() {
        let choices = world.choices(&policy);
        let matters = |sight: &Sight| world.with_other(*sight).choices(&policy) != choices;
        let seen: Vec<Sight> = Sight::ALL.into_iter().filter(matters).collect();
        let said: Vec<Sight> = Sight::ALL
            .into_iter()
            .filter(|it| policy.looks_at(*it))
            .collect();
        assert_eq!(seen, said, "{policy:?}");
    }
}
