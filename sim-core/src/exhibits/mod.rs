//! Exhibits: what is shown. Each turns slider values into scenarios and reports into figures, as pure functions; it
//! neither simulates nor draws. The [`registry()`] is the only place that names them all; everyone else reaches them by id, as
//! an [`Entry`] that opens into a [`Setting`].

use serde::{Deserialize, Serialize};

pub mod autoscaling;
mod bottom_line;
pub mod cache_hit_ratio;
pub mod cache_latency;
pub mod cache_tiers;
pub mod cache_writes;
mod caches;
mod doubted;
pub mod geography;
pub mod health_checks;
pub mod latency_curve;
pub mod load_balancing;
mod parts;
pub mod percentiles;
pub mod pooling;
mod registry;
pub mod scaling;
mod sentence;
#[cfg(test)]
mod tests;
pub mod throughput;
mod values;
pub mod variability;

pub use latency_curve::figure::Curve;
pub use registry::{Entry, Setting, cards, find, first, registry};

use crate::error::InputError;
use crate::figure::Figure;
use crate::run::report::Report;
use crate::scenario::Scenario;

/// Who an exhibit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Card {
    /// Kebab-case identifier, used in links: `latency-curve`.
    pub id: &'static str,
    /// Title.
    pub title: &'static str,
    /// Group in the table of contents.
    pub group: &'static str,
    /// One line: what one sees here.
    pub blurb: &'static str,
}

/// One control of an exhibit. The same table makes the slider, the typed field, the URL key, the command-line flag and
/// the validation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Control {
    /// Field of the exhibit's `Params`, URL key.
    pub key: &'static str,
    /// Name in plain words.
    pub label: &'static str,
    /// Mathematical symbol, may be empty.
    pub symbol: &'static str,
    /// Kind and range.
    pub kind: ControlKind,
    /// One or two sentences of help.
    pub help: &'static str,
    /// Whether it starts folded away under "more".
    pub folded: bool,
}

/// What values a control takes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ControlKind {
    /// A number.
    Number {
        /// Lowest value.
        min: f64,
        /// Highest value.
        max: f64,
        /// Step of the slider and of the arrow keys, in value (linear) or as a ratio minus one (log).
        step: f64,
        /// Linear or logarithmic slider.
        scale: crate::figure::Scale,
        /// Unit after the typed value: `%` means the value is a share shown times 100; `ms`, `s`, … are shown as they are.
        unit: &'static str,
        /// Whether only whole numbers are meant.
        whole: bool,
    },
    /// One of several named options.
    Choice {
        /// (value in the URL, label).
        options: &'static [(&'static str, &'static str)],
    },
}

/// A named situation: values for some of the controls; the others go to their defaults.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Preset {
    /// Kebab-case identifier.
    pub id: &'static str,
    /// Label on its button.
    pub label: &'static str,
    /// (control key, value as in the URL).
    pub values: &'static [(&'static str, &'static str)],
}

/// How long an exhibit's texts become once everything is simulated at the default values, so that a page keeps the room for
/// them from the start and nothing below jumps as results come. Lengths are in characters; a page makes lines of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Room {
    /// The length of each readout.
    pub readouts: &'static [u16],
    /// The length of each note below a figure, by figure.
    pub notes: &'static [&'static [u16]],
}

/// A sentence with live numbers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Readout {
    /// The pieces in order.
    pub spans: Vec<Span>,
}

impl Readout {
    /// The sentence in plain text. Numbers are held to their units by spaces that do not break.
    pub fn text(&self) -> String {
        let texts = self.spans.iter().map(|span| match span {
            Span::Text { text } | Span::Value { text, .. } => text.as_str(),
        });
        texts.collect()
    }
}

/// A piece of a readout.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Span {
    /// Plain words.
    Text {
        /// The words.
        text: String,
    },
    /// A live number, set bold in the colour of its role.
    Value {
        /// The number with its unit, formatted.
        text: String,
        /// What it is.
        role: crate::figure::Role,
    },
}

/// A scenario to watch in slow motion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scene {
    /// Its letter, where several are told apart by letters.
    pub letter: String,
    /// What stands above it where several are watched.
    pub name: String,
    /// What it is among them, and so the colour of its name.
    pub role: crate::figure::Role,
    /// What happens.
    pub scenario: Scenario,
}

impl Scene {
    /// A scenario that is watched alone.
    pub fn alone(scenario: Scenario) -> Self {
        Self {
            letter: String::new(),
            name: String::new(),
            role: crate::figure::Role::Simulation,
            scenario,
        }
    }
}

/// One exhibit.
pub trait Exhibit {
    /// Slider values; field names are the controls' keys.
    type Params: Default + Clone + Serialize + serde::de::DeserializeOwned;
    /// Who it is.
    const CARD: Card;
    /// The text beside the figures: a few short paragraphs that work without interaction.
    const TEXT: &'static [&'static str];
    /// Its controls, the most important first.
    const CONTROLS: &'static [Control];
    /// Its named situations.
    const PRESETS: &'static [Preset];
    /// How long its texts become.
    const ROOM: Room;

    /// What to simulate for these values; the first is the reader's own operating point.
    ///
    /// # Errors
    /// A value that makes no valid scenario.
    fn scenarios(params: &Self::Params) -> Result<Vec<Scenario>, InputError>;
    /// The figures, from theory alone where a scenario's report is still `None`.
    fn figures(params: &Self::Params, reports: &[Option<Report>]) -> Vec<Figure>;
    /// Sentences with live numbers.
    fn readouts(params: &Self::Params, reports: &[Option<Report>]) -> Vec<Readout>;
    /// The scenarios to watch in slow motion, all on one clock.
    fn animated(params: &Self::Params) -> Vec<Scene>;
    /// The command that prints the operating point's numbers in batch, if there is one.
    fn command(params: &Self::Params, seed: u64, replications: u64) -> Option<String>;
}
