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

/// How many rules the page keeps, then each violation with the places where it was found.
const VERDICT: &str = "axe.run(document).then(found => [found.passes.length,
    ...found.violations.map(v => [v.id, v.help, ...v.nodes.map(n => n.html.slice(0, 200) + ' ' + n.failureSummary)])])";

fn examine(world: &Arc<World>, entry: &'static dyn Entry, look: &Look) -> Result<()> {
    let browser = Browser::open(world, look)?;
    let exhibit = Exhibit::open(world, &browser, entry, "")?;
    exhibit.unfold()?;
    let script = fs::read_to_string(world.axe()).context("axe-core")?;
    browser.look(&format!("{script}; typeof axe"))?;
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
    Ok(())
}
