//! Objects that expire.

use super::super::{Cache, Capacity, Chance, Expiry, ExpiryRule, Outcome, Policy, Spec, build};

fn cache(policy: Policy, seconds: f64, rule: ExpiryRule, jitter: f64) -> Box<dyn Cache> {
    let expiry = Expiry {
        seconds,
        rule,
        jitter,
    };
    let chance = Chance {
        seed: 7,
        ..Chance::default()
    };
    let spec = Spec::new(policy, Capacity::Objects(50))
        .with_expiry(expiry)
        .with_chance(chance);
    build(&spec).unwrap()
}

#[test]
fn what_is_written_lives_from_its_writing() {
    let mut cache = cache(Policy::Lru, 10.0, ExpiryRule::OnWrite, 0.0);
    let slot = cache.insert(1, 1, 0.0).slot.unwrap();
    assert_eq!(cache.expires(slot), 10.0);
    assert_eq!(cache.access(1, 9.0), Some(slot));
    assert_eq!(cache.expires(slot), 10.0);
    // Nobody has looked since, so it still takes up room; the one who looks finds nothing.
    assert!(cache.contains(1) && cache.used() == 1);
    assert_eq!(cache.access(1, 10.0), None);
    assert!(!cache.contains(1) && cache.used() == 0);
    // A refresh starts a new life, in the same slot.
    let slot = cache.insert(1, 1, 20.0).slot.unwrap();
    assert_eq!(cache.insert(1, 1, 25.0).slot, Some(slot));
    assert_eq!(cache.expires(slot), 35.0);
}

#[test]
fn what_is_used_lives_from_its_last_use() {
    let mut cache = cache(Policy::Lru, 10.0, ExpiryRule::OnAccess, 0.0);
    cache.insert(1, 1, 0.0);
    for now in [9.0, 18.0, 27.0] {
        assert_eq!(cache.on_request(1, 1, now), Outcome::Hit);
    }
    let miss = cache.on_request(1, 1, 37.0);
    assert!(matches!(miss, Outcome::Miss { admitted: true, .. }));
}

#[test]
fn jitter_spreads_lives_evenly_around_their_mean() {
    let mut cache = cache(Policy::Fifo, 10.0, ExpiryRule::OnWrite, 0.5);
    let mut lives = Vec::new();
    for key in 0..10_000 {
        let slot = cache.insert(key, 1, 0.0).slot.unwrap();
        lives.push(cache.expires(slot));
    }
    assert!(lives.iter().all(|life| (5.0..=15.0).contains(life)));
    let mean = lives.iter().sum::<f64>() / 10_000.0;
    // A uniform of width 10 has a standard deviation of 2.89, the mean of 10 000 one of 0.029.
    assert!((mean - 10.0).abs() < 5.0 * 0.029, "{mean}");
    let early = lives.iter().filter(|&&life| life < 7.5).count();
    // A quarter; the standard deviation is 43.
    assert!(early.abs_diff(2500) < 5 * 43, "{early}");
}

#[test]
fn every_policy_forgets_what_expired() {
    for policy in Policy::ALL
        .into_iter()
        .filter(|policy| !policy.needs_future())
    {
        let mut cache = cache(policy, 10.0, ExpiryRule::OnWrite, 0.0);
        let mut hits = 0;
        for step in 0..4000_u32 {
            let key = u64::from(step * step % 61);
            let now = f64::from(step) / 10.0;
            let slot = cache.find(key);
            let alive = slot.is_some_and(|slot| cache.expires(slot) > now);
            let hit = cache.on_request(key, 1, now) == Outcome::Hit;
            assert_eq!(hit, alive, "{policy:?}");
            hits += u32::from(hit);
        }
        assert!(hits > 500, "{policy:?}: {hits}");
    }
}
