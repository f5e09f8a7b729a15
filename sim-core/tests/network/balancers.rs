//! Groups of servers behind balancers.

use sim_core::balancing::{Policy, PowerOfChoices};
use sim_core::distribution::Distribution;
use sim_core::scenario::arrivals::Recorded;
use sim_core::scenario::{Activity, Arrivals, Class, Group, Horizon, Scenario, Station};

use crate::support::{check, details, estimate, exponential, long, open, simulate, station};

pub(crate) fn balanced(policy: Policy, servers: u32, utilization: f64) -> Scenario {
    let work = Activity::demand("web", exponential(1.0));
    let scenario = Scenario::empty()
        .with_class(
            "request",
            Class::new(Arrivals::poisson(utilization * f64::from(servers))),
        )
        .with_resource("web", Group::new(servers, policy))
        .with_path(vec![Activity::balance("web", vec![work])]);
    long(scenario, 60_000)
}

fn two_choices() -> Policy {
    Policy::PowerOfChoices(PowerOfChoices { choices: 2 })
}

#[test]
fn two_choices_approach_their_limit_as_servers_are_added() {
    let limit = 2.614_057;
    let mean = |servers| estimate(simulate(&balanced(two_choices(), servers, 0.9)).mean_response);
    let (few, more, many) = (mean(10), mean(50), mean(400));
    assert!(few > more && more > many, "{few} {more} {many}");
    assert!((many / limit - 1.0).abs() < 0.02, "{many}");
    let half = simulate(&balanced(two_choices(), 400, 0.5));
    assert!((estimate(half.mean_response) / 1.265_686 - 1.0).abs() < 0.01);
}

#[test]
fn knowing_more_of_the_queues_helps() {
    let mean = |policy| estimate(simulate(&balanced(policy, 10, 0.9)).mean_response);
    let random = simulate(&balanced(Policy::Random, 10, 0.9));
    check("random: M/M/1 each", random.mean_response, 10.0);
    let ordered = [
        mean(Policy::LeastWork),
        mean(Policy::ShortestQueue),
        mean(two_choices()),
        mean(Policy::RoundRobin),
        estimate(random.mean_response),
    ];
    assert!(ordered.is_sorted(), "{ordered:?}");
}

#[test]
fn load_and_servers_move_the_mean_the_right_way() {
    let mean = |utilization, servers| {
        let rate = utilization * f64::from(servers);
        estimate(simulate(&long(open(rate, station(servers, 1.0)), 30_000)).mean_response)
    };
    let by_load = [0.3, 0.5, 0.7, 0.9].map(|utilization| mean(utilization, 2));
    assert!(by_load.is_sorted(), "{by_load:?}");
    let by_servers = [8, 4, 2, 1].map(|servers| mean(0.8, servers));
    assert!(by_servers.is_sorted(), "{by_servers:?}");
}

/// Two servers in turn, a second of work each: one there from 0.5 s on, one each from 0.75 s, two and one from 1 s, one each from
/// 1.5 s, one and none from 1.75 s, nobody from 2.5 s.
#[test]
fn imbalance_of_a_tiny_case_is_that_on_paper() {
    let times = vec![0.5, 0.75, 1.0];
    let work = Activity::demand("web", Distribution::deterministic(1.0));
    let mut scenario = Scenario::empty()
        .with_class(
            "request",
            Class::new(Arrivals::Recorded(Recorded { times })),
        )
        .with_resource("db", Station::new(1))
        .with_resource("web", Group::new(2, Policy::RoundRobin))
        .with_path(vec![Activity::balance("web", vec![work])])
        .with_horizon(Horizon::Span { seconds: 4.0 });
    scenario.probes.series = 4;
    let report = simulate(&scenario);
    let series = details(&report).series.as_ref().unwrap();
    let [group] = &series.groups[..] else {
        panic!("{:?}", series.groups)
    };
    assert_eq!((group.name.as_str(), series.step), ("web", 1.0));
    let means: Vec<_> = group.imbalance.iter().map(|it| it.estimate).collect();
    assert_eq!(means, [0.25, 0.75, 0.5, 0.0].map(Some));
    scenario.probes.series = 0;
    assert!(details(&simulate(&scenario)).series.is_none());
}
