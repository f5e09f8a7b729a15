//! Servers that can die are killed and revived by the reader, by mouse and by keyboard.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use sim_core::exhibits::Entry;
use tests::browser::{Browser, Look};
use tests::exhibit::{Exhibit, key};
use tests::world::World;

use crate::Trials;

pub(crate) fn add(trials: &mut Trials) {
    trials.add_for_each("servers_are_killed_by_mouse_and_keyboard", kill);
    trials.add_for_each("a_server_that_is_clicked_dies", click);
}

/// The exhibit with its buttons in sight; `None` where no server can die.
fn open<'a>(
    world: &World,
    browser: &'a Browser,
    entry: &'static dyn Entry,
) -> Result<Option<Exhibit<'a>>> {
    let scenes = entry.defaults().animated();
    let mortal = scenes.iter().any(|it| !it.scenario.script.is_empty());
    if !mortal {
        return Ok(None);
    }
    let exhibit = Exhibit::open(world, browser, entry, "")?;
    let servers = exhibit.within("[data-servers]");
    browser.look(&format!(
        "document.querySelector({servers:?}).scrollIntoView({{block: 'center', behavior: 'instant'}})"
    ))?;
    let first = exhibit.within("[data-server]");
    browser.wait_until(
        "the servers have buttons",
        &format!("document.querySelector({first:?}) !== null"),
    )?;
    Ok(Some(exhibit))
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
    let Some(exhibit) = open(world, &browser, entry)? else {
        return Ok(());
    };
    let first = exhibit.within("[data-server]");
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

/// Presses the canvas where the first server is: somewhere the pointer turns into a hand.
fn click(world: &Arc<World>, entry: &'static dyn Entry) -> Result<()> {
    let browser = Browser::open(world, &Look::WIDE)?;
    let Some(exhibit) = open(world, &browser, entry)? else {
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
        exhibit.within("[data-server]")
    );
    browser.wait_until("a server is down", &any)
}
