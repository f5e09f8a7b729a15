//! Controls that exhibits about caches have in common.

use super::SMALLEST;
use crate::exhibits::parts::{called, control, count, milliseconds, number, ranging};
use crate::exhibits::{Control, ControlKind};
use crate::figure::Scale;

/// The control of a cache's size.
pub(in crate::exhibits) const SIZE: Control = Control {
    key: "size",
    label: "Cache size",
    symbol: "C/N",
    kind: ControlKind::Number {
        min: SMALLEST,
        max: 1.0,
        step: 0.05,
        scale: Scale::Log,
        unit: "%",
        whole: false,
    },
    help: "Room in the cache, as a share of all items.",
    folded: false,
};

/// The control of the skew of popularity.
pub(in crate::exhibits) const SKEW: Control = Control {
    key: "skew",
    label: "Skew",
    symbol: "α",
    kind: number(1.5, 0.05),
    help: "The item of rank r is asked for in proportion to 1/r^α. 0: all alike.",
    folded: false,
};

/// The skew of popularity among other controls that are folded away.
pub(in crate::exhibits) const FOLDED_SKEW: Control = called(
    "α",
    control(
        "skew",
        "Skew",
        number(1.4, 0.05),
        "The i-th most popular key is asked for in proportion to 1/i^α. 0: all alike.",
    ),
);

/// Seconds that copies live.
pub(in crate::exhibits) const fn time_to_live(
    (min, max): (f64, f64),
    help: &'static str,
) -> Control {
    let live = control("ttl", "Time to live", ranging(min, max, "s"), help);
    Control {
        folded: false,
        ..called("T", live)
    }
}

/// Requests per second.
pub(in crate::exhibits) const fn traffic(min: f64, max: f64, help: &'static str) -> Control {
    called(
        "λ",
        control("traffic", "Traffic", ranging(min, max, "/s"), help),
    )
}

/// How many keys there are.
pub(in crate::exhibits) const fn keys(min: f64, max: f64, help: &'static str) -> Control {
    control("items", "Keys", count(min, max), help)
}

/// The way to a cache and back.
pub(in crate::exhibits) const fn round_trip(help: &'static str) -> Control {
    control("round_trip_ms", "Round trip", milliseconds(0.1, 20.0), help)
}

/// What a request costs the database.
pub(in crate::exhibits) const fn work(help: &'static str) -> Control {
    let time = milliseconds(1.0, 20.0);
    control("database_ms", "Work of the database", time, help)
}
