use std::collections::BTreeSet;

use super::*;

fn workload(json: &str) -> Workload {
    serde_json::from_str(json).unwrap()
}

fn drawn(workload: &Workload, seed: u64, count: usize) -> Vec<u64> {
    let mut keys = vec![0; count];
    workload.requests(seed, 0, 0).unwrap().fill(&mut keys);
    keys
}

const PATTERNS: [&str; 9] = [
    r#"{"keys": {"zipf": {"items": 1000, "alpha": 0.9}}}"#,
    r#"{"keys": {"uniform": {"items": 1000}}}"#,
    r#"{"keys": {"hotspot": {"items": 1000, "hot_items": 0.2, "hot_requests": 0.8}}}"#,
    r#"{"keys": {"loop": {"items": 7}}}"#,
    r#"{"keys": {"scan": {"items": 1000, "length": 30}}}"#,
    r#"{"keys": {"drift": {"items": 1000, "alpha": 1.0, "every": 100}}}"#,
    r#"{"keys": {"one_hit": {}}}"#,
    r#"{"keys": {"mixture": [
        {"weight": 3, "keys": {"zipf": {"items": 100, "alpha": 1}}},
        {"weight": 1, "keys": {"one_hit": {}}}]}, "sizes": {"fixed": 4096}}"#,
    r#"{"keys": {"mixture": [
        {"weight": 1, "keys": {"one_hit": {}}},
        {"weight": 2, "keys": {"uniform": {"items": 50}}, "shared": true},
        {"weight": 3, "keys": {"uniform": {"items": 10}}},
        {"weight": 3, "keys": {"loop": {"items": 60}}, "shared": true},
        {"weight": 1, "keys": {"one_hit": {}}}]},
        "sizes": {"law": {"lognormal": {"mean": 1000, "scv": 4}}}}"#,
];

#[test]
fn every_pattern_reads_back_and_does_not_depend_on_how_blocks_are_cut() {
    for json in PATTERNS {
        let workload = workload(json);
        workload.validate().unwrap();
        let again: Workload =
            serde_json::from_str(&serde_json::to_string(&workload).unwrap()).unwrap();
        assert_eq!(again, workload);
        let whole = drawn(&workload, 3, 5000);
        let mut requests = workload.requests(3, 0, 0).unwrap();
        let mut cut = Vec::new();
        for length in [1, 2, 97, 1024, 1, 3000, 875] {
            let mut keys = vec![0; length];
            requests.fill(&mut keys);
            cut.extend(keys);
        }
        assert_eq!(cut, whole, "{json}");
        let end = workload.dense(5000).unwrap();
        assert!(whole.iter().all(|&key| key < end), "{json}");
    }
}

#[test]
fn keys_follow_seed_replication_and_number() {
    let workload = workload(PATTERNS[0]);
    let keys = |seed, replication, number| {
        let mut keys = [0; 50];
        let mut requests = workload.requests(seed, replication, number).unwrap();
        requests.fill(&mut keys);
        keys
    };
    assert_eq!(keys(1, 2, 3), keys(1, 2, 3));
    for other in [keys(2, 2, 3), keys(1, 3, 3), keys(1, 2, 4)] {
        assert_ne!(keys(1, 2, 3), other);
    }
}

/// Golden: what is drawn may change only with a note in the list of changes.
#[test]
fn the_first_keys_stay_what_they_are() {
    let zipf = workload(r#"{"keys": {"zipf": {"items": 1000000, "alpha": 0.9}}}"#);
    let expected = [18_273, 304_177, 100_607, 1005, 5975, 18_233, 8345, 6632];
    assert_eq!(drawn(&zipf, 1, 8), expected);
}

#[test]
fn loops_and_scans_run_in_order() {
    let keys = drawn(&workload(PATTERNS[3]), 1, 16);
    assert_eq!(keys, [0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6, 0, 1]);
    let keys = drawn(&workload(PATTERNS[4]), 1, 3000);
    let starts: BTreeSet<u64> = keys.chunks(30).map(|scan| scan[0]).collect();
    assert!(starts.len() > 90, "{starts:?}");
    for scan in keys.chunks(30) {
        assert!(scan.windows(2).all(|pair| pair[1] == (pair[0] + 1) % 1000));
    }
}

#[test]
fn a_size_is_remembered_as_it_was_drawn() {
    let workload = workload(PATTERNS[8]);
    let mut requests = workload.requests(9, 0, 0).unwrap();
    // Among them keys that share a place of the memory, and key 0.
    for key in [0, 1, 1 << 18, 1, 0, u64::MAX, 1 << 18, u64::MAX, 0] {
        assert_eq!(requests.size(key), workload.sizes.of(key, 9));
    }
}

#[test]
fn a_hotspot_gets_its_share() {
    let keys = drawn(&workload(PATTERNS[2]), 1, 1_000_000);
    let hot = keys.iter().filter(|&&key| key < 200).count() as f64;
    // A binomial share of 0.8 of 10⁶ has a standard deviation of 400.
    assert!((hot - 8e5).abs() < 2000.0, "{hot}");
    let all = drawn(
        &workload(r#"{"keys": {"hotspot": {"items": 3, "hot_items": 0.01, "hot_requests": 1}}}"#),
        1,
        1000,
    );
    assert!(all.iter().all(|&key| key == 0));
}

#[test]
fn drift_moves_the_ranks_of_the_same_draws() {
    let still = drawn(&workload(PATTERNS[0]), 5, 1000);
    let moving = drawn(
        &workload(r#"{"keys": {"drift": {"items": 1000, "alpha": 0.9, "every": 100}}}"#),
        5,
        1000,
    );
    for (n, (rank, key)) in (0..).zip(still.iter().zip(&moving)) {
        assert_eq!(*key, (rank + 1000 - n / 100) % 1000);
    }
}

#[test]
fn the_parts_of_a_mixture_keep_their_weights_and_their_keys() {
    let keys = drawn(&workload(PATTERNS[8]), 1, 100_000);
    // Shared keys are 0..60, the third part's 60..70, new ones lie beyond.
    let count = |from, to| keys.iter().filter(|key| (from..to).contains(*key)).count() as f64;
    for (found, share) in [
        (count(0, 60), 0.5),
        (count(60, 70), 0.3),
        (count(70, u64::MAX), 0.2),
    ] {
        // Five standard deviations of a binomial share of 10⁵ are at most 791.
        assert!((found - 1e5 * share).abs() < 791.0, "{found} for {share}");
    }
    let new: Vec<_> = keys.iter().filter(|key| **key >= 70).collect();
    let distinct: BTreeSet<_> = new.iter().collect();
    assert_eq!(distinct.len(), new.len());
}

#[test]
fn a_part_draws_the_same_whatever_the_others_are() {
    let with = |items: u64| {
        workload(&format!(
            r#"{{"keys": {{"mixture": [
                {{"weight": 1, "keys": {{"zipf": {{"items": 100, "alpha": 1}}}}}},
                {{"weight": 1, "keys": {{"uniform": {{"items": {items}}}}}}}]}}}}"#
        ))
    };
    let of_first = |items| -> Vec<u64> {
        let keys = drawn(&with(items), 1, 1000);
        keys.into_iter().filter(|&key| key < 100).collect()
    };
    assert_eq!(of_first(5), of_first(1_000_000));
}

#[test]
fn popularity_adds_up_and_is_known_only_where_requests_are_independent() {
    for (json, known) in PATTERNS
        .into_iter()
        .zip([true, true, true, false, false, false, true, true, false])
    {
        let popularity = workload(json).keys.popularity();
        assert_eq!(popularity.is_some(), known, "{json}");
        let Some(popularity) = popularity else {
            continue;
        };
        let groups = popularity.groups.iter();
        let total: f64 = groups.map(|group| group.items * group.probability).sum();
        assert!(
            (total + popularity.never_again - 1.0).abs() < 1e-12,
            "{json}"
        );
    }
}

#[test]
fn wrong_values_are_named() {
    for (json, field) in [
        (r#"{"zipf": {"items": 0, "alpha": 1}}"#, "keys.zipf.items"),
        (
            r#"{"zipf": {"items": 2000000000, "alpha": 1}}"#,
            "keys.zipf.items",
        ),
        (
            r#"{"zipf": {"items": 5, "alpha": -0.1}}"#,
            "keys.zipf.alpha",
        ),
        (r#"{"zipf": {"items": 5, "alpha": 11}}"#, "keys.zipf.alpha"),
        (r#"{"uniform": {"items": 0}}"#, "keys.uniform.items"),
        (
            r#"{"hotspot": {"items": 1, "hot_items": 0.5, "hot_requests": 0.5}}"#,
            "keys.hotspot.items",
        ),
        (
            r#"{"hotspot": {"items": 9, "hot_items": 1, "hot_requests": 0.5}}"#,
            "keys.hotspot.hot_items",
        ),
        (
            r#"{"hotspot": {"items": 9, "hot_items": 0.5, "hot_requests": 1.5}}"#,
            "keys.hotspot.hot_requests",
        ),
        (r#"{"loop": {"items": 0}}"#, "keys.loop.items"),
        (r#"{"scan": {"items": 5, "length": 0}}"#, "keys.scan.length"),
        (
            r#"{"drift": {"items": 5, "alpha": 1, "every": 0}}"#,
            "keys.drift.every",
        ),
        (r#"{"mixture": []}"#, "keys.mixture.length"),
        (
            r#"{"mixture": [{"weight": 0, "keys": {"one_hit": {}}}]}"#,
            "keys.mixture[0].weight",
        ),
        (
            r#"{"mixture": [{"weight": 1, "keys": {"mixture": []}}]}"#,
            "keys.mixture[0].keys",
        ),
        (
            r#"{"mixture": [{"weight": 1, "keys": {"loop": {"items": 0}}}]}"#,
            "keys.mixture[0].keys.loop.items",
        ),
        (
            r#"{"mixture": [{"weight": 1, "keys": {"loop": {"items": 1000000000}}},
                            {"weight": 1, "keys": {"loop": {"items": 1}}}]}"#,
            "keys.mixture",
        ),
    ] {
        let workload = workload(&format!(r#"{{"keys": {json}}}"#));
        let error = workload.requests(1, 0, 0).unwrap_err();
        assert_eq!(error.field(), field, "{json}: {error}");
    }
}

#[test]
fn keys_without_end_are_dense_as_far_as_a_flat_table_goes() {
    let new = workload(PATTERNS[6]);
    assert_eq!(new.dense(1000), Some(1000));
    assert_eq!(new.dense(u64::MAX), None);
    assert_eq!(workload(PATTERNS[7]).dense(1000), Some(1100));
    assert_eq!(workload(PATTERNS[8]).dense(1000), Some(2070));
    assert_eq!(workload(PATTERNS[0]).dense(u64::MAX), Some(1000));
}

#[test]
fn requests_of_before_lead_up_to_the_first_one() {
    let drawn = |keys: Keys, before: u64, count: usize| {
        let mut requests = Workload::new(keys).requests(3, 0, 0).unwrap();
        requests.rewind(before);
        let mut found = vec![0; count];
        requests.fill(&mut found);
        found
    };
    let cycle = Keys::Loop(Loop { items: 7 });
    assert_eq!(drawn(cycle.clone(), 3, 5), [4, 5, 6, 0, 1]);
    assert_eq!(drawn(cycle, 0, 2), [0, 1]);
    // With a skew like this nearly every request is for the first rank, and shows where it is.
    let drift = Keys::Drift(Drift {
        items: 10,
        alpha: 10.0,
        every: 4,
    });
    let mut counts = [0; 10];
    for key in drawn(drift.clone(), 6, 6) {
        counts[usize::try_from(key).unwrap()] += 1;
    }
    assert!(counts[2] <= 2 && counts[1] >= 3, "{counts:?}");
    assert_eq!(drawn(drift.clone(), 4_000, 1), drawn(drift, 0, 1));
    let new = Keys::OneHit(OneHit {});
    let (before, first) = (drawn(new.clone(), 5, 5), drawn(new, 0, 5));
    assert!(before.iter().all(|key| !first.contains(key)));
}
