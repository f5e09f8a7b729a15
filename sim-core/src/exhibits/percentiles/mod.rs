//! Exhibit `percentiles`: a latency sample of fast requests and a slow tail; what its mean hides and its percentiles show.
//!
//! The sample is not drawn at random: each group is spread evenly over the quantiles of its law (all equal, or lognormal with
//! the given mean and standard deviation), so the same controls always give the same sample and the figure does not flicker.
//! Its percentiles are by nearest rank: a time that some request really took.

mod conventions;
mod histogram;
mod readouts;
mod sample;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::error::InputError;
use crate::exhibits::parts::{count, milliseconds};
use crate::exhibits::{Card, Control, ControlKind, Exhibit, Preset, Readout, Room, Scene};
use crate::figure::format::value;
use crate::figure::{Figure, Scale, Unit};
use crate::run::report::Report;
use crate::scenario::Scenario;

/// The exhibit.
#[derive(Debug, Clone, Copy)]
pub struct Percentiles;

/// Its slider values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Share of slow requests.
    pub slow_share: f64,
    /// Mean time of a slow request, milliseconds.
    pub slow_ms: f64,
    /// Mean time of a fast request, milliseconds.
    pub fast_ms: f64,
    /// Requests a day.
    pub daily_requests: u64,
    /// The patience asked about, milliseconds.
    pub limit_ms: f64,
    /// Size of the sample.
    pub sample_size: u32,
    /// Standard deviation of the fast requests over their mean.
    pub fast_spread: f64,
    /// Standard deviation of the slow requests over their mean.
    pub slow_spread: f64,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            slow_share: 0.01,
            slow_ms: 5_000.0,
            fast_ms: 50.0,
            daily_requests: 1_000_000,
            limit_ms: 1_000.0,
            sample_size: 1_000,
            fast_spread: 0.0,
            slow_spread: 0.0,
        }
    }
}

/// A slider for a spread, as a share of the mean.
const SPREAD: ControlKind = ControlKind::Number {
    min: 0.0,
    max: 2.0,
    step: 0.05,
    scale: Scale::Linear,
    unit: "%",
    whole: false,
};

impl Exhibit for Percentiles {
    type Params = Params;

    const CARD: Card = Card {
        id: "percentiles",
        title: "What the mean hides",
        group: "Load and latency",
        blurb: "One request in a hundred is slow: the mean hardly moves, the percentiles tell.",
    };

    const TEXT: &'static [&'static str] = &[
        "Of a thousand requests, 990 take 50 ms and ten take 5 s. The mean is 99.5 ms, a time that not one of them took. It is \
         twice what most people see and a fiftieth of what the unlucky ones see, and from the mean alone nobody can tell which.",
        "A percentile speaks about people. A P99 of 5 s says: one in a hundred waits 5 s or longer. At a million requests a \
         day that is ten thousand waits, and a page made of a hundred requests meets one of them nearly two times in three.",
    ];

    const CONTROLS: &'static [Control] = &[
        Control {
            key: "slow_share",
            label: "Slow requests",
            symbol: "",
            kind: ControlKind::Number {
                min: 0.0001,
                max: 0.5,
                step: 0.1,
                scale: Scale::Log,
                unit: "%",
                whole: false,
            },
            help: "The share of all requests that are slow.",
            folded: false,
        },
        Control {
            key: "slow_ms",
            label: "A slow one takes",
            symbol: "",
            kind: milliseconds(1.0, 60_000.0),
            help: "Mean time of the slow requests.",
            folded: false,
        },
        Control {
            key: "fast_ms",
            label: "A fast one takes",
            symbol: "",
            kind: milliseconds(1.0, 10_000.0),
            help: "Mean time of the other requests.",
            folded: false,
        },
        Control {
            key: "daily_requests",
            label: "Requests a day",
            symbol: "N",
            kind: count(1_000.0, 1e10),
            help: "How much traffic the sample stands for.",
            folded: false,
        },
        Control {
            key: "limit_ms",
            label: "Patience",
            symbol: "",
            kind: milliseconds(1.0, 100_000.0),
            help: "How long is too long: the readout counts those who wait longer.",
            folded: false,
        },
        Control {
            key: "sample_size",
            label: "Sample size",
            symbol: "n",
            kind: count(10.0, sample::MAX_SAMPLE as f64),
            help: "How many requests are measured. A small sample cannot hold a rare slow request.",
            folded: true,
        },
        Control {
            key: "fast_spread",
            label: "Spread of the fast",
            symbol: "",
            kind: SPREAD,
            help: "Their standard deviation as a share of their mean. At 0 % all take the same time, else they are lognormal.",
            folded: true,
        },
        Control {
            key: "slow_spread",
            label: "Spread of the slow",
            symbol: "",
            kind: SPREAD,
            help: "Their standard deviation as a share of their mean. At 0 % all take the same time, else they are lognormal.",
            folded: true,
        },
    ];

    const PRESETS: &'static [Preset] = &[
        Preset {
            id: "one-in-a-hundred",
            label: "One in a hundred",
            values: &[],
        },
        Preset {
            id: "cold-cache",
            label: "A cache that misses",
            values: &[
                ("slow_share", "0.2"),
                ("slow_ms", "80"),
                ("fast_ms", "2"),
                ("limit_ms", "50"),
                ("fast_spread", "0.3"),
                ("slow_spread", "0.5"),
            ],
        },
        Preset {
            id: "collector-pauses",
            label: "Garbage collector pauses",
            values: &[
                ("slow_share", "0.002"),
                ("slow_ms", "400"),
                ("fast_ms", "10"),
                ("limit_ms", "100"),
                ("sample_size", "10000"),
                ("fast_spread", "0.5"),
                ("slow_spread", "0.2"),
            ],
        },
        Preset {
            id: "timeouts",
            label: "Retries after a timeout",
            values: &[
                ("slow_share", "0.03"),
                ("slow_ms", "30000"),
                ("fast_ms", "120"),
                ("limit_ms", "10000"),
                ("fast_spread", "0.8"),
            ],
        },
    ];

    const ROOM: Room = Room {
        readouts: &[98, 75, 52, 106],
        notes: &[&[124, 132], &[258]],
    };

    fn scenarios(params: &Params) -> Result<Vec<Scenario>, InputError> {
        // Nothing to simulate, but values to check.
        sample::sample(params).map(|_| Vec::new())
    }

    fn figures(params: &Params, _: &[Option<Report>]) -> Vec<Figure> {
        let Ok(sample) = sample::sample(params) else {
            return Vec::new();
        };
        vec![
            histogram::histogram(params, &sample),
            conventions::conventions(&sample::ten()),
        ]
    }

    fn readouts(params: &Params, _: &[Option<Report>]) -> Vec<Readout> {
        let Ok(sample) = sample::sample(params) else {
            return Vec::new();
        };
        vec![
            readouts::tail(&sample),
            readouts::daily(params, &sample),
            readouts::near_the_mean(&sample),
            readouts::conventions(&sample::ten()),
        ]
    }

    fn animated(_: &Params) -> Vec<Scene> {
        Vec::new()
    }

    fn command(_: &Params, _: u64, _: u64) -> Option<String> {
        None
    }
}

/// A time as people write it.
fn seconds(time: f64) -> String {
    value(time, Unit::Seconds)
}
