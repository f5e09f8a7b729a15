//! One exhibit in front of one reader: values in, pictures and sentences out, with theory at once and simulation as it comes.

use serde::{Serialize, Serializer};
use serde_json::Value;
use sim_core::InputError;
use sim_core::exhibits::{Control, Entry, Preset, Room, Setting};
use sim_core::figure::{Figure, Table, Unit, format};
use sim_core::plot::Layout;
use sim_core::run::EXHIBIT_SEED;
use sim_wasm_common::{Failure, Sheet, View, pack, pack_watched, to_js};
use wasm_bindgen::prelude::*;
use web_sys::HtmlCanvasElement;

use crate::books::Reader;
use crate::control::{self, Stand};
use crate::easing::Easing;
use crate::ledger::{Ledger, REPLICATIONS};

/// Seed of every simulation on the page.
const SEED: u64 = EXHIBIT_SEED;
/// Longest time that one frame may stand for, milliseconds: after a rest an axis still glides.
const LONGEST_FRAME: f64 = 50.0;

/// An exhibit opened with some values.
#[wasm_bindgen]
pub struct Session {
    exhibit: &'static dyn Entry,
    at: Box<dyn Setting>,
    ledger: Ledger,
    /// As of the last change, if there was none since.
    figures: Option<Vec<Figure>>,
    panels: Vec<Panel>,
}

/// Where a figure is drawn, and how it was drawn last.
#[derive(Default)]
struct Panel {
    sheet: Option<Sheet>,
    easing: Option<Easing>,
    layout: Option<Layout>,
    /// Time of the last drawing, milliseconds.
    drawn: f64,
}

/// What the page must know of a figure without drawing it.
#[derive(Serialize)]
struct Shape<'a> {
    id: &'static str,
    title: &'a str,
    notes: &'a [String],
    description: &'a str,
    /// Key of the control that its handle moves.
    handle: Option<&'static str>,
}

impl<'a> Shape<'a> {
    fn of(figure: &'a Figure) -> Self {
        Self {
            id: figure.id,
            title: &figure.title,
            notes: &figure.notes,
            description: &figure.description,
            handle: figure.handle.as_ref().map(|handle| handle.control),
        }
    }
}

/// What the page must know to lay the exhibit out.
#[derive(Serialize)]
struct Outfit {
    text: &'static [&'static str],
    controls: &'static [Control],
    presets: &'static [Preset],
    room: Room,
}

/// Where a drawing put the handle, and whether it is still gliding.
#[derive(Serialize)]
struct Drawn {
    moving: bool,
    handle: Option<(f64, f64)>,
}

/// An errand as a worker takes it.
#[derive(Serialize)]
struct Order {
    ticket: u32,
    /// Name of the module that can do it with the least to load.
    engine: &'static str,
    #[serde(serialize_with = "as_bytes")]
    scenario: Vec<u8>,
    seed: u64,
    first: u64,
    last: u64,
}

/// One array of bytes rather than many numbers.
fn as_bytes<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(bytes)
}

impl Session {
    /// Opens an exhibit at its defaults; `read` reads what workers find.
    ///
    /// # Errors
    /// If the defaults make no valid scenario.
    pub fn open(exhibit: &'static dyn Entry, read: Reader) -> Result<Session, Failure> {
        let mut session = Self {
            exhibit,
            at: exhibit.defaults(),
            ledger: Ledger::new(read),
            figures: None,
            panels: Vec::new(),
        };
        session.take(exhibit.defaults())?;
        Ok(session)
    }
}

#[wasm_bindgen]
impl Session {
    /// The controls and the named situations.
    ///
    /// # Errors
    /// If the browser cannot make an object.
    pub fn outfit(&self) -> Result<JsValue, Failure> {
        to_js(&Outfit {
            text: self.exhibit.text(),
            controls: self.exhibit.controls(),
            presets: self.exhibit.presets(),
            room: self.exhibit.room(),
        })
    }

    /// Takes the values of an address, an array of pairs of a key and a value; what is not named goes to its default. What
    /// makes no sense stays at its default too, and is returned as sentences.
    ///
    /// # Errors
    /// If it is not such an array, or the values together make no valid scenario; nothing changes then.
    pub fn restore(&mut self, pairs: JsValue) -> Result<Vec<String>, Failure> {
        let pairs: Vec<(String, String)> = serde_wasm_bindgen::from_value(pairs)?;
        let (at, errors) = self.exhibit.open(&pairs);
        self.take(at)?;
        Ok(errors.iter().map(ToString::to_string).collect())
    }

    /// Sets a control to a value as it stands in a URL.
    ///
    /// # Errors
    /// What is wrong with the value; nothing changes then.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), Failure> {
        let mut pairs = self.pairs();
        pairs.push((key.to_owned(), value.to_owned()));
        let (at, errors) = self.exhibit.open(&pairs);
        match errors.into_iter().next() {
            Some(error) => Err(error.into()),
            None => self.take(at),
        }
    }

    /// Sets a control to what somebody typed into its field.
    ///
    /// # Errors
    /// As [`Session::set`].
    pub fn set_typed(&mut self, key: &str, typed: &str) -> Result<(), Failure> {
        let value = control::read(self.control(key)?, typed)?;
        self.set(key, &value)
    }

    /// Sets a control to a position of its slider.
    ///
    /// # Errors
    /// As [`Session::set`].
    pub fn set_position(&mut self, key: &str, position: f64) -> Result<(), Failure> {
        match control::at_position(self.control(key)?, position) {
            Some(value) => self.set(key, &value),
            None => Err(Failure(format!("{key} has no slider"))),
        }
    }

    /// Moves a figure's handle to a horizontal place, CSS pixels from the canvas' left edge.
    ///
    /// # Errors
    /// As [`Session::set`]; and if the figure has no handle or was never drawn.
    pub fn drag(&mut self, figure: usize, x: f64) -> Result<(), Failure> {
        let key = self
            .figures()
            .get(figure)
            .and_then(|figure| figure.handle.as_ref())
            .map(|handle| handle.control);
        let layout = self
            .panels
            .get(figure)
            .and_then(|panel| panel.layout.as_ref());
        let (Some(key), Some(layout)) = (key, layout) else {
            return Err(Failure("this figure has nothing to drag".into()));
        };
        match control::nearest(self.control(key)?, layout.x_at(x)) {
            Some(value) => self.set(key, &value),
            None => Err(Failure(format!("{key} cannot be dragged"))),
        }
    }

    /// Sets everything back to the defaults.
    ///
    /// # Errors
    /// If the defaults make no valid scenario.
    pub fn reset(&mut self) -> Result<(), Failure> {
        self.take(self.exhibit.defaults())
    }

    /// Takes a named situation: its values, and the defaults for the rest.
    ///
    /// # Errors
    /// If there is no preset of that name.
    pub fn preset(&mut self, id: &str) -> Result<(), Failure> {
        let preset = self.exhibit.presets().iter().find(|preset| preset.id == id);
        let preset = preset.ok_or_else(|| Failure(format!("there is no situation `{id}`")))?;
        self.take(self.situation(preset))
    }

    /// The named situation that the values are, if they are one.
    pub fn current_preset(&self) -> Option<String> {
        let mut presets = self.exhibit.presets().iter();
        let found = presets.find(|preset| self.situation(preset).values() == self.at.values());
        found.map(|preset| preset.id.to_owned())
    }

    /// What every control stands at.
    ///
    /// # Errors
    /// If the browser cannot make an array.
    pub fn settings(&self) -> Result<JsValue, Failure> {
        let pairs = self.pairs();
        let value = |control: &Control| {
            pairs
                .iter()
                .find(|(key, _)| key == control.key)
                .map(|(_, value)| value.clone())
        };
        let stands = self
            .exhibit
            .controls()
            .iter()
            .map(|control| Stand::new(control, value(control).unwrap_or_default()));
        to_js(&stands.collect::<Vec<_>>())
    }

    /// The values that differ from the defaults, as a URL query without `?`.
    pub fn query(&self) -> String {
        self.at.query()
    }

    /// What the page must know of the figures besides their drawing.
    ///
    /// # Errors
    /// If the browser cannot make an array.
    pub fn shapes(&mut self) -> Result<JsValue, Failure> {
        to_js(&self.figures().iter().map(Shape::of).collect::<Vec<_>>())
    }

    /// Draws a figure. Sizes in CSS pixels; `ratio` is device pixels in one; `now` in milliseconds eases the axes, NaN does
    /// not.
    ///
    /// # Errors
    /// If there is no such figure, or the canvas cannot be drawn on.
    #[expect(
        clippy::too_many_arguments,
        reason = "a struct would have to cross the boundary at every frame"
    )]
    pub fn draw(
        &mut self,
        canvas: &HtmlCanvasElement,
        figure: usize,
        width: f64,
        height: f64,
        ratio: f64,
        dark: bool,
        now: f64,
    ) -> Result<JsValue, Failure> {
        let view = View::new(width, height, ratio, dark)?;
        let mut shown = self
            .figures()
            .get(figure)
            .cloned()
            .ok_or_else(|| Failure(format!("there is no figure {figure}")))?;
        if self.panels.len() <= figure {
            self.panels.resize_with(figure + 1, Panel::default);
        }
        let panel = &mut self.panels[figure];
        let passed = if now.is_nan() {
            f64::INFINITY
        } else {
            (now - panel.drawn).min(LONGEST_FRAME)
        };
        panel.drawn = now;
        let easing = panel.easing.get_or_insert_with(|| Easing::at(&shown.y));
        let moving = easing.glide(&mut shown.y, passed);
        let sheet = match &panel.sheet {
            Some(sheet) => sheet,
            None => panel.sheet.insert(Sheet::new(canvas.clone())?),
        };
        let layout = sheet.draw(&shown, &view)?;
        let handle = layout.handle;
        panel.layout = Some(layout);
        to_js(&Drawn { moving, handle })
    }

    /// The numbers behind a figure.
    ///
    /// # Errors
    /// If there is no such figure.
    pub fn tables(&mut self, figure: usize) -> Result<JsValue, Failure> {
        let tables: Option<Vec<Table>> = self.figures().get(figure).map(Figure::tables);
        to_js(&tables.ok_or_else(|| Failure(format!("there is no figure {figure}")))?)
    }

    /// Sentences with live numbers.
    ///
    /// # Errors
    /// If the browser cannot make an array.
    pub fn readouts(&self) -> Result<JsValue, Failure> {
        to_js(&self.at.readouts(&self.ledger.reports()))
    }

    /// The command that prints the operating point's numbers in batch.
    pub fn command(&self) -> Option<String> {
        self.at.command(SEED, REPLICATIONS)
    }

    /// The scenes to watch in slow motion, packed; none if there are none.
    pub fn animated(&self) -> Option<Vec<u8>> {
        let scenes = self.at.animated();
        let packed = pack_watched(&scenes).ok();
        packed.filter(|_| !scenes.is_empty())
    }

    /// Seed of the simulation and of what is watched.
    #[wasm_bindgen(getter)]
    pub fn seed(&self) -> f64 {
        SEED as f64
    }

    /// The next errand for a worker, if there is anything to simulate.
    ///
    /// # Errors
    /// If the browser cannot make an object.
    pub fn next_errand(&mut self) -> Result<JsValue, Failure> {
        let Some(errand) = self.ledger.next_errand() else {
            return Ok(JsValue::UNDEFINED);
        };
        let (engine, scenario) = match errand.scenario.queue() {
            Some(queue) => ("station", pack(&queue)?),
            None => ("network", pack(&*errand.scenario)?),
        };
        to_js(&Order {
            ticket: errand.ticket,
            engine,
            scenario,
            seed: SEED,
            first: errand.range.start,
            last: errand.range.end,
        })
    }

    /// Whether an errand's result would still be used.
    pub fn wants(&self, ticket: u32) -> bool {
        self.ledger.is_wanted(ticket)
    }

    /// Takes an errand back unfinished; somebody else may get it.
    pub fn abandon(&mut self, ticket: u32) {
        self.ledger.abandon(ticket);
    }

    /// Takes an errand back that cannot be done.
    pub fn refuse(&mut self, ticket: u32) {
        self.ledger.refuse(ticket);
    }

    /// Books an errand's result. True if something in sight changed.
    ///
    /// # Errors
    /// If it does not read as the errand's result; it is then not booked.
    pub fn accept(&mut self, ticket: u32, result: &[u8]) -> Result<bool, Failure> {
        let changed = self.ledger.accept(ticket, result)?;
        if changed {
            self.figures = None;
        }
        Ok(changed)
    }

    /// How far the simulation is, in words; empty where nothing is simulated.
    pub fn progress(&self) -> String {
        let progress = self.ledger.progress();
        if progress.wanted == 0 {
            return String::new();
        }
        let requests = large(progress.requests);
        if self.is_settled() {
            let replications = format::number(REPLICATIONS as f64, 6);
            format!("{requests} requests simulated, {replications} replications for each point.")
        } else {
            let share = progress.done as f64 / progress.wanted as f64;
            format!(
                "{requests} requests simulated, {} of the way.",
                format::with_digits(share, Unit::Percent, 2)
            )
        }
    }

    /// Whether everything in sight is simulated.
    pub fn is_settled(&self) -> bool {
        let progress = self.ledger.progress();
        progress.done >= progress.wanted
    }
}

impl Session {
    fn control(&self, key: &str) -> Result<&'static Control, InputError> {
        let controls = self.exhibit.controls();
        controls
            .iter()
            .find(|control| control.key == key)
            .ok_or_else(|| {
                let keys: Vec<&str> = controls.iter().map(|control| control.key).collect();
                InputError::unknown("control", key, keys.join(", "))
            })
    }

    /// The values as they would stand in a URL.
    fn pairs(&self) -> Vec<(String, String)> {
        let text = |value| match value {
            Value::String(name) => name,
            Value::Number(number) => number
                .as_f64()
                .map_or_else(String::new, |number| number.to_string()),
            // A parameter is a number or a name.
            _ => String::new(),
        };
        self.at
            .values()
            .into_iter()
            .map(|(key, value)| (key, text(value)))
            .collect()
    }

    fn situation(&self, preset: &Preset) -> Box<dyn Setting> {
        let pairs = preset
            .values
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        self.exhibit.open(&pairs.collect::<Vec<_>>()).0
    }

    /// Moves to other values, if they make valid scenarios.
    fn take(&mut self, at: Box<dyn Setting>) -> Result<(), Failure> {
        self.ledger.want(at.scenarios()?)?;
        self.at = at;
        self.figures = None;
        Ok(())
    }

    fn figures(&mut self) -> &[Figure] {
        let (at, ledger) = (&self.at, &self.ledger);
        self.figures
            .get_or_insert_with(|| at.figures(&ledger.reports()))
    }
}

/// A large count in words.
fn large(count: u64) -> String {
    let count = count as f64;
    match count {
        1e9.. => format!("{} billion", format::number(count / 1e9, 3)),
        1e6.. => format!("{} million", format::number(count / 1e6, 3)),
        _ => format::number(count, 3),
    }
}
