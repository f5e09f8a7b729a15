//! Loads that are known before a run against the loads that a run finds: whatever is said to be exact, or to lie between bounds, does.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use sim_core::balancing::Policy;
use sim_core::distribution::Distribution;
use sim_core::run::report::PlaceReport;
use sim_core::run::{Cancel, Plan, Stopping, run};
use sim_core::scenario::activity::{Abandoned, Attempt, Branch, Parallel, When};
use sim_core::scenario::{
    Activity, Arrivals, Class, Group, Member, Path, Pool, ResourceLoad, Scenario, Station,
};

use super::support::{details, long, open, station};

/// Scenarios of each kind that are tried.
const CASES: u32 = 120;

fn law() -> impl Strategy<Value = Distribution> {
    let mean = 0.02..0.3_f64;
    prop_oneof![
        mean.clone().prop_map(Distribution::exponential),
        mean.clone().prop_map(Distribution::deterministic),
        (mean, 0.1..3.0_f64).prop_map(|(mean, scv)| Distribution::with_scv(mean, scv)),
    ]
}

fn policy() -> impl Strategy<Value = Policy> {
    prop::sample::select(Policy::all().collect::<Vec<_>>())
}

/// Steps that may hold, branch, race and try again, around work at two stations and a group, and delays.
fn step() -> impl Strategy<Value = Activity> {
    let leaf = prop_oneof![
        law().prop_map(Activity::Delay),
        prop::sample::select(vec!["a", "b"]).prop_map(Activity::work),
        law().prop_map(|law| Activity::balance("web", vec![Activity::demand("web", law)])),
    ];
    leaf.prop_recursive(3, 10, 3, |inner| {
        let path = prop::collection::vec(inner, 1..3);
        prop_oneof![
            path.clone().prop_map(|path| {
                if holds(&path) {
                    Activity::repeat(1, path)
                } else {
                    Activity::hold("pool", path)
                }
            }),
            (1..3_u32, path.clone()).prop_map(|(times, path)| Activity::repeat(times, path)),
            (
                prop::collection::vec(path.clone(), 2..4),
                any::<bool>(),
                any::<bool>()
            )
                .prop_map(|(paths, some, runs_on)| Activity::Parallel(Parallel {
                    paths,
                    first: some.then_some(1),
                    rest: fate(runs_on),
                })),
            (0.0..0.5_f64, path.clone(), path.clone()).prop_map(|(share, path, other)| {
                Activity::Choose(vec![
                    Branch {
                        when: When::Share(share),
                        path,
                    },
                    Branch {
                        when: When::Otherwise,
                        path: other,
                    },
                ])
            }),
            (
                prop::option::of(0.05..0.5_f64),
                0..3_u32,
                any::<bool>(),
                path
            )
                .prop_map(|(timeout, retries, runs_on, path)| Activity::Attempt(
                    Attempt {
                        timeout,
                        retries,
                        backoff: None,
                        abandoned: fate(runs_on),
                        path,
                        otherwise: Some(vec![]),
                    }
                )),
        ]
    })
}

fn fate(runs_on: bool) -> Abandoned {
    if runs_on {
        Abandoned::RunsOn
    } else {
        Abandoned::Stops
    }
}

/// Whether a place of the pool is held somewhere: one who holds a place does not ask for another.
fn holds(path: &Path) -> bool {
    path.iter().any(|activity| {
        matches!(activity, Activity::Hold(_)) || activity.inner().iter().any(|(_, it)| holds(it))
    })
}

/// A scenario of such steps, in the steady state.
fn scenario() -> impl Strategy<Value = Scenario> {
    let path = prop::collection::vec(step(), 1..4);
    (
        path,
        policy(),
        0.5..3.0_f64,
        prop::option::of(2..4_u32),
        0.3..2.0_f64,
    )
        .prop_map(|(path, policy, speed, room, rate)| {
            let members = vec![
                Member {
                    count: 2,
                    ..Member::default()
                },
                Member {
                    speed,
                    weight: 2,
                    ..Member::default()
                },
            ];
            let scenario = Scenario::empty()
                .with_class("request", Class::new(Arrivals::poisson(rate)))
                .with_resource(
                    "a",
                    Station {
                        speed,
                        ..station(2, 6.0)
                    },
                )
                .with_resource(
                    "b",
                    Station {
                        room,
                        ..station(1, 8.0)
                    },
                )
                .with_resource(
                    "web",
                    Group {
                        members,
                        ..Group::new(0, policy)
                    },
                )
                .with_resource("pool", Pool::new(4))
                .with_path(path);
            long(scenario, 20_000)
        })
}

/// Whether everything found of a resource lies within what was known: its busiest server is `busy`, its visits end well or not.
fn within(known: &ResourceLoad, places: &[&PlaceReport]) -> Result<(), String> {
    let found = places.iter().filter_map(|place| {
        let it = place.utilization;
        Some((it.estimate?, it.high? - it.low?))
    });
    let Some((busiest, width)) = found.reduce(|a, b| if b.0 > a.0 { b } else { a }) else {
        return Ok(());
    };
    // Two widths of the interval on top of rounding, and of the busiest of several something more.
    let slack = 1.5 * width + 2e-3;
    if known.busy.admits(busiest, slack) {
        Ok(())
    } else {
        Err(format!("{known:?}: {busiest} ± {width}"))
    }
}

#[test]
fn whatever_is_known_before_a_run_is_found_by_it() {
    let config = Config {
        cases: CASES,
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let tried = std::cell::RefCell::new((0, 0));
    TestRunner::new_with_rng(config, rng)
        .run(&scenario(), |scenario| {
            let load = scenario.load();
            if !scenario.problems().is_empty() {
                // Refused: then it is too much for certain.
                prop_assert!(
                    load.certain_overload().is_some(),
                    "{:?}",
                    scenario.problems()
                );
                return Ok(());
            }
            let plan = Plan::on_calendar(&scenario, 5).unwrap();
            let stopping = Stopping {
                precision: 0.05,
                replications: 4,
                early: false,
            };
            let report = run(&plan, &stopping, 1, &Cancel::default(), &|_| {});
            if !report.stable {
                return Ok(());
            }
            for known in &load.resources {
                let places = &details(&report).places;
                let own: Vec<_> = places
                    .iter()
                    .filter(|it| it.resource == known.name)
                    .collect();
                prop_assert_eq!(within(known, &own), Ok(()), "{:#?}", scenario.path);
                let mut tried = tried.borrow_mut();
                tried.0 += 1;
                tried.1 += u32::from(known.busy.is_exact() && known.utilization > 0.0);
            }
            Ok(())
        })
        .unwrap();
    // Not everything may hide behind wide bounds.
    let (all, exact) = tried.into_inner();
    assert!(all > 200 && exact > 30, "{all} {exact}");
}

/// A stable system is never refused for a load that is only its guess.
#[test]
fn a_guess_refuses_nothing() {
    // Two copies of a slow look-up race, and the loser stops: each of them alone would be too much.
    let race = Activity::Parallel(Parallel {
        paths: vec![
            vec![Activity::work("server")],
            vec![Activity::Delay(Distribution::exponential(0.1))],
        ],
        first: Some(1),
        rest: Abandoned::Stops,
    });
    let scenario = open(1.5, station(1, 1.0)).with_path(vec![race]);
    assert_eq!(scenario.problems(), []);
    let load = scenario.load();
    assert_eq!(load.certain_overload(), None);
    assert!(load.resources[0].busy.high >= 1.0);
    let report = super::support::simulate(&long(scenario, 20_000));
    assert!(report.stable);
    // The same that runs on is too much, and refused.
    let race = Activity::Parallel(Parallel {
        paths: vec![
            vec![Activity::work("server")],
            vec![Activity::Delay(Distribution::exponential(0.1))],
        ],
        first: Some(1),
        rest: Abandoned::RunsOn,
    });
    let scenario = open(1.5, station(1, 1.0)).with_path(vec![race]);
    let problems: Vec<_> = scenario
        .problems()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        problems,
        [
            "resources.server: the load is 150% of capacity, so the queue grows without end; a steady state needs a utilization \
             below 100%"
        ]
    );
}
