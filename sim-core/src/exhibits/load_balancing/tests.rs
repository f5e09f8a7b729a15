//! The exhibit at its defaults, where nothing is stable, and against theory.

use super::*;
use crate::exhibits::tests::sentences;
use crate::figure::Layer;
use crate::run::{Cancel, Plan, Stopping, run};

fn reports(params: &Params, replications: u64) -> Vec<Option<Report>> {
    let stopping = Stopping {
        precision: 0.05,
        replications,
        early: false,
    };
    let scenarios = LoadBalancing::scenarios(params).unwrap();
    let report = |mut scenario: Scenario| {
        if let Horizon::Steady { requests } = &mut scenario.horizon {
            *requests = Some(6_000);
        }
        let plan = Plan::new(&scenario, 5).unwrap();
        Some(run(&plan, &stopping, 1, &Cancel::default(), &|_| {}))
    };
    scenarios.into_iter().map(report).collect()
}

fn words(params: &Params, reports: &[Option<Report>]) -> String {
    sentences(&LoadBalancing::readouts(params, reports)).join(" ")
}

fn named(policy: Policy) -> NamedPolicy {
    NamedPolicy(policy)
}

#[test]
fn every_policy_reads_back_under_its_name() {
    for (name, _) in named::OPTIONS {
        let policy = NamedPolicy::try_from((*name).to_owned()).unwrap();
        assert_eq!(String::from(policy), *name);
    }
    assert_eq!(named::OPTIONS.len(), Policy::all().count());
}

#[test]
fn only_the_policy_differs() {
    let scenarios = LoadBalancing::scenarios(&Params::default()).unwrap();
    let without = |scenario: &Scenario| {
        let mut scenario = scenario.clone();
        scenario.name.clear();
        if let Some(crate::scenario::Resource::Group(group)) = scenario.resources.get_mut(SERVERS) {
            group.policy = Policy::Random;
        }
        scenario
    };
    for pair in scenarios.chunks(2) {
        assert_ne!(pair[0], pair[1]);
        assert_eq!(without(&pair[0]), without(&pair[1]));
    }
    let scenes = LoadBalancing::animated(&Params::default());
    let watched: Vec<_> = scenes.iter().map(|it| &it.scenario).collect();
    assert_eq!(watched, [&scenarios[0], &scenarios[1]]);
}

#[test]
fn utilization_counts_all_servers_at_their_speed() {
    for speeds in [Speeds::Equal, Speeds::OneSlow, Speeds::FastWeighted] {
        let params = Params {
            policy_a: named(Policy::ShortestQueue),
            utilization: 0.7,
            speeds,
            ..Params::default()
        };
        let load = LoadBalancing::scenarios(&params).unwrap()[0].load();
        assert!((load.resources[0].utilization - 0.7).abs() < 1e-12);
    }
}

/// The chance that a 95 % interval misses is one in twenty; the seed is one where it does not.
#[test]
fn two_choices_beat_round_robin_and_the_sentence_says_by_how_much() {
    let params = Params::default();
    let reports = reports(&params, 8);
    let said = words(&params, &reports);
    assert!(
        said.contains("Power of two choices is ")
            && said.contains("faster at P99 than round robin"),
        "{said}"
    );
    assert!(said.contains("on the same requests"), "{said}");
    let figures = LoadBalancing::figures(&params, &reports);
    let shares = figures[2].layers.iter().find_map(|layer| match layer {
        Layer::Bars { bars, .. } => Some(bars.iter().map(|bar| bar.value).sum::<f64>()),
        _ => None,
    });
    // All but those faster than a hundredth of the mean work.
    assert!((0.99..=1.0).contains(&shares.unwrap()), "{shares:?}");
    let curve = figures[0].layers.iter().find_map(|layer| match layer {
        Layer::Line { points, label, .. } if label == "round robin" => Some(points),
        _ => None,
    });
    let curve = curve.unwrap();
    assert!(
        curve
            .windows(2)
            .all(|pair| pair[0].0 <= pair[1].0 && pair[0].1 <= pair[1].1)
    );
    assert_eq!(curve.last().unwrap().0, 2_000.0);
}

#[test]
fn the_same_policy_twice_makes_no_difference() {
    let params = Params {
        policy_b: Params::default().policy_a,
        ..Params::default()
    };
    assert!(words(&params, &reports(&params, 4)).contains("the same policy"));
}

#[test]
fn a_server_that_gets_too_much_leaves_words_and_no_number() {
    // Round robin gives the slow server a tenth of 8.1 servers' work and half a server to do it.
    let certain = Params {
        speeds: Speeds::OneSlow,
        ..Params::default()
    };
    let scenarios = LoadBalancing::scenarios(&certain).unwrap();
    assert!(matches!(scenarios[0].horizon, Horizon::Transient { .. }));
    assert!(matches!(scenarios[1].horizon, Horizon::Steady { .. }));
    // A hash of few busy clients is found out only by running it.
    let found = Params {
        policy_a: named(Policy::IpHash),
        client_skew: 1.5,
        ..Params::default()
    };
    for params in [certain, found] {
        let reports = reports(&params, 4);
        let said = words(&params, &reports);
        assert!(said.contains("gets more than it can do"), "{said}");
        assert!(
            !said.contains("faster") && !said.contains("slower"),
            "{said}"
        );
        let figure = &LoadBalancing::figures(&params, &reports)[0];
        assert!(
            figure
                .notes
                .iter()
                .any(|note| note.contains("no steady state"))
        );
        let drawn = |layer: &&Layer| matches!(layer, Layer::Dots { .. });
        assert_eq!(figure.layers.iter().filter(drawn).count(), 1);
    }
}

#[test]
fn theory_of_random_choice_is_that_of_one_server() {
    let figure = &LoadBalancing::figures(&Params::default(), &[])[0];
    let points = figure.layers.iter().find_map(|layer| match layer {
        Layer::Line { points, label, .. } if label == "random (theory)" => Some(points),
        _ => None,
    });
    // M/M/1: exponential with mean 10 ms/(1 − 0.85).
    for (rare, time) in points.unwrap() {
        let expected = 0.010 / 0.15 * libm::log(*rare);
        assert!((time / expected - 1.0).abs() < 1e-9, "{rare}: {time}");
    }
}

#[test]
fn the_command_names_what_is_not_default() {
    let params = Params {
        policy_b: named(Policy::LeastConnections),
        speeds: Speeds::OneSlow,
        ..Params::default()
    };
    assert_eq!(
        LoadBalancing::command(&params, 7, 32).unwrap(),
        "cargo run --release -p sim-core --example batch -- exhibit load-balancing --set policy_b=least-connections \
         --set speeds=one-slow --seed 7 --replications 32"
    );
}

#[test]
fn queues_grow_apart_and_two_choices_keep_them_together() {
    let params = Params::default();
    let reports = reports(&params, 8);
    let figure = &LoadBalancing::figures(&params, &reports)[1];
    let curve = |name: &str| {
        let found = figure.layers.iter().find_map(|layer| match layer {
            Layer::Line { points, label, .. } if label == name => Some(points),
            _ => None,
        });
        found.unwrap().clone()
    };
    let (first, second) = (curve("round robin"), curve("power of two choices"));
    assert_eq!((first.len(), first[0].0), (30, 0.05));
    assert!(first[0].1 < first[29].1 && second[29].1 < 0.6 * first[29].1);
    let ribbons = figure.layers.iter().filter_map(|layer| match layer {
        Layer::Ribbon { points, .. } => Some(points),
        _ => None,
    });
    for (ribbon, line) in ribbons.zip([&first, &second]) {
        let within = |((x, low, high), (time, y)): (&(f64, f64, f64), &(f64, f64))| {
            x == time && low < y && y < high
        };
        assert!(ribbon.iter().zip(line).all(within));
    }
    let said = words(&params, &reports);
    assert!(
        said.contains("from an empty start the fullest server has"),
        "{said}"
    );
}

/// Replications are compared one by one, so both sides have to be watched over the same time.
#[test]
fn both_sides_discard_the_same_time_in_every_situation() {
    for preset in LoadBalancing::PRESETS {
        let pairs: Vec<(String, String)> = preset
            .values
            .iter()
            .map(|&(key, value)| (key.to_owned(), value.to_owned()))
            .collect();
        let entry: &dyn crate::exhibits::Entry = &LoadBalancing;
        let (setting, errors) = entry.open(&pairs);
        assert!(errors.is_empty(), "{errors:?}");
        let scenarios = setting.scenarios().unwrap();
        let [first, second] = [&scenarios[0], &scenarios[1]].map(|scenario| {
            Plan::new(scenario, crate::run::EXHIBIT_SEED)
                .unwrap()
                .warm_up()
        });
        assert_eq!(first, second, "{}", preset.id);
    }
}
