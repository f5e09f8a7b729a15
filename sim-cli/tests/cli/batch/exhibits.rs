//! `list` and `exhibit`: the page in batch.

use sim_core::exhibits::registry;
use sim_core::run::{Cancel, EXHIBIT_SEED, Plan, Stopping, run};

use super::{batch, document};
use crate::program::{File, refused_by};

#[test]
fn the_list_has_every_exhibit_and_every_control() {
    let list = batch(&["list"]);
    for entry in registry() {
        let card = entry.card();
        for part in [card.id, card.title, card.blurb] {
            assert!(list.contains(part), "`{part}` is not in:\n{list}");
        }
        for control in entry.controls() {
            assert!(list.contains(&format!("--set {}=", control.key)));
        }
    }
}

#[test]
fn every_exhibit_prints_what_the_page_would_show() {
    for entry in registry() {
        let id = entry.card().id;
        let setting = entry.defaults();
        let few = ["--replications", "4"];
        let found = document(&[&["exhibit", id], &few[..]].concat());
        assert_eq!(found["seed"], EXHIBIT_SEED);
        assert_eq!(found["values"], serde_json::Value::Object(setting.values()));
        let stopping = Stopping {
            precision: 0.05,
            replications: 4,
            early: false,
        };
        let reports: Vec<_> = setting
            .scenarios()
            .unwrap()
            .iter()
            .map(|scenario| {
                let plan = Plan::new(scenario, EXHIBIT_SEED).ok()?;
                Some(run(&plan, &stopping, 2, &Cancel::default(), &|_| {}))
            })
            .collect();
        assert_eq!(
            found["reports"].as_array().unwrap().len(),
            reports.len(),
            "{id}"
        );
        let printed = batch(&[&["exhibit", id], &few[..]].concat());
        for readout in setting.readouts(&reports) {
            let sentence = readout.text();
            assert!(
                bare(&printed).contains(&bare(&sentence)),
                "{id}: `{sentence}` is not in:\n{printed}"
            );
        }
        let picture = File::new(&format!("{id}.svg"), b"");
        batch(
            &[
                &["exhibit", id, "--plot", picture.path(), "--format", "csv"],
                &few[..],
            ]
            .concat(),
        );
        assert!(
            std::fs::read(&picture.0).unwrap().starts_with(b"<svg"),
            "{id}"
        );
    }
}

#[test]
fn wrong_values_of_an_exhibit_are_refused_with_its_own_words() {
    let known = registry()[0].card().id;
    let control = registry()[0].controls()[0].key;
    refused_by("batch", &["exhibit", "no-such"], b"", &["no-such", known]);
    let wrong = format!("{control}=nonsense");
    refused_by(
        "batch",
        &["exhibit", known, "--set", &wrong],
        b"",
        &[control, "nonsense"],
    );
    refused_by(
        "batch",
        &["exhibit", known, "--set", "nothing=1"],
        b"",
        &["nothing", control],
    );
    refused_by(
        "batch",
        &["exhibit", known, "--set", control],
        b"",
        &["key=value"],
    );
}

/// A text without what the page and a terminal write differently: spaces before percent signs, and between thousands.
fn bare(text: &str) -> String {
    text.replace([' ', '\u{a0}', ','], "")
}
