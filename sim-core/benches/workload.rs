//! Keys by Zipf's law beside `rand_distr::Zipf` and a plain alias table of all keys. Read the ratios within one run.

#![allow(missing_docs)]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use rand::{RngExt as _, SeedableRng};
use rand_distr::Distribution as _;
use rand_xoshiro::Xoshiro256PlusPlus;
use sim_core::workload::{Keys, Workload};

/// Keys of one block.
const BLOCK: usize = 4096;
/// Blocks of one measurement.
const BLOCKS: usize = 64;

/// What the textbook says: a table of all keys.
struct Table {
    places: Vec<(f64, u32)>,
}

impl Table {
    fn new(items: u32, alpha: f64) -> Self {
        let weights: Vec<f64> = (1..=items)
            .map(|rank| sim_core::math::pow(f64::from(rank), -alpha))
            .collect();
        let mean = weights.iter().sum::<f64>() / f64::from(items);
        let mut shares: Vec<f64> = weights.iter().map(|weight| weight / mean).collect();
        let mut places: Vec<(f64, u32)> = (0..items).map(|item| (1.0, item)).collect();
        let (mut small, mut large): (Vec<u32>, Vec<u32>) =
            (0..items).partition(|&item| shares[item as usize] < 1.0);
        while let (Some(&rich), Some(poor)) = (large.last(), small.pop()) {
            places[poor as usize] = (shares[poor as usize], rich);
            shares[rich as usize] -= 1.0 - shares[poor as usize];
            if shares[rich as usize] < 1.0 {
                large.pop();
                small.push(rich);
            }
        }
        Self { places }
    }
}

fn zipf(criterion: &mut Criterion) {
    for (items, alpha) in [(1_000_000_u32, 1.0), (1_000_000, 0.8), (100_000_000, 1.0)] {
        let mut group = criterion.benchmark_group(format!("Zipf({alpha}) over {items}"));
        group.throughput(Throughput::Elements((BLOCK * BLOCKS) as u64));
        let mut keys = vec![0_u64; BLOCK];
        group.bench_function("sim-core", |bencher| {
            let workload = Workload::new(Keys::zipf(u64::from(items), alpha));
            let mut requests = workload.requests(1, 0, 0).expect("a valid workload");
            bencher.iter(|| {
                for _ in 0..BLOCKS {
                    requests.fill(black_box(&mut keys));
                }
            });
        });
        let mut generator = Xoshiro256PlusPlus::seed_from_u64(1);
        group.bench_function("rand_distr::Zipf", |bencher| {
            let law = rand_distr::Zipf::new(f64::from(items), alpha).expect("a valid law");
            bencher.iter(|| {
                for _ in 0..BLOCKS {
                    for key in black_box(&mut keys) {
                        #[expect(
                            clippy::cast_possible_truncation,
                            clippy::cast_sign_loss,
                            reason = "a rank"
                        )]
                        let rank = law.sample(&mut generator) as u64;
                        *key = rank - 1;
                    }
                }
            });
        });
        if items > 1_000_000 {
            continue;
        }
        group.bench_function(BenchmarkId::new("alias table", items), |bencher| {
            let table = Table::new(items, alpha);
            bencher.iter(|| {
                for _ in 0..BLOCKS {
                    for key in black_box(&mut keys) {
                        let place = generator.random_range(0..items);
                        let (share, other) = table.places[place as usize];
                        let own = generator.random::<f64>() < share;
                        *key = u64::from(if own { place } else { other });
                    }
                }
            });
        });
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = zipf
}
criterion_main!(benches);
