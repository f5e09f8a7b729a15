//! How fast the simulator is at six models that every general simulator can express: one line of JSON each.
//!
//! `cargo run --release -p sim-core --example engine_speed [best|calendar [SEED [REQUESTS [MODEL]]]]`
//!
//! `best` runs them as anybody's run would: by recursion where that gives the same sample path. `calendar` puts every event on
//! the calendar of the general engine.

#![allow(clippy::disallowed_methods, reason = "a clock is what this is about")]

use std::error::Error;
use std::time::Instant;

use sim_core::balancing::{Policy, PowerOfChoices};
use sim_core::distribution::Distribution;
use sim_core::run::report::Stopped;
use sim_core::run::{Job, Plan};
use sim_core::scenario::{Activity, Arrivals, Class, Group, Horizon, Scenario, Station};

const UTILIZATION: f64 = 0.9;
/// Replications that share the requests: as many as advance side by side.
const REPLICATIONS: u64 = 16;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let best = arguments.next().is_none_or(|way| way == "best");
    let seed: u64 = arguments.next().map_or(Ok(1), |it| it.parse())?;
    let requests: u64 = arguments.next().map_or(Ok(20_000_000), |it| it.parse())?;
    let only = arguments.next();
    let two = Policy::PowerOfChoices(PowerOfChoices { choices: 2 });
    for (model, scenario) in [
        ("M/M/1", queue(1)),
        ("M/M/16", queue(16)),
        ("round robin", balanced(Policy::RoundRobin)),
        ("random", balanced(Policy::Random)),
        ("power of two choices", balanced(two)),
        ("shortest queue", balanced(Policy::ShortestQueue)),
    ] {
        if only.as_ref().is_some_and(|only| only != model) {
            continue;
        }
        let horizon = Horizon::Steady {
            requests: Some(requests / REPLICATIONS),
        };
        let scenario = scenario.with_horizon(horizon);
        let plan = if best {
            Plan::new(&scenario, seed)?
        } else {
            Plan::on_calendar(&scenario, seed)?
        };
        let mut job = Job::new(&plan, 0..REPLICATIONS);
        let start = Instant::now();
        while !job.step(1 << 20) {}
        let seconds = start.elapsed().as_secs_f64();
        let report = job.finish().report(0.05, Stopped::Budget);
        let mean = report.mean_response.estimate.ok_or("no mean")?;
        let done = report.requests;
        println!(
            r#"{{"model":"{model}","requests":{done},"seconds":{seconds},"mean_response":{mean}}}"#
        );
    }
    Ok(())
}

fn queue(servers: u32) -> Scenario {
    let rate = UTILIZATION * f64::from(servers);
    Scenario::empty()
        .with_class("request", Class::new(Arrivals::poisson(rate)))
        .with_resource("server", Station::new(servers))
        .with_path(vec![Activity::demand("server", service())])
}

/// Ten servers behind one balancer.
fn balanced(policy: Policy) -> Scenario {
    let work = Activity::demand("servers", service());
    Scenario::empty()
        .with_class("request", Class::new(Arrivals::poisson(UTILIZATION * 10.0)))
        .with_resource("servers", Group::new(10, policy))
        .with_path(vec![Activity::balance("servers", vec![work])])
}

fn service() -> Distribution {
    Distribution::exponential(1.0)
}
