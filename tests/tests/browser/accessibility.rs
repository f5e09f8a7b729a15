//! axe-core finds nothing to say, in any light, at any width.

use std::fs;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use sim_core::exhibits::Entry;
use tests::browser::{Browser, Look};
use tests::exhibit::Exhibit;
use tests::world::World;

use crate::Trials;

pub(crate) fn add(trials: &mut Trials) {
    trials.add_for_each("axe_finds_nothing", |world, entry| {
        for look in [Look::WIDE, Look::NARROW] {
            for dark in [false, true] {
                examine(world, entry, &Look { dark, ..look })?;
            }
        }
        Ok(())
    });
}

/// Each violation with the places where it was found.
const VIOLATIONS: &str = "axe.run(document, {resultTypes: ['violations']}).then(found =>
    found.violations.map(v => [v.id, v.help, ...v.nodes.map(n => n.html.slice(0, 200) + ' ' + n.failureSummary)]))";

fn examine(world: &Arc<World>, entry: &'static dyn Entry, look: &Look) -> Result<()> {
    let browser = Browser::open(world, look)?;
    let exhibit = Exhibit::open(world, &browser, entry, "")?;
    exhibit.unfold()?;
    let script = fs::read_to_string(world.axe()).context("axe-core")?;
    browser.look(&format!("{script}; typeof axe"))?;
    let violations = browser.look(VIOLATIONS)?;
    ensure!(
        violations == serde_json::json!([]),
        "at {look:?}: {violations:#}"
    );
    Ok(())
}
