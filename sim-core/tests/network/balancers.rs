//! Groups of servers behind balancers.

use sim_core::balancing::{Policy, PowerOfChoices};
use sim_core::scenario::{Activity, Arrivals, Class, Group, Scenario};

use crate::support::{check, estimate, exponential, long, open, simulate, station};

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
