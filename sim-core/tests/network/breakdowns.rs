//! Servers of one station that break down one by one, against the chain of Mitrany and Avi-Itzhak.
//!
//! A station fails with all its servers. One by one they fail to customers who preempt all others (White and Christie): as many
//! users as servers, who think until the next failure and then keep a server from its work for as long as the repair takes. They
//! take an idle server first; which server is away, does not matter to how many requests there are.

use sim_core::distribution::Distribution;
use sim_core::run::report::ClassReport;
use sim_core::scenario::{Activity, Arrivals, Class, Discipline, Scenario, Station};
use sim_core::theory::{Mmc, MmcBreakdowns};

use crate::support::{check, details, estimate, exponential, long, place, simulate};

const MTBF: f64 = 20.0;
const MTTR: f64 = 5.0;

/// Requests at a rate of `arrival` with a mean work of one second, and servers that fail.
fn station(arrival: f64, servers: u32, repair: Distribution) -> Scenario {
    let shared = Station {
        discipline: Discipline::PreemptivePriority,
        ..Station::new(servers)
    };
    let served = vec![Activity::demand("server", exponential(1.0))];
    let breakdown = Class {
        priority: 1,
        path: Some(vec![Activity::demand("server", repair)]),
        ..Class::new(Arrivals::users(servers, MTBF))
    };
    let scenario = Scenario::empty()
        .with_class("request", Class::new(Arrivals::poisson(arrival)))
        .with_class("breakdown", breakdown)
        .with_resource("server", shared)
        .with_path(served);
    long(scenario, 150_000)
}

#[test]
fn servers_that_fail_one_by_one_make_the_queue_that_the_chain_says() {
    for (arrival, servers) in [(1.0, 2), (2.2, 4)] {
        let report = simulate(&station(arrival, servers, exponential(MTTR)));
        let theory = MmcBreakdowns::new(arrival, 1.0, servers, MTBF, MTTR).unwrap();
        let [requests, breakdowns] = classes(&report);
        check("W", requests.mean_response, theory.mean_response());
        check("Wq", requests.mean_wait, theory.mean_wait());
        assert_eq!(requests.flow.lost(), 0);
        // Nobody keeps a breakdown waiting.
        check("MTTR", breakdowns.mean_response, MTTR);
        assert!(estimate(breakdowns.mean_wait) < 1e-9);
        let cycles = f64::from(servers) / (MTBF + MTTR);
        check("breakdowns", breakdowns.throughput, cycles);
        // Servers in use: those that work on requests, and those that are down.
        let down = cycles * MTTR;
        let busy = estimate(place(&report, "server").utilization) * f64::from(servers);
        assert!((busy / (arrival + down) - 1.0).abs() < 0.02, "{busy}");
        // That of servers that never fail, and as much slower, is another.
        let slowed = Mmc::new(arrival, theory.availability(), servers).unwrap();
        let least = requests.mean_response.low.unwrap();
        assert!(least > slowed.mean_response(), "{least}");
    }
}

fn classes(report: &sim_core::Report) -> &[ClassReport; 2] {
    let classes = details(report).classes.as_slice();
    classes.try_into().expect("there are two")
}
