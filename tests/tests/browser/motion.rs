//! Motion only for those who want it.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};
use sim_core::exhibits::Entry;
use tests::browser::{Browser, Look};
use tests::exhibit::Exhibit;
use tests::world::World;

use crate::Trials;

pub(crate) fn add(trials: &mut Trials) {
    trials.add_for_each("the_animation_moves_and_can_be_paused", moves);
    trials.add_for_each("reduced_motion_is_honoured", still);
}

/// Two pictures of the animation some time apart.
fn pictures(browser: &Browser, exhibit: &Exhibit) -> Result<(String, String)> {
    let canvas = exhibit.within("[data-animation] canvas");
    let look = format!("document.querySelector({canvas:?}).toDataURL()");
    let first = browser.read(&look)?;
    std::thread::sleep(Duration::from_secs(2));
    Ok((first, browser.read(&look)?))
}

fn open<'a>(world: &World, browser: &'a Browser, entry: &'static dyn Entry) -> Result<Exhibit<'a>> {
    let exhibit = Exhibit::open(world, browser, entry, "")?;
    let scene = exhibit.within("[data-animation]");
    browser.look(&format!(
        "document.querySelector({scene:?}).scrollIntoView({{block: 'center', behavior: 'instant'}})"
    ))?;
    std::thread::sleep(Duration::from_millis(500));
    Ok(exhibit)
}

fn moves(world: &Arc<World>, entry: &'static dyn Entry) -> Result<()> {
    if entry.defaults().animated().is_empty() {
        return Ok(());
    }
    let browser = Browser::open(world, &Look::WIDE)?;
    let exhibit = open(world, &browser, entry)?;
    let (first, second) = pictures(&browser, &exhibit)?;
    ensure!(first != second, "the animation stands still");
    browser.click(&exhibit.within("[data-pause]"))?;
    let (first, second) = pictures(&browser, &exhibit)?;
    ensure!(first == second, "the animation moves although it is paused");
    browser.click(&exhibit.within("[data-step]"))?;
    let (stepped, later) = pictures(&browser, &exhibit)?;
    ensure!(stepped != second, "a step on shows nothing new");
    ensure!(stepped == later, "the animation moves on after a step");
    let pace = format!(
        "document.querySelector({:?}).textContent",
        exhibit.within("[data-pace]")
    );
    let before = browser.read(&pace)?;
    browser.click(&exhibit.within("[data-faster]"))?;
    ensure!(browser.read(&pace)? != before, "faster is not faster");
    Ok(())
}

fn still(world: &Arc<World>, entry: &'static dyn Entry) -> Result<()> {
    if entry.defaults().animated().is_empty() {
        return Ok(());
    }
    let browser = Browser::open(
        world,
        &Look {
            still: true,
            ..Look::WIDE
        },
    )?;
    let exhibit = open(world, &browser, entry)?;
    let (first, second) = pictures(&browser, &exhibit)?;
    ensure!(
        first == second,
        "the animation moves although the reader wants no motion"
    );
    let button = exhibit.within("[data-pause]");
    browser.click(&button)?;
    let (stepped, _) = pictures(&browser, &exhibit)?;
    ensure!(stepped != first, "a step on shows nothing new");
    Ok(())
}
