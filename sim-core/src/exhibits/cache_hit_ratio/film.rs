//! What is in the caches of policies A and B, in small: fewer items, and the same share of them in the cache.
//!
//! Requests come as much more slowly as there are fewer items, so that an object that lives for a while is asked for as often.

use super::{Params, RATE};
use crate::caching::Policy;
use crate::exhibits::Scene;
use crate::exhibits::parts::{FIRST, SECOND};
use crate::figure::Role;
use crate::scenario::{Arrivals, Class, REQUEST};

/// Objects that fill a cache, if items enough can be told apart by their numbers.
const OBJECTS: f64 = 24.0;
const MOST_ITEMS: f64 = 400.0;

/// A and B.
pub(super) fn scenes(params: &Params) -> Vec<Scene> {
    let most = f64::from(params.items).min(MOST_ITEMS);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a few hundred at most"
    )]
    let items = (OBJECTS / params.size).round().min(most) as u32;
    let small = Params {
        items,
        ..params.clone()
    };
    let rate = RATE * f64::from(items) / f64::from(params.items);
    let scene = |(number, letter, policy, role): (usize, &str, Policy, Role)| Scene {
        letter: letter.into(),
        name: Params::name(number, policy),
        role,
        scenario: small
            .scenario(policy, params.size)
            .with_class(REQUEST, Class::new(Arrivals::poisson(rate))),
    };
    let both = [
        (0, "A", params.policy, FIRST),
        (1, "B", params.other, SECOND),
    ];
    both.map(scene).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caching::Capacity;

    #[test]
    fn the_share_of_the_items_is_that_of_the_exhibit() {
        for size in [0.001, 0.01, 0.1, 0.33, 1.0] {
            for items in [100, 10_000, 30_000] {
                let params = Params {
                    size,
                    items,
                    ..Params::default()
                };
                for scene in scenes(&params) {
                    let alone = scene.scenario.cache_alone().unwrap();
                    let Capacity::Objects(room) = alone.cache.capacity else {
                        panic!("objects")
                    };
                    let items = alone.workload.keys.items().unwrap() as f64;
                    assert!(room <= 24 && items <= 400.0);
                    let exact = size * items;
                    assert!(
                        (room as f64 - exact).abs() <= 0.5 || room == 1,
                        "{room} {exact}"
                    );
                    let each = alone.rate.unwrap() / items;
                    assert!((each - RATE / f64::from(params.items)).abs() < 1e-9);
                }
            }
        }
    }
}
