//! All exhibits, reached without naming one: by id, with slider values as text.

use serde::Serialize;
use serde_json::{Map, Value};

use super::autoscaling::Autoscaling;
use super::cache_hit_ratio::CacheHitRatio;
use super::cache_latency::CacheLatency;
use super::cache_tiers::CacheTiers;
use super::cache_writes::CacheWrites;
use super::geography::Geography;
use super::health_checks::HealthChecks;
use super::latency_curve::LatencyCurve;
use super::load_balancing::LoadBalancing;
use super::percentiles::Percentiles;
use super::pooling::Pooling;
use super::scaling::Scaling;
use super::throughput::Throughput;
use super::variability::Variability;
use super::{Card, Control, Exhibit, Preset, Readout, Room, Scene};
use super::{doubted, values};
use crate::error::InputError;
use crate::figure::Figure;
use crate::run::report::Report;
use crate::scenario::Scenario;

/// Names the exhibits once, for all who list them.
macro_rules! exhibits {
    ($first:ident, $($other:ident),+ $(,)?) => {
        /// Every exhibit, in the order of the table of contents.
        pub fn registry() -> &'static [&'static dyn Entry] {
            &[&$first, $(&$other),+]
        }

        /// The first of them. Whoever asks for it alone need not have the code of the others.
        pub fn first() -> &'static dyn Entry {
            &$first
        }

        /// Who they all are, in the same order, without the code of any.
        pub fn cards() -> &'static [Card] {
            &[$first::CARD, $($other::CARD),+]
        }
    };
}

exhibits![
    LatencyCurve,
    Percentiles,
    Variability,
    Throughput,
    Pooling,
    LoadBalancing,
    HealthChecks,
    Scaling,
    Autoscaling,
    Geography,
    CacheHitRatio,
    CacheLatency,
    CacheTiers,
    CacheWrites,
];

/// The exhibit called `id`.
///
/// # Errors
/// [`InputError::Unknown`] listing the known ids.
pub fn find(id: &str) -> Result<&'static dyn Entry, InputError> {
    let found = registry().iter().find(|entry| entry.card().id == id);
    found.copied().ok_or_else(|| {
        let known: Vec<_> = registry().iter().map(|entry| entry.card().id).collect();
        InputError::unknown("exhibit", id, known.join(", "))
    })
}

/// An exhibit behind one type. Every [`Exhibit`] is one.
pub trait Entry: Sync {
    /// Who it is.
    fn card(&self) -> Card;
    /// The text beside its figures.
    fn text(&self) -> &'static [&'static str];
    /// Its controls, the most important first.
    fn controls(&self) -> &'static [Control];
    /// Its named situations.
    fn presets(&self) -> &'static [Preset];
    /// How long its texts become.
    fn room(&self) -> Room;
    /// The exhibit at its default values.
    fn defaults(&self) -> Box<dyn Setting>;
    /// The exhibit at the given values, pairs of a control's key and a value as in a URL; later pairs win, controls that
    /// are not named keep their defaults. A pair that makes no sense leaves its control at the default and is returned
    /// as an error that names the key, the value and what is allowed.
    fn open(&self, pairs: &[(String, String)]) -> (Box<dyn Setting>, Vec<InputError>);
}

/// An exhibit at validated values.
pub trait Setting {
    /// The values by control key, numbers and names of options; serialises as a JSON object.
    fn values(&self) -> Map<String, Value>;
    /// The values that differ from the defaults, as a URL query in the order of the controls, without `?`.
    fn query(&self) -> String;
    /// See [`Exhibit::scenarios`].
    ///
    /// # Errors
    /// A value that makes no valid scenario.
    fn scenarios(&self) -> Result<Vec<Scenario>, InputError>;
    /// See [`Exhibit::figures`].
    fn figures(&self, reports: &[Option<Report>]) -> Vec<Figure>;
    /// See [`Exhibit::readouts`].
    fn readouts(&self, reports: &[Option<Report>]) -> Vec<Readout>;
    /// See [`Exhibit::animated`].
    fn animated(&self) -> Vec<Scene>;
    /// See [`Exhibit::command`].
    fn command(&self, seed: u64, replications: u64) -> Option<String>;
}

/// An exhibit with its typed values.
struct At<E: Exhibit>(E::Params);

impl<E: Exhibit + Sync + 'static> Entry for E {
    fn card(&self) -> Card {
        E::CARD
    }

    fn text(&self) -> &'static [&'static str] {
        E::TEXT
    }

    fn controls(&self) -> &'static [Control] {
        E::CONTROLS
    }

    fn presets(&self) -> &'static [Preset] {
        E::PRESETS
    }

    fn room(&self) -> Room {
        E::ROOM
    }

    fn defaults(&self) -> Box<dyn Setting> {
        Box::new(At::<E>(E::Params::default()))
    }

    fn open(&self, pairs: &[(String, String)]) -> (Box<dyn Setting>, Vec<InputError>) {
        let mut map = object(&E::Params::default());
        let errors = values::read(E::CONTROLS, pairs, &mut map);
        // Each value in the map is a default or has passed its control, so the parameters read; the registry's tests
        // hold every control against its field.
        let Ok(params) = serde_json::from_value(Value::Object(map)) else {
            unreachable!("controls match the parameters")
        };
        (Box::new(At::<E>(params)), errors)
    }
}

impl<E: Exhibit> Setting for At<E> {
    fn values(&self) -> Map<String, Value> {
        object(&self.0)
    }

    fn query(&self) -> String {
        values::query(
            E::CONTROLS,
            &object(&self.0),
            &object(&E::Params::default()),
        )
    }

    fn scenarios(&self) -> Result<Vec<Scenario>, InputError> {
        E::scenarios(&self.0)
    }

    fn figures(&self, reports: &[Option<Report>]) -> Vec<Figure> {
        doubted::noted(E::figures(&self.0, reports), reports)
    }

    fn readouts(&self, reports: &[Option<Report>]) -> Vec<Readout> {
        doubted::told(E::readouts(&self.0, reports), reports)
    }

    fn animated(&self) -> Vec<Scene> {
        E::animated(&self.0)
    }

    fn command(&self, seed: u64, replications: u64) -> Option<String> {
        E::command(&self.0, seed, replications)
    }
}

/// Parameters as a JSON object; they are structs of numbers and names, so they always are one.
pub(super) fn object(params: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(params) {
        Ok(Value::Object(map)) => map,
        _ => unreachable!("parameters serialise as an object"),
    }
}
