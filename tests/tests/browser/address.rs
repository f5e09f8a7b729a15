//! The address holds the state, and nonsense in it is said and put right.

use std::sync::Arc;

use anyhow::{Result, ensure};
use sim_core::exhibits::ControlKind;
use sim_core::exhibits::{Entry, registry};
use tests::browser::{Browser, Look};
use tests::exhibit::{Exhibit, another_value};
use tests::world::World;

use crate::Trials;

pub(crate) fn add(trials: &mut Trials) {
    trials.add_for_each("the_address_holds_the_state", holds);
    trials.add_for_each("nonsense_in_the_address_is_said_and_put_right", nonsense);
    trials.add("an_unknown_exhibit_in_the_address_is_said", unknown);
}

fn holds(world: &Arc<World>, entry: &'static dyn Entry) -> Result<()> {
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
    let browser = Browser::open(world, &Look::WIDE)?;
    let exhibit = Exhibit::open_quiet(world, &browser, entry, &expected.query())?;
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

fn nonsense(world: &Arc<World>, entry: &'static dyn Entry) -> Result<()> {
    let control = &entry.controls()[0];
    let bad = [
        "NaN",
        "-1e300",
        "1e309",
        "",
        "%00",
        "%F0%9F%A6%86",
        "<b>bold</b>",
    ];
    for query in bad
        .map(|value| format!("{}={value}", control.key))
        .into_iter()
        .chain(["no-such-key=1".to_owned()])
    {
        let browser = Browser::open(world, &Look::WIDE)?;
        let exhibit = Exhibit::open_quiet(world, &browser, entry, &query)?;
        let notice = format!(
            "document.querySelector({:?})",
            exhibit.within("[data-notice]")
        );
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
