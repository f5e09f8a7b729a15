//! Where something is missing, a readable page with a message is left, never an empty one.

use std::sync::Arc;

use anyhow::{Result, ensure};
use sim_core::exhibits::registry;
use tests::browser::{Browser, Look};
use tests::world::{Fault, NO_NETWORK, NO_REST, NO_SIMULATOR, NO_WORKER, World};

use crate::Trials;

pub(crate) fn add(trials: &mut Trials) {
    for fault in &NO_SIMULATOR {
        trials.add(
            format!("{}_leaves_text_and_a_message", fault.name),
            |world| without_simulator(world, fault),
        );
    }
    for fault in &NO_WORKER {
        trials.add(
            format!("{}_leaves_theory_and_a_message", fault.name),
            |world| without_worker(world, fault),
        );
    }
    for fault in &NO_REST {
        trials.add(
            format!("{}_leaves_the_first_exhibit_and_a_message", fault.name),
            |world| without_rest(world, fault),
        );
    }
    trials.add("no_network_leaves_theory_and_a_message", without_network);
    trials.add("no_scripts_leave_text_and_a_message", without_scripts);
}

/// What a reader can read.
const TEXT: &str = "document.body.innerText";
/// Whether a sentence says that something does not work, wherever it stands.
const MESSAGE: &str = "/cannot|blocks|does not run/.test(document.body.innerText)";

fn readable(browser: &Browser) -> Result<()> {
    let text = browser.read(TEXT)?;
    ensure!(text.len() > 1500, "only this is left to read: {text}");
    browser.wait_until("a message says what is wrong", MESSAGE)?;
    let picture = "[...document.querySelectorAll('[data-still] svg')].some(e => e.getBoundingClientRect().height > 100)";
    ensure!(
        browser.look(picture)? == serde_json::json!(true),
        "the still figure is gone"
    );
    Ok(())
}

fn without_simulator(world: &Arc<World>, fault: &Fault) -> Result<()> {
    let browser = Browser::open(world, &Look::WIDE)?;
    browser.go(&world.faulty_page(fault))?;
    readable(&browser)
}

fn without_scripts(world: &Arc<World>) -> Result<()> {
    let browser = Browser::open(
        world,
        &Look {
            scripts: false,
            ..Look::WIDE
        },
    )?;
    browser.go(&world.page())?;
    let started = browser.look("document.documentElement.dataset.state ?? 'never'")?;
    ensure!(
        started == serde_json::json!("never"),
        "the page's scripts ran"
    );
    readable(&browser)
}

fn without_worker(world: &Arc<World>, fault: &Fault) -> Result<()> {
    let browser = Browser::open(world, &Look::WIDE)?;
    browser.go(&world.faulty_page(fault))?;
    let first = format!("[data-exhibit={}]", registry()[0].card().id);
    browser.wait_until(
        "the exhibit lives on theory",
        &format!("document.querySelector('{first} [data-state=live]') !== null"),
    )?;
    let notice = format!("document.querySelector('{first} [data-notice]')");
    browser.wait_until(
        "a message about the simulation",
        &format!("!{notice}.hidden && /simulation/i.test({notice}.textContent)"),
    )?;
    let readouts = browser.read(&format!(
        "document.querySelector('{first} [data-readouts]').textContent"
    ))?;
    ensure!(
        readouts.chars().any(|c| c.is_ascii_digit()),
        "theory gives no numbers: {readouts}"
    );
    Ok(())
}

/// Waits until a part of an exhibit says something that contains a word.
fn says(browser: &Browser, id: &str, part: &str, word: &str) -> Result<()> {
    let text = format!("document.querySelector('[data-exhibit={id}] {part}')?.innerText");
    browser.wait_until(
        &format!("{part} of {id} says `{word}`"),
        &format!("({text} ?? '').includes({word:?})"),
    )
}

fn without_rest(world: &Arc<World>, fault: &Fault) -> Result<()> {
    let browser = Browser::open(world, &Look::WIDE)?;
    let [first, .., last] = registry() else {
        unreachable!("there are several exhibits")
    };
    let last = last.card();
    browser.go(&format!("{}#{}", world.faulty_page(fault), last.id))?;
    says(&browser, last.id, "[data-notice]", "cannot start")?;
    says(&browser, last.id, ".blurb", last.blurb)?;
    let live = format!("[data-exhibit={}] [data-state=live]", first.card().id);
    browser.wait_until(
        "the first exhibit lives",
        &format!("document.querySelector({live:?}) !== null"),
    )
}

fn without_network(world: &Arc<World>) -> Result<()> {
    let networks = registry().iter().filter(|entry| {
        let scenarios = entry.defaults().scenarios().unwrap_or_default();
        scenarios.iter().any(|scenario| scenario.queue().is_none())
    });
    let mut seen = 0;
    for entry in networks {
        let browser = Browser::open(world, &Look::WIDE)?;
        let id = entry.card().id;
        browser.go(&format!("{}#{id}", world.faulty_page(&NO_NETWORK)))?;
        says(&browser, id, "[data-notice]", "simulation")?;
        if !entry.defaults().animated().is_empty() {
            says(&browser, id, ".queue", "cannot start")?;
        }
        let drawn = format!("[data-exhibit={id}] [data-figure] canvas");
        browser.wait_until(
            "theory is drawn",
            &format!("document.querySelector({drawn:?})?.width > 300"),
        )?;
        seen += 1;
    }
    ensure!(seen > 0, "no exhibit is about a network");
    Ok(())
}
