//! A thousand random scenarios, and a thousand spoilt ones; `cargo xtask verify --fuzz` tries a million.

use std::collections::BTreeMap;

use crate::examined::{Verdict, examine, examine_with};
use crate::mutated::{mutated, survives};
use crate::random::{Dice, scenario};
use crate::reduced::reduced;

const COUNT: u64 = 1_000;

#[test]
fn random_scenarios_run_and_account_for_everyone() {
    let mut refused = BTreeMap::<String, u64>::new();
    for seed in 0..COUNT {
        let document = scenario(seed);
        match examine(&document) {
            Verdict::Passed => {}
            Verdict::Refused(field) => *refused.entry(field).or_default() += 1,
            Verdict::Failed(what) => {
                let smaller = reduced(&document);
                panic!("seed {seed}: {what}: {smaller}: {:?}", examine(&smaller));
            }
        }
    }
    let all: u64 = refused.values().sum();
    assert!(all < COUNT / 10, "{refused:?}");
}

#[test]
fn spoilt_scenarios_run_or_are_refused() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().path())
        .collect();
    files.sort();
    let documents: Vec<toml::Value> = files
        .iter()
        .map(|it| toml::from_str(&std::fs::read_to_string(it).unwrap()).unwrap())
        .collect();
    let mut ran = 0;
    for seed in 0..COUNT {
        let mut dice = Dice::new(seed);
        let document = mutated(dice.pick(&documents), &mut dice);
        match survives(&document) {
            Verdict::Passed => ran += 1,
            Verdict::Refused(_) => {}
            Verdict::Failed(what) => panic!("seed {seed}: {what}: {document:?}"),
        }
    }
    assert!(ran > COUNT / 20, "{ran}");
}

/// What looks for failures finds one.
#[test]
fn a_panic_is_a_failure_and_a_wrong_field_a_refusal() {
    let panicked = examine_with(|| panic!("on purpose"));
    assert_eq!(panicked, Verdict::Failed("panic: on purpose".into()));
    let mut document = scenario(1);
    document["limits"]["population"] = 0.into();
    let refused = Verdict::Refused("limits.population".into());
    assert_eq!(examine(&document), refused);
    document["limits"]["population"] = "many".into();
    assert!(matches!(examine(&document), Verdict::Failed(what) if what.contains("read")));
}
