//! One station against hand-written scalar loops that do the same work: `rand_distr::Exp1`, the recursion, a log-linear
//! histogram. Read the ratios within one run; single times depend on the machine's mood.

#![allow(missing_docs)]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use rand::SeedableRng;
use rand_distr::{Distribution as _, Exp1};
use rand_xoshiro::Xoshiro256PlusPlus;
use sim_core::Scenario;
use sim_core::distribution::Distribution;
use sim_core::engine::{InstructionSet, LANES};
use sim_core::run::{Cancel, Job, Plan, Stopping, run};
use sim_core::scenario::Horizon;

const UTILIZATION: f64 = 0.9;
const REPLICATIONS: u64 = 16;
const REQUESTS: u64 = 65_536;

/// What everybody would write: one replication after the other, one request after the other.
struct Floor {
    generator: Xoshiro256PlusPlus,
    counts: Vec<u64>,
    responses: f64,
}

impl Floor {
    fn new() -> Self {
        Self {
            generator: Xoshiro256PlusPlus::seed_from_u64(1),
            counts: vec![0; 8192],
            responses: 0.0,
        }
    }

    fn exponential(&mut self) -> f64 {
        Exp1.sample(&mut self.generator)
    }

    fn count(&mut self, response: f64) {
        self.responses += response;
        let bucket = (response.to_bits() >> 45).saturating_sub((1023 - 24) << 7);
        self.counts[usize::try_from(bucket).map_or(8191, |bucket| bucket.min(8191))] += 1;
    }

    /// Lindley's recursion.
    fn one_server(&mut self, requests: u64) {
        let mut response = 0.0_f64;
        for _ in 0..requests {
            let gap = self.exponential() / UTILIZATION;
            response = (response - gap).max(0.0) + self.exponential();
            self.count(response);
        }
    }

    /// The Kiefer–Wolfowitz recursion with an insertion that stops at its place.
    fn many_servers(&mut self, servers: usize, requests: u64) {
        let mut free = vec![0.0_f64; servers];
        let mut now = 0.0;
        for _ in 0..requests {
            now += self.exponential() / (UTILIZATION * servers as f64);
            let departure = now.max(free[0]) + self.exponential();
            let mut place = 0;
            while place + 1 < servers && free[place + 1] < departure {
                free[place] = free[place + 1];
                place += 1;
            }
            free[place] = departure;
            self.count(departure - now);
        }
    }
}

fn plan(servers: u32) -> Plan {
    let gap = 1.0 / (UTILIZATION * f64::from(servers));
    let mut scenario = Scenario::new(
        Distribution::exponential(gap),
        servers,
        Distribution::exponential(1.0),
    );
    scenario.horizon = Horizon::Steady {
        requests: Some(REQUESTS),
    };
    Plan::new(&scenario, 1).expect("a valid scenario")
}

fn job(plan: &Plan, instructions: InstructionSet) {
    let mut job = Job::with_instructions(plan, 0..REPLICATIONS, instructions, LANES);
    while !job.step(1 << 20) {}
    black_box(job.finish());
}

fn station(criterion: &mut Criterion) {
    for servers in [1, 16] {
        let mut group = criterion.benchmark_group(format!("M/M/{servers}"));
        group.throughput(Throughput::Elements(REPLICATIONS * REQUESTS));
        group.bench_function("scalar floor", |bencher| {
            bencher.iter(|| {
                let mut floor = Floor::new();
                match servers {
                    1 => floor.one_server(REPLICATIONS * REQUESTS),
                    c => floor.many_servers(c as usize, REPLICATIONS * REQUESTS),
                }
                black_box((floor.responses, floor.counts))
            });
        });
        let plan = plan(servers);
        for instructions in InstructionSet::available() {
            group.bench_function(
                BenchmarkId::new("lanes", format!("{instructions:?}")),
                |bencher| {
                    bencher.iter(|| job(&plan, instructions));
                },
            );
        }
    }
}

fn threads(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("M/M/1 on threads");
    // Long enough that starting the threads does not show.
    let replications = 32 * LANES as u64;
    group.throughput(Throughput::Elements(replications * REQUESTS));
    let stopping = Stopping {
        precision: 0.05,
        replications,
        early: false,
    };
    let plan = plan(1);
    for threads in [1, 2] {
        group.bench_function(BenchmarkId::from_parameter(threads), |bencher| {
            bencher.iter(|| run(&plan, &stopping, threads, &Cancel::default(), &|_| {}));
        });
    }
}

/// The histogram beside `hdrhistogram`, on the same response times.
fn histogram(criterion: &mut Criterion) {
    let mut generator = Xoshiro256PlusPlus::seed_from_u64(1);
    let values: Vec<f64> = (0..REQUESTS).map(|_| Exp1.sample(&mut generator)).collect();
    let mut group = criterion.benchmark_group("histogram");
    group.throughput(Throughput::Elements(REQUESTS));
    group.bench_function("log-linear buckets", |bencher| {
        let buckets = sim_core::stats::buckets::Buckets::around(1.0);
        bencher.iter(|| {
            let mut counts = vec![0_u32; sim_core::stats::buckets::BUCKETS];
            for &value in &values {
                counts[buckets.index(value) as usize] += 1;
            }
            counts
        });
    });
    group.bench_function("hdrhistogram", |bencher| {
        bencher.iter(|| {
            // Nanoseconds, to the same relative error.
            let mut histogram =
                hdrhistogram::Histogram::<u32>::new_with_max(1 << 40, 2).expect("valid bounds");
            for &value in &values {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "positive, below 2^40"
                )]
                histogram.saturating_record((value * 1e9) as u64);
            }
            histogram
        });
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = station, threads, histogram
}
criterion_main!(benches);
