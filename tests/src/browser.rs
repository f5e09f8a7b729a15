//! One browser window, driven step by step as a reader would.

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use fantoccini::actions::{
    InputSource, MOUSE_BUTTON_LEFT, MouseActions, PointerAction, TouchActions,
};
use fantoccini::error::{CmdError, ErrorStatus};
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};

use crate::world::World;

/// How long something that must happen may take.
pub const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(40);
/// How long a drag lasts, and each of the moves it is made of.
const DRAG: Duration = Duration::from_millis(200);
const MOVE: Duration = Duration::from_millis(16);

/// How the page is looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    /// Width of the window, CSS pixels.
    pub width: u32,
    /// Height of the window, CSS pixels.
    pub height: u32,
    /// Device pixels in a CSS pixel.
    pub ratio: f64,
    /// The reader prefers a dark ground.
    pub dark: bool,
    /// The reader prefers less motion.
    pub still: bool,
    /// Scripts run.
    pub scripts: bool,
}

impl Look {
    /// A laptop.
    pub const WIDE: Self = Self {
        width: 1600,
        height: 1000,
        ratio: 1.0,
        dark: false,
        still: false,
        scripts: true,
    };
    /// A telephone.
    pub const NARROW: Self = Self {
        width: 390,
        height: 844,
        ratio: 2.0,
        ..Self::WIDE
    };
}

/// What moves over the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pointer {
    /// A mouse with its left button down.
    Mouse,
    /// A finger.
    Touch,
}

/// A window. Opening one takes seconds of a processor, so whoever is done with a window leaves it, emptied, to the next.
#[derive(Debug)]
pub struct Browser {
    client: Client,
    world: Arc<World>,
    /// Another may have this window next.
    shared: bool,
}

impl Browser {
    /// Opens a window, or takes one that another has left. The page keeps nothing in a browser, so only what the browser itself
    /// remembers of it, files, is there before.
    ///
    /// # Errors
    /// If the driver cannot start a browser.
    pub fn open(world: &Arc<World>, look: &Look) -> Result<Self> {
        let client = match world.left_window().filter(|_| look.scripts) {
            Some(client) => client,
            None => start(world, look)?,
        };
        Self::looking(client, world, look, look.scripts)
    }

    /// Opens a window with a fresh profile, which remembers no file; it closes when dropped.
    ///
    /// # Errors
    /// If the driver cannot start a browser.
    pub fn fresh(world: &Arc<World>, look: &Look) -> Result<Self> {
        Self::looking(start(world, look)?, world, look, false)
    }

    fn looking(client: Client, world: &Arc<World>, look: &Look, shared: bool) -> Result<Self> {
        let browser = Self {
            client,
            world: Arc::clone(world),
            shared,
        };
        browser.look_as(look)?;
        Ok(browser)
    }

    /// Looks at the page in another way from now on, but for whether scripts run.
    ///
    /// # Errors
    /// If the browser is gone.
    pub fn look_as(&self, look: &Look) -> Result<()> {
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            &json!({"width": look.width, "height": look.height, "deviceScaleFactor": look.ratio, "mobile": false}),
        )?;
        let scheme = if look.dark { "dark" } else { "light" };
        let motion = if look.still {
            "reduce"
        } else {
            "no-preference"
        };
        self.devtools(
            "Emulation.setEmulatedMedia",
            &json!({"features": [
                {"name": "prefers-color-scheme", "value": scheme},
                {"name": "prefers-reduced-motion", "value": motion},
            ]}),
        )?;
        Ok(())
    }

    /// The surroundings.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Loads a page and waits for its `load` event.
    ///
    /// # Errors
    /// If the browser cannot.
    pub fn go(&self, address: &str) -> Result<()> {
        self.wait_on(self.client.goto(address))
    }

    /// Loads the same address again.
    ///
    /// # Errors
    /// If the browser cannot.
    pub fn reload(&self) -> Result<()> {
        self.wait_on(self.client.refresh())
    }

    /// The address as the browser shows it.
    ///
    /// # Errors
    /// If the browser is gone.
    pub fn address(&self) -> Result<String> {
        Ok(self.wait_on(self.client.current_url())?.to_string())
    }

    /// Evaluates a JavaScript expression in the page; promises are awaited. Tests look at the page with it; what a reader
    /// does, they do by mouse and keyboard.
    ///
    /// # Errors
    /// What the expression throws.
    pub fn look(&self, expression: &str) -> Result<Value> {
        let params = json!({"expression": expression, "awaitPromise": true, "returnByValue": true});
        let answer = self.devtools("Runtime.evaluate", &params)?;
        if let Some(exception) = answer.get("exceptionDetails") {
            let text = exception["exception"]["description"]
                .as_str()
                .unwrap_or("an exception");
            bail!("{expression}: {text}");
        }
        Ok(answer["result"]
            .get("value")
            .cloned()
            .unwrap_or(Value::Null))
    }

    /// As [`Browser::look`], for a text.
    ///
    /// # Errors
    /// If it is none.
    pub fn read(&self, expression: &str) -> Result<String> {
        let value = self.look(expression)?;
        value
            .as_str()
            .map(str::to_owned)
            .with_context(|| format!("{expression} is {value}, not a text"))
    }

    /// As [`Browser::look`], for a number.
    ///
    /// # Errors
    /// If it is none.
    pub fn number(&self, expression: &str) -> Result<f64> {
        let value = self.look(expression)?;
        value
            .as_f64()
            .with_context(|| format!("{expression} is {value}, not a number"))
    }

    /// Waits until an expression is true.
    ///
    /// # Errors
    /// If it does not become so; names `what` was waited for.
    pub fn wait_until(&self, what: &str, expression: &str) -> Result<()> {
        self.wait_up_to(PATIENCE, what, expression)
    }

    /// As [`Browser::wait_until`], with a patience of its own.
    ///
    /// # Errors
    /// As [`Browser::wait_until`].
    pub fn wait_up_to(&self, patience: Duration, what: &str, expression: &str) -> Result<()> {
        let start = Instant::now();
        loop {
            let value = self.look(expression)?;
            if value == json!(true) {
                return Ok(());
            }
            if start.elapsed() > patience {
                bail!(
                    "waited {} s in vain: {what}; `{expression}` is {value}",
                    patience.as_secs()
                );
            }
            std::thread::sleep(PAUSE);
        }
    }

    /// Clicks on an element, scrolling it into view if need be.
    ///
    /// Where something else came under the pointer, because the page moved between aiming and clicking, nothing
    /// was clicked: aims again, as a reader would.
    ///
    /// # Errors
    /// If there is none, or something stays on top of it.
    pub fn click(&self, selector: &str) -> Result<()> {
        let start = Instant::now();
        loop {
            let element = self.find(selector)?;
            match self.world.runtime.block_on(element.click()) {
                Err(CmdError::Standard(error))
                    if error.error == ErrorStatus::ElementClickIntercepted
                        && start.elapsed() < PATIENCE =>
                {
                    std::thread::sleep(PAUSE);
                }
                clicked => {
                    return clicked.with_context(|| format!("cannot click on {selector}"));
                }
            }
        }
    }

    /// Focuses an element and types into it.
    ///
    /// # Errors
    /// If there is none, or it cannot have the focus.
    pub fn press(&self, selector: &str, keys: &str) -> Result<()> {
        let element = self.find(selector)?;
        self.wait_on(element.send_keys(keys))
            .with_context(|| format!("cannot type into {selector}"))
    }

    fn find(&self, selector: &str) -> Result<fantoccini::elements::Element> {
        self.wait_on(self.client.find(Locator::Css(selector)))
            .with_context(|| format!("there is no {selector}"))
    }

    /// Drags from one place to another, both as shares of the element's width and height.
    ///
    /// # Errors
    /// If there is no such element or the browser cannot.
    pub fn drag(
        &self,
        selector: &str,
        pointer: Pointer,
        from: (f64, f64),
        to: (f64, f64),
    ) -> Result<()> {
        self.drag_for(DRAG, selector, pointer, from, to)
    }

    /// As [`Browser::drag`], taking as long as asked.
    ///
    /// # Errors
    /// As [`Browser::drag`].
    pub fn drag_for(
        &self,
        lasting: Duration,
        selector: &str,
        pointer: Pointer,
        from: (f64, f64),
        to: (f64, f64),
    ) -> Result<()> {
        let [left, top, width, height] = self.bring_into_view(selector)?;
        let moves = lasting.as_millis().div_ceil(MOVE.as_millis());
        let place = |i| {
            let share = i as f64 / moves as f64;
            let along = |a: f64, b: f64| a + share * (b - a);
            (
                left + width * along(from.0, to.0),
                top + height * along(from.1, to.1),
            )
        };
        let places: Vec<_> = (0..=moves).map(place).collect();
        match pointer {
            Pointer::Mouse => self.act(strokes(MouseActions::new("mouse".into()), &places)),
            Pointer::Touch => self.act(strokes(TouchActions::new("finger".into()), &places)),
        }
    }

    /// Scrolls an element to the middle of the window and returns its left, top, width and height.
    fn bring_into_view(&self, selector: &str) -> Result<[f64; 4]> {
        let frame = self.look(&format!(
            "(element => {{ element.scrollIntoView({{block: 'center', behavior: 'instant'}}); \
             const {{left, top, width, height}} = element.getBoundingClientRect(); \
             return [left, top, width, height]; }})(document.querySelector({selector:?}))"
        ))?;
        serde_json::from_value(frame).with_context(|| format!("no frame of {selector}"))
    }

    fn act(&self, actions: impl Into<fantoccini::actions::ActionSequence>) -> Result<()> {
        self.wait_on(self.client.perform_actions(actions.into()))
    }

    /// What the page wrote on the console since this was last asked, failed requests and refused policies included.
    ///
    /// # Errors
    /// If the browser is gone.
    pub fn console(&self) -> Result<Vec<String>> {
        let entries = self.issue("se/log", json!({"type": "browser"}))?;
        let entries = entries.as_array().context("the log is no list")?;
        Ok(entries
            .iter()
            .map(|entry| format!("{}: {}", entry["level"], entry["message"]))
            .collect())
    }

    /// A command of the browser's own protocol.
    ///
    /// # Errors
    /// What the browser says.
    pub fn devtools(&self, command: &str, params: &Value) -> Result<Value> {
        self.issue(
            "goog/cdp/execute",
            json!({"cmd": command, "params": params}),
        )
        .with_context(|| command.to_owned())
    }

    fn issue(&self, path: &'static str, body: Value) -> Result<Value> {
        self.wait_on(self.client.issue_cmd(Extension { path, body }))
    }

    fn wait_on<T, E>(&self, conversation: impl Future<Output = Result<T, E>>) -> Result<T>
    where
        E: Into<anyhow::Error>,
    {
        self.world
            .runtime
            .block_on(conversation)
            .map_err(Into::into)
    }
}

impl Browser {
    /// Leaves the page, so that its workers end, and forgets what it said and which keys and buttons are down.
    fn empty(&self) -> Result<()> {
        self.wait_on(self.client.release_actions())?;
        self.go("about:blank")?;
        self.console()?;
        Ok(())
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if self.shared && self.empty().is_ok() {
            self.world.leave_window(self.client.clone());
        } else {
            // A window that is gone already needs no closing.
            let _ = self.world.runtime.block_on(self.client.clone().close());
        }
    }
}

fn start(world: &World, look: &Look) -> Result<Client> {
    let capabilities = capabilities(&world.chromium, look);
    let mut builder = ClientBuilder::new(HttpConnector::new());
    let connecting = builder.capabilities(capabilities).connect(&world.driver);
    world
        .runtime
        .block_on(connecting)
        .context("cannot open a browser window")
}

/// A command that drivers of Chromium know beside the standard's.
#[derive(Debug)]
struct Extension {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Extension {
    fn endpoint(
        &self,
        base_url: &url::Url,
        session_id: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        base_url.join(&format!(
            "session/{}/{}",
            session_id.unwrap_or_default(),
            self.path
        ))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.body.to_string()))
    }
}

fn capabilities(chromium: &str, look: &Look) -> Map<String, Value> {
    // 2 blocks scripts, as a reader can in the browser's settings.
    let scripts = if look.scripts { 1 } else { 2 };
    let capabilities = json!({
        "browserName": "chrome",
        "goog:loggingPrefs": {"browser": "ALL"},
        "goog:chromeOptions": {
            "binary": chromium,
            "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
                "--disable-dev-shm-usage", "--no-first-run",
            ],
            "prefs": {"profile.managed_default_content_settings.javascript": scripts},
        },
    });
    match capabilities {
        Value::Object(map) => map,
        _ => unreachable!("an object is written above"),
    }
}

/// Down at the first place, over all others, up at the last.
fn strokes<S: InputSource<Action = PointerAction>>(mut source: S, places: &[(f64, f64)]) -> S {
    let duration = Some(MOVE);
    let button = MOUSE_BUTTON_LEFT;
    for (i, &(x, y)) in places.iter().enumerate() {
        source = source.then(PointerAction::MoveTo { duration, x, y });
        if i == 0 {
            source = source.then(PointerAction::Down { button });
        }
    }
    source.then(PointerAction::Up { button })
}
