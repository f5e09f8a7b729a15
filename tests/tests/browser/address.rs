//! The address holds the state, and nonsense in it is said and put right.

use std::sync::Arc;

use anyhow::{Result, ensure};
use sim_core::exhibits::ControlKind;
use sim_core::exhibits::registry;
use tests::browser::{Browser, Look};
use tests::exhibit::{Exhibit, another_value};
use tests::world::World;

use crate::Trials;

pub(crate) fn add(trials: &mut Trials) {
    trials.add("an_unknown_exhibit_in_the_address_is_said", unknown);
}

pub(crate) fn holds(exhibit: &Exhibit<'_>) -> Result<()> {
    let (browser, entry) = (exhibit.browser, exhibit.entry);
    let mut pairs = Vec::new();
    for control in entry.controls() {
        let value = match control.kind {
            ControlKind::Number { .. } => another_value(control)?.1.to_string(),
            ControlKind::Choice { options } => options[options.len() - 1].0.to_owned(),
        };
        pairs.push((control.key.to_owned(), value));
    }
    let (expected, errors) = entry.open(&pairs);
    ensure!(
        errors.is_empty(),
        "the registry refuses the test's own values: {errors:?}"
    );
    // An address that differs after the # alone is followed without loading the page; then it is loaded.
    exhibit.follow(&expected.query())?;
    for _ in 0..2 {
        let found = exhibit.setting()?.values();
        ensure!(
            found == expected.values(),
            "asked for {:?}, found {found:?}",
            expected.values()
        );
        browser.reload()?;
        exhibit.wait_until_drawn()?;
    }
    Ok(())
}

/// In words on the page; that the registry refuses every kind of nonsense by name needs no browser.
pub(crate) fn nonsense(exhibit: &Exhibit<'_>) -> Result<()> {
    let (browser, entry) = (exhibit.browser, exhibit.entry);
    let control = &entry.controls()[0];
    let notice = format!(
        "document.querySelector({:?})",
        exhibit.within("[data-notice]")
    );
    let bad = ["NaN", "1e309", "%00", "%F0%9F%A6%86", "<b>bold</b>"];
    let bad = bad.map(|value| format!("{}={value}", control.key));
    for query in bad.into_iter().chain(["no-such-key=1".to_owned()]) {
        // One that the page is loaded with; the others are followed.
        if query.ends_with("=NaN") {
            exhibit.load(&query)?;
        } else {
            exhibit.follow(&query)?;
        }
        browser.wait_until(
            &format!("a notice about `{query}`"),
            &format!("!{notice}.hidden && {notice}.textContent.length > 20"),
        )?;
        let found = exhibit.setting()?.values();
        ensure!(
            found == entry.defaults().values(),
            "`{query}` set {found:?}"
        );
        let said = browser.console()?;
        ensure!(said.is_empty(), "`{query}` makes the console say {said:#?}");
        exhibit.reset()?;
    }
    Ok(())
}

fn unknown(world: &Arc<World>) -> Result<()> {
    let browser = Browser::open(world, &Look::WIDE)?;
    browser.go(&format!("{}#no-such-exhibit?x=1", world.page()))?;
    let notice = "document.querySelector('main > [data-notice]')";
    browser.wait_until(
        "a notice",
        &format!("!{notice}.hidden && {notice}.textContent.includes('no-such-exhibit')"),
    )?;
    let first = registry()[0].card().id;
    browser.wait_until(
        "the first exhibit lives all the same",
        &format!("document.querySelector('[data-exhibit={first}] [data-state=live]') !== null"),
    )
}
