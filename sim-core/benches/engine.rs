//! The general engine against the least that simulates the same station event by event: a four-ary heap of departures, a queue
//! of arrival times, one histogram. Read the ratios within one run.

#![allow(missing_docs)]

use std::collections::VecDeque;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rand::SeedableRng;
use rand_distr::{Distribution as _, Exp1};
use rand_xoshiro::Xoshiro256PlusPlus;
use sim_core::balancing::{Policy, PowerOfChoices};
use sim_core::distribution::Distribution;
use sim_core::run::{Job, Plan};
use sim_core::scenario::{Activity, Arrivals, Class, Group, Horizon, Scenario, Station};

const UTILIZATION: f64 = 0.9;
const REQUESTS: u64 = 500_000;

/// A four-ary heap of times.
#[derive(Default)]
struct Heap(Vec<f64>);

impl Heap {
    fn push(&mut self, time: f64) {
        let mut hole = self.0.len();
        self.0.push(time);
        while hole > 0 {
            let parent = (hole - 1) / 4;
            if self.0[parent] <= time {
                break;
            }
            self.0[hole] = self.0[parent];
            hole = parent;
        }
        self.0[hole] = time;
    }

    fn pop(&mut self) {
        let Some(last) = self.0.pop() else { return };
        if self.0.is_empty() {
            return;
        }
        let mut hole = 0;
        loop {
            let first = 4 * hole + 1;
            if first >= self.0.len() {
                break;
            }
            let mut child = first;
            for other in first + 1..self.0.len().min(first + 4) {
                if self.0[other] < self.0[child] {
                    child = other;
                }
            }
            if last <= self.0[child] {
                break;
            }
            self.0[hole] = self.0[child];
            hole = child;
        }
        self.0[hole] = last;
    }
}

/// The loop that everybody would write for one station, event by event.
fn minimal(servers: usize, requests: u64) -> (f64, Vec<u64>) {
    let mut generator = Xoshiro256PlusPlus::seed_from_u64(1);
    let rate = UTILIZATION * servers as f64;
    let mut counts = vec![0_u64; 8192];
    let (mut departures, mut waiting, mut in_service) =
        (Heap::default(), VecDeque::new(), Vec::new());
    let (mut now, mut responses, mut served) = (0.0_f64, 0.0, 0);
    let mut arrival: f64 = Exp1.sample(&mut generator);
    let mut draw = move || -> f64 { Exp1.sample(&mut generator) };
    while served < requests {
        match departures.0.first().copied() {
            Some(departure) if departure < arrival => {
                now = departure;
                departures.pop();
                let at = in_service
                    .iter()
                    .position(|&(end, _)| end == departure)
                    .expect("in service");
                let (_, came): (f64, f64) = in_service.swap_remove(at);
                let response = now - came;
                responses += response;
                served += 1;
                let bucket = (response.to_bits() >> 45).saturating_sub((1023 - 24) << 7);
                counts[usize::try_from(bucket).map_or(8191, |bucket| bucket.min(8191))] += 1;
                if let Some(came) = waiting.pop_front() {
                    let end = now + draw();
                    departures.push(end);
                    in_service.push((end, came));
                }
            }
            _ => {
                now = arrival;
                arrival = now + draw() / rate;
                if departures.0.len() < servers {
                    let end = now + draw();
                    departures.push(end);
                    in_service.push((end, now));
                } else {
                    waiting.push_back(now);
                }
            }
        }
    }
    (responses + now, counts)
}

fn run(plan: &Plan) {
    let mut job = Job::new(plan, 0..1);
    while !job.step(1 << 20) {}
    black_box(job.finish());
}

fn plan(scenario: Scenario) -> Plan {
    let horizon = Horizon::Transient { requests: REQUESTS };
    Plan::on_calendar(&scenario.with_horizon(horizon), 1).expect("a valid scenario")
}

fn station(servers: u32) -> Scenario {
    Scenario::empty()
        .with_class(
            "request",
            Class::new(Arrivals::poisson(UTILIZATION * f64::from(servers))),
        )
        .with_resource("server", Station::new(servers))
        .with_path(vec![Activity::demand(
            "server",
            Distribution::exponential(1.0),
        )])
}

fn balanced(policy: Policy) -> Scenario {
    let work = Activity::demand("servers", Distribution::exponential(1.0));
    Scenario::empty()
        .with_class("request", Class::new(Arrivals::poisson(UTILIZATION * 10.0)))
        .with_resource("servers", Group::new(10, policy))
        .with_path(vec![Activity::balance("servers", vec![work])])
}

fn engine(criterion: &mut Criterion) {
    for servers in [1, 16] {
        let mut group = criterion.benchmark_group(format!("M/M/{servers}, event by event"));
        group.throughput(Throughput::Elements(REQUESTS));
        group.bench_function("minimal loop", |bencher| {
            bencher.iter(|| black_box(minimal(servers as usize, REQUESTS)));
        });
        let plan = plan(station(servers));
        group.bench_function("engine", |bencher| bencher.iter(|| run(&plan)));
    }
    let mut group = criterion.benchmark_group("ten servers");
    group.throughput(Throughput::Elements(REQUESTS));
    for policy in [
        Policy::RoundRobin,
        Policy::Random,
        Policy::PowerOfChoices(PowerOfChoices { choices: 2 }),
        Policy::ShortestQueue,
    ] {
        let name = policy.name();
        let plan = plan(balanced(policy));
        group.bench_function(name, |bencher| bencher.iter(|| run(&plan)));
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = engine
}
criterion_main!(benches);
