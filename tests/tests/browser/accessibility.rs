//! axe-core finds nothing to say, in any light, at any width.

use std::fs;

use anyhow::{Context, Result, ensure};
use tests::browser::{Browser, Look};
use tests::exhibit::{Exhibit, open_page};

use crate::Trials;

pub(crate) fn add(trials: &mut Trials) {
    trials.add("axe_finds_nothing_on_the_whole_page", |world| {
        let browser = Browser::open(world, &Look::WIDE)?;
        open_page(world, &browser)?;
        for look in [Look::WIDE, Look::NARROW] {
            in_any_light(&browser, look)?;
        }
        Ok(())
    });
}

/// How many rules the page keeps, then each violation with the places where it was found.
const VERDICT: &str = "axe.run(document).then(found => [found.passes.length,
    ...found.violations.map(v => [v.id, v.help, ...v.nodes.map(n => n.html.slice(0, 200) + ' ' + n.failureSummary)])])";

/// An exhibit by itself, as wide as the window is.
pub(crate) fn axe(exhibit: &Exhibit<'_>) -> Result<()> {
    let width = exhibit.browser.number("innerWidth")?;
    let is_narrow = width <= f64::from(Look::NARROW.width);
    let look = if is_narrow { Look::NARROW } else { Look::WIDE };
    in_any_light(exhibit.browser, look)
}

fn in_any_light(browser: &Browser, look: Look) -> Result<()> {
    let script = fs::read_to_string(browser.world().axe()).context("axe-core")?;
    browser.look(&format!("{script}; typeof axe"))?;
    for dark in [true, false] {
        let look = Look { dark, ..look };
        browser.look_as(&look)?;
        let verdict = browser.look(VERDICT)?;
        let (kept, violations) = verdict
            .as_array()
            .and_then(|verdict| verdict.split_first())
            .context("no verdict")?;
        ensure!(
            kept.as_u64() > Some(20),
            "axe-core looked at little: {kept} rules apply"
        );
        ensure!(violations.is_empty(), "at {look:?}: {violations:#?}");
    }
    Ok(())
}
