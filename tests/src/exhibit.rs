//! An exhibit as a reader meets it on the page, beside the same exhibit as the registry has it.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use sim_core::exhibits::{Control, ControlKind};
use sim_core::exhibits::{Entry, Setting};

use sim_core::exhibits::registry;

use crate::browser::{Browser, PATIENCE};
use crate::world::{SILENT_WORKER, Visit, World};

/// Most bytes that the first view may transfer, compressed, headers included.
pub const FIRST_VIEW: u64 = 250 * 1024;

/// Opens the whole page and waits until it is ready.
///
/// # Errors
/// If it does not become so.
pub fn open_page(world: &World, browser: &Browser) -> Result<()> {
    browser.go(&world.page())?;
    browser.wait_until(
        "the page is ready",
        "document.documentElement.dataset.state === 'ready'",
    )
}

/// Opens a page and waits until its first exhibit is simulated, and everything that its first view asks for has come.
///
/// # Errors
/// If that does not happen.
pub fn first_view(browser: &Browser, visit: &Visit<'_>) -> Result<()> {
    browser.go(&visit.page())?;
    let first = Exhibit {
        browser,
        entry: registry()[0],
    };
    first.wait_until_drawn()?;
    first.wait_until_settled()?;
    browser.wait_until(
        "the network is quiet",
        "new Promise(done => setTimeout(() => done(true), 1000))",
    )
}

/// Keys as a driver sends them.
pub mod key {
    /// Selects everything in a field, so that what follows replaces it: Control and A.
    pub const SELECT_ALL: &str = "\u{E009}a\u{E000}";
    /// The Delete key.
    pub const DELETE: &str = "\u{E017}";
    /// The Enter key.
    pub const ENTER: &str = "\u{E007}";
    /// The right arrow.
    pub const RIGHT: &str = "\u{E014}";
    /// The left arrow.
    pub const LEFT: &str = "\u{E012}";
    /// The down arrow.
    pub const DOWN: &str = "\u{E015}";
    /// The Home key.
    pub const HOME: &str = "\u{E011}";
    /// The End key.
    pub const END: &str = "\u{E010}";
}

/// An exhibit open in a window.
pub struct Exhibit<'a> {
    /// The window.
    pub browser: &'a Browser,
    /// The exhibit in the registry.
    pub entry: &'static dyn Entry,
}

impl<'a> Exhibit<'a> {
    /// Loads the page at this exhibit, with the values of `query`, and waits until it is alive and drawn.
    ///
    /// # Errors
    /// If it does not come alive.
    pub fn open(
        world: &World,
        browser: &'a Browser,
        entry: &'static dyn Entry,
        query: &str,
    ) -> Result<Self> {
        Self::open_at(&world.page(), browser, entry, query)
    }

    /// As [`Exhibit::open`], with no other exhibit on the page: none above it opens and moves what is about to be taken hold of.
    ///
    /// # Errors
    /// As [`Exhibit::open`].
    pub fn open_alone(
        world: &World,
        browser: &'a Browser,
        entry: &'static dyn Entry,
        query: &str,
    ) -> Result<Self> {
        let page = format!("{}?embed={}", world.page(), entry.card().id);
        Self::open_at(&page, browser, entry, query)
    }

    /// As [`Exhibit::open_alone`], with workers that never answer: for what has nothing to do with the simulation, which would
    /// only take time from other trials.
    ///
    /// # Errors
    /// As [`Exhibit::open`].
    pub fn open_quiet(
        world: &World,
        browser: &'a Browser,
        entry: &'static dyn Entry,
        query: &str,
    ) -> Result<Self> {
        let page = world.faulty_page(&SILENT_WORKER);
        let page = format!("{page}?embed={}", entry.card().id);
        Self::open_at(&page, browser, entry, query)
    }

    fn open_at(
        page: &str,
        browser: &'a Browser,
        entry: &'static dyn Entry,
        query: &str,
    ) -> Result<Self> {
        let mark = if query.is_empty() { "" } else { "?" };
        browser.go(&format!("{page}#{}{mark}{query}", entry.card().id))?;
        let exhibit = Self { browser, entry };
        exhibit.wait_until_drawn()?;
        Ok(exhibit)
    }

    /// Waits until the exhibit is alive and its figures are drawn.
    ///
    /// # Errors
    /// If that does not happen.
    pub fn wait_until_drawn(&self) -> Result<()> {
        let live = self.within("[data-live][data-state=live]");
        self.browser.wait_until(
            "the exhibit comes alive",
            &format!("document.querySelector({live:?}) !== null"),
        )?;
        let described = self.within("[data-figure] [data-description]");
        self.browser.wait_until(
            "figures are drawn and described",
            &format!("[...document.querySelectorAll({described:?})].every(text => text.textContent.length > 0)"),
        )?;
        if self.entry.defaults().animated().is_empty() {
            return Ok(());
        }
        let film = self.within("[data-animation] canvas");
        self.browser.wait_until(
            "the animation is there",
            &format!("document.querySelector({film:?}) !== null"),
        )
    }

    /// Waits until everything in sight is simulated.
    ///
    /// # Errors
    /// If that takes minutes.
    pub fn wait_until_settled(&self) -> Result<()> {
        let live = self.within("[data-live]");
        self.browser.wait_up_to(
            Duration::from_mins(6),
            "the simulation is done",
            &format!("document.querySelector({live:?}).dataset.settled === 'true'"),
        )
    }

    /// A selector for what lies inside this exhibit.
    pub fn within(&self, selector: &str) -> String {
        format!("[data-exhibit={}] {selector}", self.entry.card().id)
    }

    /// The pairs of the address, once it holds still and names this exhibit.
    ///
    /// # Errors
    /// If it names another.
    pub fn pairs(&self) -> Result<Vec<(String, String)>> {
        // The page writes the address a moment after a change.
        std::thread::sleep(std::time::Duration::from_millis(450));
        let address = url::Url::parse(&self.browser.address()?)?;
        let fragment = address.fragment().unwrap_or_default();
        let (id, query) = fragment.split_once('?').unwrap_or((fragment, ""));
        ensure!(
            id == self.entry.card().id,
            "the address names `{id}`, not `{}`",
            self.entry.card().id
        );
        Ok(url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect())
    }

    /// The exhibit in the registry at the values of the address, all of which it must accept.
    ///
    /// # Errors
    /// If it refuses one.
    pub fn setting(&self) -> Result<Box<dyn Setting>> {
        let (setting, errors) = self.entry.open(&self.pairs()?);
        if let Some(error) = errors.first() {
            bail!("the page wrote an address that the registry refuses: {error}");
        }
        Ok(setting)
    }

    /// What the controls show that they stand at, as text, in the order of the registry.
    ///
    /// # Errors
    /// If one shows nothing.
    pub fn shown(&self) -> Result<Vec<String>> {
        let controls = self.entry.controls();
        let values = controls.iter().map(|control| self.value_of(control));
        let list = values.collect::<Vec<_>>().join(", ");
        let values = self.browser.look(&format!("[{list}]"))?;
        serde_json::from_value(values).context("a control shows nothing")
    }

    /// What a control shows that it stands at, as text.
    ///
    /// # Errors
    /// If it shows nothing.
    pub fn value(&self, control: &Control) -> Result<String> {
        self.browser.read(&self.value_of(control))
    }

    /// An expression for what a control shows.
    fn value_of(&self, control: &Control) -> String {
        let key = control.key;
        let [number, menu, option] = [
            format!("[data-typed={key}]"),
            format!("[data-menu={key}]"),
            format!("[data-option^='{key}=']:checked"),
        ]
        .map(|selector| format!("document.querySelector({:?})", self.within(&selector)));
        format!("({number}?.dataset.value ?? {menu}?.value ?? {option}?.value)")
    }

    /// Checks that the address, which is written a moment after a change, says what the controls show.
    ///
    /// # Errors
    /// If it says something else.
    pub fn agrees_with_address(&self) -> Result<()> {
        let setting = self.setting()?;
        for (control, shown) in self.entry.controls().iter().zip(self.shown()?) {
            let said = text(&*setting, control.key);
            let same = match control.kind {
                ControlKind::Number { .. } => number(&shown)? == number(&said)?,
                ControlKind::Choice { .. } => shown == said,
            };
            ensure!(
                same,
                "the address says {said} for {}, its control shows {shown}",
                control.key
            );
        }
        Ok(())
    }

    /// Goes to the same page with the values of `query`, which the page follows without being loaded again.
    ///
    /// # Errors
    /// If the browser cannot.
    pub fn follow(&self, query: &str) -> Result<()> {
        let id = self.entry.card().id;
        self.browser
            .look(&format!("location.hash = {:?}", format!("#{id}?{query}")))?;
        Ok(())
    }

    /// Loads the same page anew with the values of `query`.
    ///
    /// # Errors
    /// If it does not come alive.
    pub fn load(&self, query: &str) -> Result<()> {
        let address = self.browser.address()?;
        let page = address.split('#').next().unwrap_or_default();
        // An address that differs after the # alone would not be loaded.
        self.browser.go("about:blank")?;
        Self::open_at(page, self.browser, self.entry, query).map(drop)
    }

    /// Puts all controls back where they were on the first day.
    ///
    /// # Errors
    /// If there is no button for it.
    pub fn reset(&self) -> Result<()> {
        self.browser.click(&self.within("[data-reset]"))
    }

    /// Unfolds everything that can be unfolded.
    ///
    /// # Errors
    /// If a fold cannot be clicked.
    pub fn unfold(&self) -> Result<()> {
        let folds = self.within("details:not([open]) > summary");
        let count = format!("document.querySelectorAll({folds:?}).length");
        let start = Instant::now();
        // A click may miss what moves while the exhibit comes alive, as a reader's may, who then clicks again.
        while self.browser.number(&count)? > 0.0 {
            ensure!(start.elapsed() < PATIENCE, "a fold stays closed");
            self.browser.click(&folds)?;
        }
        Ok(())
    }
}

/// The first control with a slider.
///
/// # Errors
/// If there is none.
pub fn first_slider(entry: &dyn Entry) -> Result<&'static Control> {
    let mut sliders = entry
        .controls()
        .iter()
        .filter(|control| matches!(control.kind, ControlKind::Number { .. }));
    sliders.next().context("no control has a slider")
}

/// A value as it would stand in an address.
pub fn text(setting: &dyn Setting, key: &str) -> String {
    match setting.values().get(key) {
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
        None => String::new(),
    }
}

/// A value of a number control away from its default and from its ends, as typed and as in an address.
///
/// # Errors
/// If the control is no number.
pub fn another_value(control: &Control) -> Result<(String, f64)> {
    let ControlKind::Number {
        min,
        max,
        unit,
        whole,
        ..
    } = control.kind
    else {
        bail!("{} is no number", control.key);
    };
    let value = min + 0.375 * (max - min);
    let value = if whole {
        value.round()
    } else {
        (value * 1000.0).round() / 1000.0
    };
    let typed = if unit == "%" {
        (value * 1e5).round() / 1e3
    } else {
        value
    };
    Ok((typed.to_string(), value))
}

/// The number in an address' text.
///
/// # Errors
/// If it is none.
pub fn number(text: &str) -> Result<f64> {
    text.parse()
        .with_context(|| format!("`{text}` is no number"))
}
