//! Every control works typed, by keyboard, by mouse and by touch, and refuses what it cannot take in words. The mouse moves
//! sliders while everything is simulated; the others meet the controls alone.

use anyhow::{Result, ensure};
use sim_core::exhibits::Entry;
use sim_core::exhibits::{Control, ControlKind};
use tests::browser::{Look, Pointer};
use tests::exhibit::{Exhibit, another_value, key, number};

fn numbers(entry: &'static dyn Entry) -> impl Iterator<Item = &'static Control> {
    entry
        .controls()
        .iter()
        .filter(|control| matches!(control.kind, ControlKind::Number { .. }))
}

pub(crate) fn typed(exhibit: &Exhibit<'_>) -> Result<()> {
    let (browser, entry) = (exhibit.browser, exhibit.entry);
    for control in numbers(entry) {
        let (typed, expected) = another_value(control)?;
        let field = exhibit.within(&format!("[data-typed={}]", control.key));
        browser.press(&field, &format!("{}{typed}{}", key::SELECT_ALL, key::ENTER))?;
        let value = number(&exhibit.value(control)?)?;
        ensure!(
            value == expected,
            "{}: typed {typed}, stands at {value}, not {expected}",
            control.key
        );
    }
    exhibit.agrees_with_address()
}

pub(crate) fn refused(exhibit: &Exhibit<'_>) -> Result<()> {
    let (browser, entry) = (exhibit.browser, exhibit.entry);
    for control in numbers(entry) {
        let before = exhibit.value(control)?;
        for nonsense in ["1e300", "-5", "NaN", "many", ""] {
            let field = exhibit.within(&format!("[data-typed={}]", control.key));
            // A change to nothing needs a key.
            let keys = if nonsense.is_empty() {
                key::DELETE
            } else {
                nonsense
            };
            browser.press(&field, &format!("{}{keys}{}", key::SELECT_ALL, key::ENTER))?;
            let error = format!(
                "document.getElementById(document.querySelector({field:?}).getAttribute('aria-describedby').split(' ').pop())"
            );
            browser.wait_until(
                &format!("`{nonsense}` is refused for {}", control.key),
                &format!("!{error}.hidden && {error}.textContent.length > 10 && document.querySelector({field:?}).getAttribute('aria-invalid') === 'true'"),
            )?;
            ensure!(
                exhibit.value(control)? == before,
                "{} moved at `{nonsense}`",
                control.key
            );
        }
    }
    exhibit.agrees_with_address()
}

pub(crate) fn by_keyboard(exhibit: &Exhibit<'_>) -> Result<()> {
    let (browser, entry) = (exhibit.browser, exhibit.entry);
    for control in numbers(entry) {
        let ControlKind::Number { min, max, .. } = control.kind else {
            continue;
        };
        let slider = exhibit.within(&format!("[data-slider={}]", control.key));
        let after = |keys: &str| -> Result<f64> {
            browser.press(&slider, keys)?;
            number(&exhibit.value(control)?)
        };
        let name = control.key;
        ensure!(
            after(key::END)? == max,
            "End does not bring {name} to {max}"
        );
        let below = after(key::LEFT)?;
        ensure!(below < max, "an arrow to the left does not lower {name}");
        ensure!(
            after(key::HOME)? == min,
            "Home does not bring {name} to {min}"
        );
        let above = after(key::RIGHT)?;
        ensure!(above > min, "an arrow to the right does not raise {name}");
    }
    exhibit.agrees_with_address()
}

pub(crate) fn by_mouse(exhibit: &Exhibit<'_>) -> Result<()> {
    slid(exhibit, Pointer::Mouse)
}

pub(crate) fn by_touch(exhibit: &Exhibit<'_>) -> Result<()> {
    exhibit.browser.look_as(&Look::NARROW)?;
    slid(exhibit, Pointer::Touch)?;
    exhibit.browser.look_as(&Look::WIDE)
}

fn slid(exhibit: &Exhibit<'_>, pointer: Pointer) -> Result<()> {
    let (browser, entry) = (exhibit.browser, exhibit.entry);
    let before = exhibit.shown()?;
    for control in numbers(entry) {
        let slider = exhibit.within(&format!("[data-slider={}]", control.key));
        let position = format!(
            "(e => (e.valueAsNumber - e.min) / (e.max - e.min))(document.querySelector({slider:?}))"
        );
        let start = browser.number(&position)?;
        let target = if start < 0.5 { 0.8 } else { 0.2 };
        browser.drag(&slider, pointer, (start, 0.5), (target, 0.5))?;
        let end = browser.number(&position)?;
        // A slider of few stops takes the nearest one.
        let half_a_step =
            format!("(e => 0.5 * e.step / (e.max - e.min))(document.querySelector({slider:?}))");
        let near = 0.12_f64.max(browser.number(&half_a_step)? + 0.01);
        ensure!(
            (end - target).abs() < near,
            "{}: dragged from {start} to {target}, ended at {end}",
            control.key
        );
    }
    let controls = entry
        .controls()
        .iter()
        .zip(before.iter().zip(exhibit.shown()?));
    for (control, (before, after)) in controls {
        let slides = matches!(control.kind, ControlKind::Number { .. });
        ensure!(
            (*before != after) == slides,
            "{} stood at {before}, and after its slider moved at {after}",
            control.key
        );
    }
    exhibit.agrees_with_address()
}

pub(crate) fn chosen(exhibit: &Exhibit<'_>) -> Result<()> {
    let (browser, entry) = (exhibit.browser, exhibit.entry);
    for control in entry.controls() {
        let ControlKind::Choice { options } = control.kind else {
            continue;
        };
        let menu = exhibit.within(&format!("[data-menu={}]", control.key));
        let unfolds = browser.look(&format!("document.querySelector({menu:?}) !== null"))?
            == serde_json::json!(true);
        for (place, (value, _)) in options.iter().enumerate().rev() {
            if unfolds {
                let keys = format!("{}{}", key::HOME, key::DOWN.repeat(place));
                browser.press(&menu, &keys)?;
            } else {
                let option = format!("label:has([data-option='{}={value}'])", control.key);
                browser.click(&exhibit.within(&option))?;
            }
            let now = exhibit.value(control)?;
            ensure!(
                now == *value,
                "{} stands at {now} after {value} was chosen",
                control.key
            );
        }
    }
    exhibit.agrees_with_address()
}

pub(crate) fn presets(exhibit: &Exhibit<'_>) -> Result<()> {
    let (browser, entry) = (exhibit.browser, exhibit.entry);
    let usual = exhibit.shown()?;
    for preset in entry.presets() {
        let button = exhibit.within(&format!("[data-preset={}]", preset.id));
        browser.click(&button)?;
        let pairs: Vec<_> = preset
            .values
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect();
        let expected = entry.open(&pairs).0.values();
        let found = exhibit.setting()?.values();
        ensure!(
            found == expected,
            "{} set {found:?}, not {expected:?}",
            preset.id
        );
        let pressed = browser.read(&format!(
            "document.querySelector({button:?}).getAttribute('aria-pressed')"
        ))?;
        ensure!(
            pressed == "true",
            "{} is set but its button is not pressed",
            preset.id
        );
        exhibit.reset()?;
        let found = exhibit.shown()?;
        ensure!(found == usual, "reset left {found:?}");
    }
    exhibit.agrees_with_address()
}
