//! Motion only for those who want it.

use std::time::Duration;

use anyhow::{Result, ensure};
use tests::browser::{Browser, Look};
use tests::exhibit::Exhibit;

/// Two pictures of the animation some time apart.
fn pictures(browser: &Browser, exhibit: &Exhibit) -> Result<(String, String)> {
    let canvas = exhibit.within("[data-animation] canvas");
    let look = format!("document.querySelector({canvas:?}).toDataURL()");
    let first = browser.read(&look)?;
    std::thread::sleep(Duration::from_secs(2));
    Ok((first, browser.read(&look)?))
}

fn bring_into_view(exhibit: &Exhibit<'_>) -> Result<()> {
    let scene = exhibit.within("[data-animation]");
    exhibit.browser.look(&format!(
        "document.querySelector({scene:?}).scrollIntoView({{block: 'center', behavior: 'instant'}})"
    ))?;
    std::thread::sleep(Duration::from_millis(500));
    Ok(())
}

pub(crate) fn moves(exhibit: &Exhibit<'_>) -> Result<()> {
    let (browser, entry) = (exhibit.browser, exhibit.entry);
    if entry.defaults().animated().is_empty() {
        return Ok(());
    }
    bring_into_view(exhibit)?;
    let (first, second) = pictures(browser, exhibit)?;
    ensure!(first != second, "the animation stands still");
    browser.click(&exhibit.within("[data-pause]"))?;
    let (first, second) = pictures(browser, exhibit)?;
    ensure!(first == second, "the animation moves although it is paused");
    browser.click(&exhibit.within("[data-step]"))?;
    let (stepped, later) = pictures(browser, exhibit)?;
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

pub(crate) fn still(exhibit: &Exhibit<'_>) -> Result<()> {
    let (browser, entry) = (exhibit.browser, exhibit.entry);
    if entry.defaults().animated().is_empty() {
        return Ok(());
    }
    browser.look_as(&Look {
        still: true,
        ..Look::WIDE
    })?;
    browser.reload()?;
    exhibit.wait_until_drawn()?;
    bring_into_view(exhibit)?;
    let (first, second) = pictures(browser, exhibit)?;
    ensure!(
        first == second,
        "the animation moves although the reader wants no motion"
    );
    let button = exhibit.within("[data-pause]");
    browser.click(&button)?;
    let (stepped, _) = pictures(browser, exhibit)?;
    ensure!(stepped != first, "a step on shows nothing new");
    Ok(())
}
