//! Every figure is drawn sharply, described in words and given in numbers; its handle moves; its simulation settles.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use sim_core::exhibits::{Control, ControlKind, Entry, Readout};
use sim_core::run::{Cancel, Plan, Stopping, run};
use tests::browser::{Browser, Look, Pointer};
use tests::exhibit::{Exhibit, first_slider, key, number};
use tests::world::World;

use crate::{Trials, command};

pub(crate) fn add(trials: &mut Trials) {
    trials.add_for_each("the_simulation_settles", settles);
}

/// Per figure: width and height of the canvas over those of its box in device pixels, and how many colours it shows.
const CANVASES: &str = "(selector => [...document.querySelectorAll(selector)].map(canvas => {
    const {width, height} = canvas.getBoundingClientRect();
    const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
    const colours = new Set(new Uint32Array(pixels.buffer));
    return [canvas.width / width / devicePixelRatio, canvas.height / height / devicePixelRatio, colours.size];
}))";

pub(crate) fn drawn(exhibit: &Exhibit<'_>) -> Result<()> {
    let figures = exhibit.entry.defaults().figures(&[]).len();
    let found = exhibit.browser.look(&format!(
        "{CANVASES}({:?})",
        exhibit.within("[data-figure] canvas")
    ))?;
    let found = found.as_array().context("no list of canvases")?;
    ensure!(
        found.len() == figures,
        "{} canvases for {figures} figures",
        found.len()
    );
    for canvas in found {
        let value = |i: usize| canvas[i].as_f64().unwrap_or_default();
        ensure!(
            (value(0) - 1.0).abs() < 0.01 && (value(1) - 1.0).abs() < 0.01,
            "blurred: {canvas}"
        );
        ensure!(value(2) > 8.0, "an empty canvas: {canvas}");
    }
    Ok(())
}

/// Nothing is simulated meanwhile: the colours alone are others on dark ground, and the same again on light ground.
pub(crate) fn follow_the_ground(exhibit: &Exhibit<'_>) -> Result<()> {
    let browser = exhibit.browser;
    let picture = format!(
        "document.querySelector({:?}).toDataURL()",
        exhibit.within("[data-figure] canvas")
    );
    let light = browser.read(&picture)?;
    for (dark, same) in [(true, "!=="), (false, "===")] {
        browser.look_as(&Look { dark, ..Look::WIDE })?;
        browser.wait_until(
            &format!("the figure is drawn anew, dark: {dark}"),
            &format!("{picture} {same} {light:?}"),
        )?;
    }
    Ok(())
}

pub(crate) fn described(exhibit: &Exhibit<'_>) -> Result<()> {
    let (browser, entry) = (exhibit.browser, exhibit.entry);
    for figure in entry.defaults().figures(&[]) {
        let inside =
            |selector: &str| exhibit.within(&format!("[data-figure={}] {selector}", figure.id));
        let length = |selector: String| {
            browser.number(&format!(
                "document.querySelector({selector:?}).textContent.trim().length"
            ))
        };
        ensure!(
            length(inside("figcaption"))? > 0.0,
            "{} has no title",
            figure.id
        );
        ensure!(
            length(inside("[data-description]"))? > 40.0,
            "{} has no description",
            figure.id
        );
        let described = browser.look(&format!(
            "(c => c.getAttribute('role') === 'img' && c.getAttribute('aria-describedby').split(' ').every(id => document.getElementById(id)))(document.querySelector({:?}))",
            inside("canvas")
        ))?;
        ensure!(
            described == serde_json::json!(true),
            "the canvas of {} does not refer to its description",
            figure.id
        );
    }
    let tables = exhibit.within("[data-table] table");
    let figures = entry.defaults().figures(&[]).len();
    // A figure without theory has its numbers once something is simulated.
    browser.wait_up_to(
        Duration::from_mins(1),
        "every figure has a table",
        &format!("document.querySelectorAll({tables:?}).length >= {figures}"),
    )?;
    let shape = browser.look(&format!(
        "[...document.querySelectorAll({tables:?})].map(t => [t.caption?.textContent.length ?? 0, t.tHead.rows.length, t.tBodies[0].rows.length])"
    ))?;
    let shape = shape.as_array().context("no list of tables")?;
    ensure!(
        shape.len() >= figures,
        "{} tables for {figures} figures",
        shape.len()
    );
    for table in shape {
        ensure!(
            (0..3).all(|i| table[i].as_f64().unwrap_or_default() > 0.0),
            "a table lacks caption, head or rows: {table}"
        );
    }
    Ok(())
}

pub(crate) fn readouts(exhibit: &Exhibit<'_>) -> Result<()> {
    let (browser, entry) = (exhibit.browser, exhibit.entry);
    let said = format!(
        "document.querySelector({:?}).textContent",
        exhibit.within("[data-readouts]")
    );
    let before = browser.read(&said)?;
    ensure!(
        before.chars().any(|c| c.is_ascii_digit()),
        "no number in `{before}`"
    );
    let control = first_slider(entry)?;
    browser.press(
        &exhibit.within(&format!("[data-slider={}]", control.key)),
        key::HOME,
    )?;
    browser.wait_until("the readouts follow", &format!("{said} !== {before:?}"))
}

/// The handle's control, if a figure has a handle.
fn handled(entry: &'static dyn Entry) -> Option<&'static Control> {
    let figures = entry.defaults().figures(&[]);
    let key = figures
        .iter()
        .find_map(|figure| figure.handle.as_ref())?
        .control;
    entry.controls().iter().find(|control| control.key == key)
}

pub(crate) fn handle_by_mouse(exhibit: &Exhibit<'_>) -> Result<()> {
    handle(exhibit, Pointer::Mouse)
}

pub(crate) fn handle_by_touch(exhibit: &Exhibit<'_>) -> Result<()> {
    handle(exhibit, Pointer::Touch)
}

fn handle(exhibit: &Exhibit<'_>, pointer: Pointer) -> Result<()> {
    let browser = exhibit.browser;
    let Some(control) = handled(exhibit.entry) else {
        return Ok(());
    };
    let before = number(&exhibit.value(control)?)?;
    let handle = exhibit.within(&format!("[data-handle={}]", control.key));
    let on_the_left = browser.look(&format!(
        "document.querySelector({handle:?}).getBoundingClientRect().left < innerWidth / 2"
    ))? == serde_json::json!(true);
    // A handle is some 40 pixels wide: two and a half of them to where there is room.
    let along = if on_the_left { 3.0 } else { -2.0 };
    browser.drag(&handle, pointer, (0.5, 0.5), (along, 0.5))?;
    let after = number(&exhibit.value(control)?)?;
    ensure!(
        (after > before) == on_the_left && after != before,
        "dragging the handle by {along} of its widths moved {} from {before} to {after}",
        control.key
    );
    let field = browser.read(&format!(
        "document.querySelector({:?}).value",
        exhibit.within(&format!("[data-typed={}]", control.key))
    ))?;
    let spoken = browser.read(&format!(
        "document.querySelector({handle:?}).getAttribute('aria-valuetext')"
    ))?;
    ensure!(
        field == spoken,
        "the field says {field}, the handle {spoken}"
    );
    exhibit.agrees_with_address()
}

pub(crate) fn handle_by_keyboard(exhibit: &Exhibit<'_>) -> Result<()> {
    let browser = exhibit.browser;
    let Some(control) = handled(exhibit.entry) else {
        return Ok(());
    };
    let ControlKind::Number { min, .. } = control.kind else {
        return Ok(());
    };
    let handle = exhibit.within(&format!("[data-handle={}]", control.key));
    browser.press(&handle, key::HOME)?;
    let lowest = number(&exhibit.value(control)?)?;
    ensure!(
        lowest == min,
        "Home brought {} to {lowest}, not {min}",
        control.key
    );
    browser.press(&handle, key::RIGHT)?;
    let above = number(&exhibit.value(control)?)?;
    ensure!(above > min, "an arrow left {} at {above}", control.key);
    exhibit.agrees_with_address()
}

fn settles(world: &Arc<World>, entry: &'static dyn Entry) -> Result<()> {
    if entry.defaults().scenarios()?.is_empty() {
        return Ok(());
    }
    let browser = Browser::open(world, &Look::WIDE)?;
    let exhibit = Exhibit::open_alone(world, &browser, entry, "")?;
    browser.look(&watch_heights(&exhibit))?;
    exhibit.wait_until_settled()?;
    let jumps = browser.look("window.jumps")?;
    ensure!(
        jumps == serde_json::json!([]),
        "what lies below these texts jumped (class, height before, after, characters now): {jumps}"
    );
    says_what_a_native_run_says(&exhibit)?;
    let said = browser.console()?;
    ensure!(said.is_empty(), "the console says {said:#?}");
    Ok(())
}

/// Notes every text that moves what lies below it: one that takes less room than a moment before, or more than it kept from the
/// start. A single line more may come with other fonts than the ones its room was measured with.
fn watch_heights(exhibit: &Exhibit<'_>) -> String {
    let texts = exhibit.within(":is(.readouts, .progress, .notes)");
    format!(
        "{{ window.jumps = []; const first = new Map(), last = new Map();
            const watch = new ResizeObserver(entries => entries.forEach(({{ target }}) => {{
                const height = target.offsetHeight;
                const line = 1.01 * parseFloat(getComputedStyle(target.firstElementChild ?? target).lineHeight);
                if (!first.has(target)) first.set(target, height);
                if (height < last.get(target) || height > first.get(target) + line)
                    jumps.push([target.className, last.get(target), height, ...[...target.children].map(it => it.textContent.length)]);
                last.set(target, height);
            }}));
            document.querySelectorAll({texts:?}).forEach(text => watch.observe(text)); }}"
    )
}

/// The settled page against native runs of the same scenarios, with the seed and the replications of its own command.
fn says_what_a_native_run_says(exhibit: &Exhibit<'_>) -> Result<()> {
    let setting = exhibit.setting()?;
    exhibit.browser.look(command::LISTEN)?;
    let Some(copied) = command::copy(exhibit)? else {
        return Ok(());
    };
    let seed = command::flag(&copied, "--seed")?;
    let stopping = Stopping {
        precision: 0.05,
        replications: command::flag(&copied, "--replications")?,
        early: false,
    };
    let reports: Vec<_> = setting
        .scenarios()?
        .iter()
        .map(|scenario| {
            let plan = Plan::new(scenario, seed)?;
            Ok(Some(run(&plan, &stopping, 2, &Cancel::default(), &|_| {})))
        })
        .collect::<Result<_>>()?;
    let expected: String = setting
        .readouts(&reports)
        .iter()
        .map(Readout::text)
        .collect();
    let shown = exhibit.browser.read(&format!(
        "document.querySelector({:?}).textContent",
        exhibit.within("[data-readouts]")
    ))?;
    ensure!(
        shown == expected,
        "the page says `{shown}`, a native run `{expected}`"
    );
    Ok(())
}
