//! What the reader does by hand, by mouse and by keyboard: servers that can die are killed and revived, caches are emptied.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use sim_core::exhibits::{Entry, Scene};
use sim_core::scenario::{Incident, Resource};
use tests::browser::{Browser, Look};
use tests::exhibit::{Exhibit, key};
use tests::world::World;

use crate::Trials;

pub(crate) fn add(trials: &mut Trials) {
    trials.add_for_each("servers_are_killed_by_mouse_and_keyboard", kill);
    trials.add_for_each("a_server_that_is_clicked_dies", click);
    trials.add_for_each("a_cache_is_emptied_by_hand", empty);
}

/// The exhibit with its buttons in sight; `None` where no scene has what can be done by hand.
fn open<'a>(
    world: &World,
    browser: &'a Browser,
    entry: &'static dyn Entry,
    has: impl Fn(&Scene) -> bool,
) -> Result<Option<Exhibit<'a>>> {
    if !entry.defaults().animated().iter().any(has) {
        return Ok(None);
    }
    let exhibit = Exhibit::open(world, browser, entry, "")?;
    let deeds = exhibit.within("[data-deeds]");
    browser.look(&format!(
        "document.querySelector({deeds:?}).scrollIntoView({{block: 'center', behavior: 'instant'}})"
    ))?;
    let first = exhibit.within("[data-deed]");
    browser.wait_until(
        "there are buttons",
        &format!("document.querySelector({first:?}) !== null"),
    )?;
    Ok(Some(exhibit))
}

/// Whether something is done to servers.
fn is_mortal(scene: &Scene) -> bool {
    let mut script = scene.scenario.script.iter();
    script.any(|incident: &Incident| incident.cache().is_none())
}

/// Whether there is a cache, and something that it spares.
fn has_cache(scene: &Scene) -> bool {
    let resources = &scene.scenario.resources;
    let mut caches = resources.iter().map(|(_, it)| it);
    resources.len() > 1 && caches.any(|it| matches!(it, Resource::Cache(_)))
}

fn says(browser: &Browser, selector: &str, what: &str) -> Result<()> {
    browser.wait_until(
        &format!("a button says {what:?}"),
        &format!(
            "document.querySelector({selector:?}).getAttribute('aria-label').endsWith({what:?})"
        ),
    )
}

fn kill(world: &Arc<World>, entry: &'static dyn Entry) -> Result<()> {
    let browser = Browser::open(world, &Look::WIDE)?;
    let Some(exhibit) = open(world, &browser, entry, is_mortal)? else {
        return Ok(());
    };
    let first = exhibit.within("[data-deed]");
    says(&browser, &first, ": up. Kill it")?;
    browser.click(&first)?;
    says(&browser, &first, ": down. Revive it")?;
    let census = format!(
        "document.querySelector({:?}).textContent.includes('1 down')",
        exhibit.within("[data-census]")
    );
    browser.wait_until("the death is seen", &census)?;
    browser.press(&first, key::ENTER)?;
    says(&browser, &first, ": up. Kill it")?;
    browser.press(&first, " ")?;
    says(&browser, &first, ": down. Revive it")?;
    let focused = format!("document.activeElement === document.querySelector({first:?})");
    ensure!(
        browser.look(&focused)? == serde_json::Value::Bool(true),
        "the button has lost the focus"
    );
    Ok(())
}

/// Presses the button twice, by mouse and by keyboard: each time there is less in the cache than there was.
fn empty(world: &Arc<World>, entry: &'static dyn Entry) -> Result<()> {
    let browser = Browser::open(world, &Look::WIDE)?;
    let Some(exhibit) = open(world, &browser, entry, has_cache)? else {
        return Ok(());
    };
    let first = exhibit.within("[data-deed]");
    says(&browser, &first, "Empty the cache")?;
    let census = exhibit.within("[data-census]");
    let objects = format!(
        "Number(document.querySelector({census:?}).textContent.match(/cache: (\\d+) of/)[1])"
    );
    let filled = format!("{objects} >= 12");
    let emptied = format!("{objects} < 8");
    browser.wait_until("the cache fills", &filled)?;
    browser.click(&first)?;
    browser.wait_until("it has been emptied", &emptied)?;
    browser.wait_until("it fills again", &filled)?;
    browser.press(&first, key::ENTER)?;
    browser.wait_until("it has been emptied again", &emptied)
}

/// Presses the canvas where the first server is: somewhere the pointer turns into a hand.
fn click(world: &Arc<World>, entry: &'static dyn Entry) -> Result<()> {
    let browser = Browser::open(world, &Look::WIDE)?;
    let Some(exhibit) = open(world, &browser, entry, is_mortal)? else {
        return Ok(());
    };
    let canvas = exhibit.within("[data-animation] canvas");
    let found = format!(
        "(() => {{
          const canvas = document.querySelector({canvas:?});
          const box = canvas.getBoundingClientRect();
          for (let y = 4; y < box.height; y += 4) for (let x = 4; x < box.width; x += 8) {{
            const at = {{ clientX: box.left + x, clientY: box.top + y, bubbles: true }};
            canvas.dispatchEvent(new PointerEvent('pointermove', at));
            if (canvas.style.cursor !== 'pointer') continue;
            canvas.dispatchEvent(new MouseEvent('click', at));
            return 'clicked';
          }}
          return 'nothing to click';
        }})()"
    );
    let clicked = browser.read(&found).context("looking for a server")?;
    ensure!(clicked == "clicked", "{clicked}");
    let any = format!(
        "[...document.querySelectorAll({:?})].some(one => one.getAttribute('aria-label').endsWith(': down. Revive it'))",
        exhibit.within("[data-deed]")
    );
    browser.wait_until("a server is down", &any)
}
