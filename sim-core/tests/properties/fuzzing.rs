//! A thousand random scenarios, and a thousand spoilt ones; `cargo xtask verify --fuzz` tries a million.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize as _;
use sim_core::Scenario;

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

/// A number that is none, or no end, in the place of any number: refused by who reads it, or by who checks it.
#[test]
fn what_is_no_number_is_refused_wherever_it_stands() {
    let mut seen = BTreeSet::new();
    for seed in 0..100 {
        let document = toml::Value::try_from(scenario(seed)).unwrap();
        for place in numbers(&document) {
            let names = place.iter().filter_map(|it| it.as_ref().err());
            if !seen.insert(names.rev().take(3).cloned().collect::<Vec<_>>()) {
                continue;
            }
            for odd in [f64::NAN, f64::INFINITY] {
                let mut spoilt = document.clone();
                *at(&mut spoilt, &place) = toml::Value::Float(odd);
                let is_taken =
                    Scenario::deserialize(spoilt).is_ok_and(|it| it.problems().is_empty());
                assert!(!is_taken, "seed {seed}: {odd} at {place:?}");
            }
        }
    }
    assert!(seen.len() > 100, "{}", seen.len());
}

/// A step into a document: the number of an element, or the name of a field.
type Step = Result<usize, String>;

/// Where numbers stand in a document.
fn numbers(document: &toml::Value) -> Vec<Vec<Step>> {
    let inside = |step: Step, value: &toml::Value| {
        let mut places = numbers(value);
        for place in &mut places {
            place.insert(0, step.clone());
        }
        places
    };
    match document {
        toml::Value::Integer(_) | toml::Value::Float(_) => vec![Vec::new()],
        toml::Value::Array(list) => (0..)
            .zip(list)
            .flat_map(|(number, value)| inside(Ok(number), value))
            .collect(),
        toml::Value::Table(table) => table
            .iter()
            .flat_map(|(name, value)| inside(Err(name.clone()), value))
            .collect(),
        _ => Vec::new(),
    }
}

fn at<'a>(document: &'a mut toml::Value, place: &[Step]) -> &'a mut toml::Value {
    place.iter().fold(document, |value, step| match step {
        Ok(number) => &mut value[*number],
        Err(name) => &mut value[name.as_str()],
    })
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
