//! The page loads cleanly: no message, no failed or foreign request, the promised headers.

use std::sync::Arc;

use anyhow::{Result, ensure};
use sim_core::exhibits::Entry;
use tests::browser::{Browser, Look};
use tests::exhibit::{self, Exhibit};
use tests::world::World;

use crate::Trials;

pub(crate) fn add(trials: &mut Trials) {
    trials.add_for_each("loads_without_a_message", quiet);
    trials.add("every_exhibit_of_the_registry_is_on_the_page", complete);
    trials.add("nothing_is_fetched_from_elsewhere", own_files_only);
    trials.add("first_view_is_light", first_view);
    trials.add("the_policy_is_sent", policy);
    trials.add("an_exhibit_can_be_embedded_alone", embedded);
}

fn quiet(world: &Arc<World>, entry: &'static dyn Entry) -> Result<()> {
    let browser = Browser::open(world, &Look::WIDE)?;
    let exhibit = Exhibit::open(world, &browser, entry, "")?;
    exhibit.unfold()?;
    let said = browser.console()?;
    ensure!(said.is_empty(), "the console says {said:#?}");
    let notices =
        "[...document.querySelectorAll('[data-notice]:not([hidden])')].map(n => n.textContent)";
    let notices = browser.look(notices)?;
    ensure!(
        notices == serde_json::json!([]),
        "the page complains: {notices}"
    );
    Ok(())
}

fn complete(world: &Arc<World>) -> Result<()> {
    let browser = Browser::open(world, &Look::WIDE)?;
    exhibit::open_page(world, &browser)?;
    let found = browser
        .look("[...document.querySelectorAll('[data-exhibit]')].map(e => e.dataset.exhibit)")?;
    let expected: Vec<_> = sim_core::exhibits::registry()
        .iter()
        .map(|entry| entry.card().id)
        .collect();
    ensure!(
        found == serde_json::json!(expected),
        "on the page are {found}"
    );
    Ok(())
}

fn own_files_only(world: &Arc<World>) -> Result<()> {
    let browser = Browser::open(world, &Look::WIDE)?;
    exhibit::open_page(world, &browser)?;
    let fetched =
        browser.look("performance.getEntriesByType('resource').map(entry => entry.name)")?;
    let fetched = fetched.as_array().cloned().unwrap_or_default();
    ensure!(
        fetched.len() > 2,
        "too few requests to be the page: {fetched:?}"
    );
    let foreign: Vec<_> = fetched
        .iter()
        .filter(|name| !name.as_str().unwrap_or_default().starts_with(&world.page()))
        .collect();
    ensure!(foreign.is_empty(), "the page also fetched {foreign:?}");
    Ok(())
}

/// All that is transferred until the first exhibit is simulated, to the page and to its workers.
fn first_view(world: &Arc<World>) -> Result<()> {
    let browser = Browser::fresh(world, &Look::WIDE)?;
    let visit = world.visit();
    exhibit::first_view(&browser, &visit)?;
    let sent = visit.sent();
    let bytes: u64 = sent.iter().map(|it| it.bytes).sum();
    ensure!(
        sent.iter().any(|it| it.file.contains("_bg.wasm")),
        "no simulator among {sent:?}"
    );
    ensure!(
        bytes <= exhibit::FIRST_VIEW,
        "the first view transfers {bytes} bytes, more than {}: {sent:#?}",
        exhibit::FIRST_VIEW
    );
    Ok(())
}

fn policy(world: &Arc<World>) -> Result<()> {
    let browser = Browser::open(world, &Look::WIDE)?;
    browser.go(&world.page())?;
    for (file, kind) in [
        ("", "text/html"),
        ("main.js", "text/javascript"),
        ("worker.js", "text/javascript"),
        ("wasm/first_bg.wasm", "application/wasm"),
        ("style.css", "text/css"),
    ] {
        let header = |name: &str| {
            browser.read(&format!(
                "fetch({file:?}).then(answer => answer.headers.get({name:?}))"
            ))
        };
        let found = header("content-type")?;
        ensure!(found.starts_with(kind), "{file} is sent as {found}");
        // What runs by itself has a policy of its own.
        if ["", "worker.js"].contains(&file) {
            let policy = header("content-security-policy")?;
            ensure!(
                policy.starts_with("default-src 'none'") && !policy.contains("unsafe-inline"),
                "{policy}"
            );
        }
        ensure!(
            header("x-content-type-options")? == "nosniff",
            "{file} may be sniffed"
        );
    }
    let blocked = "new Promise(done => { document.addEventListener('securitypolicyviolation', event => done(event.effectiveDirective)); \
        document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.inline = true'})); })";
    ensure!(
        browser.read(blocked)? == "script-src-elem",
        "an inline script ran"
    );
    Ok(())
}

fn embedded(world: &Arc<World>) -> Result<()> {
    let browser = Browser::open(world, &Look::WIDE)?;
    for entry in sim_core::exhibits::registry() {
        let id = entry.card().id;
        browser.go(&format!("{}?embed={id}", world.page()))?;
        browser.wait_until(
            "the exhibit lives",
            "document.querySelector('[data-live][data-state=live]') !== null",
        )?;
        let found = browser
            .look("[...document.querySelectorAll('[data-exhibit]')].map(e => e.dataset.exhibit)")?;
        ensure!(found == serde_json::json!([id]), "embedded are {found}");
    }
    Ok(())
}
