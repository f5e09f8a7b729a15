//! "Copy as command" gives the command of the reader's own point, with the page's seed and replications.

use anyhow::{Context, Result, ensure};
use tests::exhibit::{Exhibit, first_slider, key};

/// Keeps what is copied where the test can read it.
pub(crate) const LISTEN: &str =
    "void (navigator.clipboard.writeText = async text => { window.copied = text; })";

pub(crate) fn copied(exhibit: &Exhibit<'_>) -> Result<()> {
    let (browser, entry) = (exhibit.browser, exhibit.entry);
    browser.look(LISTEN)?;
    browser.press(
        &exhibit.within(&format!("[data-slider={}]", first_slider(entry)?.key)),
        key::LEFT,
    )?;
    let Some(command) = copy(exhibit)? else {
        return Ok(());
    };
    let expected = exhibit
        .setting()?
        .command(flag(&command, "--seed")?, flag(&command, "--replications")?);
    ensure!(
        Some(&command) == expected.as_ref(),
        "copied `{command}` instead of `{expected:?}`"
    );
    Ok(())
}

/// The command that the button copies, after [`LISTEN`]; none where the exhibit has none, and then there must be no button.
pub(crate) fn copy(exhibit: &Exhibit<'_>) -> Result<Option<String>> {
    let (browser, button) = (exhibit.browser, exhibit.within("[data-copy=command]"));
    if exhibit.entry.defaults().command(1, 1).is_none() {
        let there = browser.look(&format!("document.querySelector({button:?}) !== null"))?;
        ensure!(
            there == serde_json::json!(false),
            "a button for a command that does not exist"
        );
        return Ok(None);
    }
    browser.click(&button)?;
    browser.wait_until("something is copied", "typeof window.copied === 'string'")?;
    browser.read("window.copied").map(Some)
}

/// The number after a flag.
pub(crate) fn flag(command: &str, name: &str) -> Result<u64> {
    let mut words = command.split_whitespace().skip_while(|word| *word != name);
    let value = words
        .nth(1)
        .with_context(|| format!("`{command}` has no {name}"))?;
    Ok(value.parse()?)
}
