//! What every exhibit must satisfy, asked of the whole registry.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Control, ControlKind, Entry, Readout, Setting, cards, find, first, registry};
use crate::error::InputError;
use crate::figure::{Figure, Layer};
use crate::wording::number;

fn pair(key: &str, value: impl Into<String>) -> (String, String) {
    (key.to_owned(), value.into())
}

/// The readouts as sentences with plain spaces.
pub(super) fn sentences(readouts: &[Readout]) -> Vec<String> {
    let sentences = readouts.iter().map(Readout::text);
    sentences.map(|it| it.replace('\u{a0}', " ")).collect()
}

/// The ends of a control's range, or all its options, as text.
fn extremes(control: &Control) -> Vec<String> {
    match control.kind {
        ControlKind::Number { min, max, .. } => vec![min.to_string(), max.to_string()],
        ControlKind::Choice { options } => {
            options.iter().map(|(name, _)| (*name).to_owned()).collect()
        }
    }
}

/// Every exhibit, everywhere.
fn everywhere(mut check: impl FnMut(&str, &dyn Setting)) {
    for entry in registry() {
        everywhere_in(*entry, &mut check);
    }
}

/// An exhibit at its defaults, at its presets, and with every pair of controls at their extremes.
fn everywhere_in(entry: &dyn Entry, check: &mut impl FnMut(&str, &dyn Setting)) {
    check("defaults", entry.defaults().as_ref());
    for preset in entry.presets() {
        let pairs: Vec<_> = preset
            .values
            .iter()
            .map(|(key, value)| pair(key, *value))
            .collect();
        check(preset.id, accepted(entry, &pairs).as_ref());
    }
    for (i, one) in entry.controls().iter().enumerate() {
        for other in &entry.controls()[i..] {
            for (a, b) in extremes(one)
                .iter()
                .flat_map(|a| extremes(other).into_iter().map(move |b| (a, b)))
            {
                // Of one and the same control the later value wins.
                let pairs = [pair(one.key, a), pair(other.key, b)];
                check(&format!("{pairs:?}"), accepted(entry, &pairs).as_ref());
            }
        }
    }
}

fn accepted(entry: &dyn Entry, pairs: &[(String, String)]) -> Box<dyn Setting> {
    let (setting, errors) = entry.open(pairs);
    assert!(errors.is_empty(), "{}: {errors:?}", entry.card().id);
    setting
}

#[test]
fn ids_and_keys_are_unique_and_fit_a_url() {
    let plain = |text: &str| {
        !text.is_empty()
            && text
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c))
    };
    let mut ids = BTreeSet::new();
    for entry in registry() {
        assert!(
            ids.insert(entry.card().id) && plain(entry.card().id),
            "{}",
            entry.card().id
        );
        let mut keys = BTreeSet::new();
        for control in entry.controls() {
            assert!(
                keys.insert(control.key) && plain(control.key),
                "{}",
                control.key
            );
            if let ControlKind::Choice { options } = control.kind {
                assert!(
                    options
                        .iter()
                        .all(|(name, label)| plain(name) && !label.is_empty())
                );
            }
        }
        let presets: BTreeSet<_> = entry.presets().iter().map(|preset| preset.id).collect();
        assert_eq!(presets.len(), entry.presets().len());
        assert!(presets.into_iter().all(plain));
    }
}

#[test]
fn all_lists_are_the_registry() {
    let listed: Vec<_> = registry().iter().map(|entry| entry.card()).collect();
    assert_eq!(listed, cards());
    assert_eq!(first().card(), listed[0]);
}

/// What the page loads first knows no other scenarios.
#[test]
fn the_first_exhibit_is_about_single_stations() {
    everywhere_in(first(), &mut |place, setting| {
        let mut scenarios = setting.scenarios().unwrap();
        scenarios.extend(setting.animated().into_iter().map(|scene| scene.scenario));
        for scenario in scenarios {
            assert!(scenario.queue().is_some(), "{place}: {scenario:?}");
        }
    });
}

#[test]
fn controls_and_parameters_are_the_same_fields() {
    for entry in registry() {
        let defaults = entry.defaults().values();
        let fields: BTreeSet<_> = defaults.keys().map(String::as_str).collect();
        let keys: BTreeSet<_> = entry.controls().iter().map(|control| control.key).collect();
        assert_eq!(fields, keys, "{}", entry.card().id);
    }
}

#[test]
fn defaults_lie_in_range_and_ranges_are_ranges() {
    for entry in registry() {
        let defaults = entry.defaults().values();
        for control in entry.controls() {
            match control.kind {
                ControlKind::Number {
                    min,
                    max,
                    step,
                    scale,
                    ..
                } => {
                    let value = defaults[control.key].as_f64().unwrap();
                    assert!(
                        min < max && step > 0.0 && (min..=max).contains(&value),
                        "{}",
                        control.key
                    );
                    assert!(
                        scale == crate::figure::Scale::Linear || min > 0.0,
                        "{}",
                        control.key
                    );
                }
                ControlKind::Choice { options } => {
                    assert!(
                        options
                            .iter()
                            .any(|(name, _)| defaults[control.key] == *name)
                    );
                }
            }
        }
    }
}

#[test]
fn words_are_there() {
    for entry in registry() {
        let card = entry.card();
        assert!(![card.title, card.group, card.blurb].contains(&"") && !entry.text().is_empty());
        assert!(
            entry
                .text()
                .iter()
                .all(|paragraph| !paragraph.contains("  ")),
            "{}",
            card.id
        );
        for control in entry.controls() {
            assert!(
                !control.label.is_empty()
                    && !control.help.is_empty()
                    && !control.help.contains("  ")
            );
        }
        assert!(
            entry
                .controls()
                .iter()
                .filter(|control| !control.folded)
                .count()
                <= 5,
            "{}",
            card.id
        );
    }
}

#[test]
fn scenarios_validate_everywhere() {
    everywhere(|place, setting| {
        let scenarios = setting
            .scenarios()
            .unwrap_or_else(|error| panic!("{place}: {error}"));
        for scenario in scenarios {
            scenario
                .validate()
                .unwrap_or_else(|error| panic!("{place}: {error}"));
        }
    });
}

#[test]
fn figures_hold_finite_numbers_and_words_everywhere() {
    everywhere(|place, setting| {
        let reports = vec![None; setting.scenarios().unwrap().len()];
        let figures = setting.figures(&reports);
        assert!(!figures.is_empty());
        for figure in &figures {
            finite(place, figure);
            assert!(
                figure.description.len() > 20 && !figure.title.is_empty(),
                "{place}"
            );
            for text in figure.notes.iter().chain([&figure.description]) {
                assert!(
                    !text.contains("NaN") && !text.contains("inf"),
                    "{place}: {text}"
                );
            }
        }
        let readouts = setting.readouts(&reports);
        assert!(!readouts.is_empty(), "{place}");
        let words = serde_json::to_string(&readouts).unwrap();
        assert!(
            !words.contains("NaN") && !words.contains('∞'),
            "{place}: {words}"
        );
    });
}

/// What theory alone says fits into the room that is kept for what the simulation says.
#[test]
fn there_is_room_for_every_text() {
    let length = |text: &str| text.chars().count();
    for entry in registry() {
        let (id, room, setting) = (entry.card().id, entry.room(), entry.defaults());
        let figures = setting.figures(&[]);
        assert_eq!(room.notes.len(), figures.len(), "{id}");
        for (kept, figure) in room.notes.iter().zip(&figures) {
            let said: usize = figure.notes.iter().map(|note| length(note)).sum();
            let kept: usize = kept.iter().copied().map(usize::from).sum();
            assert!(said <= kept, "{id}: {said} characters, room for {kept}");
        }
        let said: usize = setting
            .readouts(&[])
            .iter()
            .map(|it| length(&it.text()))
            .sum();
        let kept: usize = room.readouts.iter().copied().map(usize::from).sum();
        assert!(said <= kept, "{id}: {said} characters, room for {kept}");
    }
}

fn finite(place: &str, figure: &Figure) {
    for axis in [&figure.x, &figure.y] {
        assert!(
            axis.low.is_finite() && axis.high.is_finite() && axis.low < axis.high,
            "{place}: {axis:?}"
        );
        assert!(!axis.ticks(5).is_empty(), "{place}: {axis:?}");
    }
    for layer in &figure.layers {
        let numbers: Vec<f64> = match layer {
            Layer::Band { from, to, .. } => vec![*from, *to],
            Layer::Line { points, .. } => points.iter().flat_map(|(x, y)| [*x, *y]).collect(),
            Layer::Ribbon { points, .. } => {
                points.iter().flat_map(|it| [it.0, it.1, it.2]).collect()
            }
            Layer::Dots { points, .. } => points.iter().flat_map(|dot| [dot.x, dot.y]).collect(),
            Layer::Bars { bars, .. } => bars
                .iter()
                .flat_map(|bar| [bar.from, bar.to, bar.value])
                .collect(),
            Layer::Rule { x, .. } => vec![*x],
        };
        assert!(
            numbers.iter().all(|number| number.is_finite()),
            "{place}: {layer:?}"
        );
    }
    if let Some(handle) = &figure.handle {
        assert!(
            handle.x.is_finite() && handle.y.is_none_or(f64::is_finite),
            "{place}"
        );
    }
}

#[test]
fn a_query_opens_the_same_setting_again() {
    everywhere(|place, setting| {
        let query = setting.query();
        let pairs: Vec<_> = query
            .split('&')
            .filter_map(|part| part.split_once('='))
            .map(|(k, v)| pair(k, v))
            .collect();
        let again = registry().iter().any(|entry| {
            let (opened, errors) = entry.open(&pairs);
            errors.is_empty() && opened.values() == setting.values()
        });
        assert!(again, "{place}: {query}");
    });
}

#[test]
fn nonsense_leaves_the_default_and_is_named() {
    for entry in registry() {
        let defaults = entry.defaults().values();
        for control in entry.controls() {
            for nonsense in [
                "", "x", "NaN", "inf", "-1e308", "1e309", "0x10", "<script>", "٣",
            ] {
                let (setting, errors) = entry.open(&[pair(control.key, nonsense)]);
                assert_eq!(setting.values(), defaults, "{} = {nonsense}", control.key);
                assert_eq!(errors.len(), 1, "{} = {nonsense}", control.key);
                assert_eq!(errors[0].field(), control.key);
            }
        }
        let (setting, errors) = entry.open(&[pair("no_such_key", "1")]);
        assert_eq!(setting.values(), defaults);
        assert!(matches!(&errors[..], [InputError::Unknown { .. }]));
    }
}

#[test]
fn values_out_of_range_or_not_whole_are_refused() {
    for entry in registry() {
        for control in entry.controls() {
            let ControlKind::Number {
                min,
                max,
                whole,
                unit,
                ..
            } = control.kind
            else {
                continue;
            };
            let limit = if unit == "%" {
                format!("{}%", number((max * 1e8).round() / 1e6))
            } else {
                number(max)
            };
            let mut outside = vec![(min - 1.0).to_string(), (max * 2.0).to_string()];
            if whole {
                outside.push((min + 0.5).to_string());
            }
            for value in outside {
                let (_, errors) = entry.open(&[pair(control.key, &value)]);
                assert!(
                    matches!(&errors[..], [InputError::OutOfRange { .. }]),
                    "{} = {value}",
                    control.key
                );
                assert!(errors[0].to_string().contains(&limit), "{}", errors[0]);
            }
        }
    }
}

#[test]
fn a_share_may_be_typed_in_percent() {
    for entry in registry() {
        for control in entry.controls() {
            if let ControlKind::Number { unit: "%", max, .. } = control.kind {
                let (setting, errors) =
                    entry.open(&[pair(control.key, format!("{}%", max * 50.0))]);
                assert!(errors.is_empty());
                assert_eq!(
                    setting.values()[control.key],
                    Value::from(max * 50.0 / 100.0)
                );
            }
        }
    }
}

#[test]
fn an_unknown_exhibit_is_answered_with_the_known_ones() {
    let Err(error) = find("no-such-exhibit") else {
        panic!("found")
    };
    assert!(
        registry()
            .iter()
            .all(|entry| error.to_string().contains(entry.card().id))
    );
    assert!(registry().iter().all(|entry| find(entry.card().id).is_ok()));
}
