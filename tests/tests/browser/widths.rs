//! Nothing scrolls sideways, from a small telephone to a wide screen.

use std::sync::Arc;

use anyhow::{Result, ensure};
use sim_core::exhibits::Entry;
use tests::browser::{Browser, Look};
use tests::exhibit::Exhibit;
use tests::world::World;

use crate::Trials;

pub(crate) fn add(trials: &mut Trials) {
    trials.add_for_each("nothing_scrolls_sideways", fits);
}

/// What sticks out of the window, apart from what lies in a box that scrolls by itself.
const OUTSIDE: &str = "[document.documentElement.scrollWidth > innerWidth ? 'the page' : '',
    ...[...document.querySelectorAll('body *')].filter(e => e.checkVisibility() && !e.closest('.scroller, .unseen, .skip')
        && e.getBoundingClientRect().right > innerWidth + 1).slice(0, 5).map(e => e.outerHTML.slice(0, 80))].filter(Boolean)";

fn fits(world: &Arc<World>, entry: &'static dyn Entry) -> Result<()> {
    for width in [390, 768, 1600] {
        let browser = Browser::open(
            world,
            &Look {
                width,
                ..Look::NARROW
            },
        )?;
        let exhibit = Exhibit::open(world, &browser, entry, "")?;
        exhibit.unfold()?;
        let outside = browser.look(OUTSIDE)?;
        ensure!(
            outside == serde_json::json!([]),
            "at {width} pixels stick out: {outside}"
        );
    }
    Ok(())
}
