//! The requests: drawn once, before any clock runs.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_distr::{Distribution as _, Zipf};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Keys below `keys`, as popular as Zipf's law with exponent 1 says; which ones are popular is left to chance.
pub(crate) fn zipf(keys: u32, requests: usize) -> Vec<u32> {
    let mut generator = Xoshiro256PlusPlus::seed_from_u64(1);
    let mut names: Vec<u32> = (0..keys).collect();
    names.shuffle(&mut generator);
    let ranks = Zipf::new(f64::from(keys), 1.0).expect("a law");
    (0..requests)
        .map(|_| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a rank from 1 to `keys`"
            )]
            let rank = ranks.sample(&mut generator) as usize;
            names[rank - 1]
        })
        .collect()
}

/// The same keys as numbers of 64 bits without any order.
pub(crate) fn scattered(keys: &[u32]) -> Vec<u64> {
    keys.iter()
        .map(|&key| (u64::from(key) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
        .collect()
}
