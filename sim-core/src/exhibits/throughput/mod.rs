//! Exhibit `throughput`: latency against throughput in an open and in a closed loop, and what a closed load test leaves out
//! when the server stands still.
//!
//! The closed loop is M/M/c//N, the open one M/M/c; theory knows both exactly. A pause of the server is a second class of
//! requests, Poisson, each of which keeps all servers busy for a constant time; there the percentiles are simulated alone.

mod figures;
mod readouts;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::parts::{FIRST, SECOND, command, count, milliseconds};
use super::{Card, Control, Exhibit, Preset, Readout, Room, Scene};
use crate::distribution::Distribution;
use crate::error::InputError;
use crate::figure::format::value;
use crate::figure::{Figure, Unit};
use crate::run::report::{ClassReport, Report};
use crate::scenario::activity::{Abandoned, Parallel};
use crate::scenario::{
    Activity, Arrivals, Class, Horizon, Path, Queue, REQUEST, SERVER, Scenario, Station,
};
use crate::theory::{Closed, Mmc};

/// Users in the sweep, as shares of the knee. They do not move with the operating point, so their results can be kept.
const SWEEP: [f64; 5] = [0.3, 0.7, 1.0, 1.5, 2.2];
/// Utilizations of the open sweep.
const GRID: [f64; 5] = [0.2, 0.5, 0.7, 0.8, 0.9];
/// The most users that are drawn or simulated beside the operating point.
const MOST_USERS: u32 = 2_500;
/// Requests in each replication of the sweeps, and of the loops with pauses, which are rare.
const REQUESTS: u64 = 20_000;
const REQUESTS_WITH_PAUSES: u64 = 40_000;
/// Open arrivals come at the closed loop's throughput, but leave at least this share of the capacity free.
const ROOM: f64 = 0.05;

/// The exhibit.
#[derive(Debug, Clone, Copy)]
pub struct Throughput;

/// Its slider values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Users N of the closed loop.
    pub users: u32,
    /// Mean think time Z, milliseconds.
    pub think_ms: f64,
    /// Mean service time D, milliseconds.
    pub service_ms: f64,
    /// Servers c.
    pub servers: u32,
    /// Length of a pause, milliseconds.
    pub pause_ms: f64,
    /// Mean time between two pauses, seconds.
    pub pause_every_s: f64,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            users: 5,
            think_ms: 9.0,
            service_ms: 1.0,
            servers: 1,
            pause_ms: 500.0,
            pause_every_s: 20.0,
        }
    }
}

impl Params {
    fn service_rate(&self) -> f64 {
        1_000.0 / self.service_ms
    }

    /// The most requests that can leave per second.
    fn capacity(&self) -> f64 {
        f64::from(self.servers) * self.service_rate()
    }

    /// Theory of the closed loop with so many users.
    fn closed(&self, users: u32) -> Result<Closed, InputError> {
        Closed::new(
            users,
            self.think_ms / 1e3,
            self.service_rate(),
            self.servers,
        )
    }

    /// Theory of open arrivals at this rate.
    fn open(&self, rate: f64) -> Result<Mmc, InputError> {
        Mmc::new(rate, self.service_rate(), self.servers)
    }

    /// N*, at least 1.
    fn knee(&self) -> f64 {
        self.closed(1).map_or(1.0, |model| model.knee())
    }

    /// Share of the time that pauses take.
    fn paused_share(&self) -> f64 {
        self.pause_ms / 1e3 / self.pause_every_s
    }

    /// The rate of open arrivals beside the closed loop: its throughput, as far as that leaves room.
    fn open_rate(&self) -> f64 {
        let most = (1.0 - ROOM) * (1.0 - self.paused_share()) * self.capacity();
        self.closed(self.users)
            .map_or(most, |model| model.throughput().min(most))
    }

    /// Whether the open arrivals had to be fewer than the closed loop's.
    fn is_capped(&self) -> bool {
        self.closed(self.users)
            .is_ok_and(|model| model.throughput() > self.open_rate())
    }

    /// Users of the sweep.
    fn sweep(&self) -> impl Iterator<Item = u32> {
        let knee = self.knee();
        SWEEP.into_iter().map(move |share| whole(share * knee))
    }

    /// Servers and these arrivals.
    fn loop_of(&self, arrivals: Arrivals, requests: u64) -> Scenario {
        let station = Station {
            service: Some(Distribution::exponential(self.service_ms / 1e3)),
            ..Station::new(self.servers)
        };
        Scenario::empty()
            .with_class(REQUEST, Class::new(arrivals))
            .with_resource(SERVER, station)
            .with_path(vec![Activity::work(SERVER)])
            .with_horizon(Horizon::Steady {
                requests: Some(requests),
            })
    }

    fn users(&self, users: u32) -> Arrivals {
        Arrivals::users(users, self.think_ms / 1e3)
    }

    /// The same with a server that stands still now and then.
    fn with_pauses(&self, arrivals: Arrivals) -> Scenario {
        let law = Distribution::deterministic(self.pause_ms / 1e3);
        let standstill: Path = vec![Activity::demand(SERVER, law)];
        let path = if self.servers == 1 {
            standstill
        } else {
            vec![Activity::Parallel(Parallel {
                paths: vec![standstill; self.servers as usize],
                first: None,
                rest: Abandoned::default(),
            })]
        };
        let pauses = Class::new(Arrivals::poisson(1.0 / self.pause_every_s)).with_path(path);
        self.loop_of(arrivals, REQUESTS_WITH_PAUSES)
            .with_class("pause", pauses)
    }

    /// Open arrivals at a utilization.
    fn open_at(&self, utilization: f64) -> Scenario {
        let rate = Queue::arrival_rate_at(utilization, self.servers, self.service_rate());
        self.loop_of(Arrivals::poisson(rate), REQUESTS)
    }
}

impl Exhibit for Throughput {
    type Params = Params;

    const CARD: Card = Card {
        id: "throughput",
        title: "What a load test leaves out",
        group: "Load and latency",
        blurb: "Latency against throughput, in a closed loop and an open one, and the pause that a closed test hardly sees.",
    };

    const TEXT: &'static [&'static str] = &[
        "A load test with fifty connections is a closed loop: each sends a request, waits for the answer, and only then sends the \
         next. It cannot overload anything. When the server slows down, so does the test.",
        "With few users throughput grows with their number; beyond a knee the server sets the pace and every further user only \
         makes all of them wait longer. Customers do not behave like that: they come whether or not earlier ones have been \
         answered, an open loop.",
        "The difference shows when a server stands still for half a second. The closed test has a handful of requests \
         stuck, one for each connection, among thousands of fast ones, and reports a fine P99. Open arrivals keep coming, and every \
         one of them waits. Gil Tene named the mistake coordinated omission: the test stops measuring just when it matters.",
    ];

    const CONTROLS: &'static [Control] = &[
        Control {
            key: "users",
            label: "Users",
            symbol: "N",
            kind: count(1.0, 1_000.0),
            help: "Users, or connections of a load test. Each has one request under way at most.",
            folded: false,
        },
        Control {
            key: "think_ms",
            label: "Mean think time",
            symbol: "Z",
            kind: milliseconds(0.1, 60_000.0),
            help: "From an answer to the same user's next request.",
            folded: false,
        },
        Control {
            key: "service_ms",
            label: "Mean service time",
            symbol: "D",
            kind: milliseconds(0.1, 10_000.0),
            help: "How long a request keeps a server busy, waiting not included; exponential.",
            folded: false,
        },
        Control {
            key: "servers",
            label: "Servers",
            symbol: "c",
            kind: count(1.0, 16.0),
            help: "Equal servers behind one queue.",
            folded: false,
        },
        Control {
            key: "pause_ms",
            label: "A pause lasts",
            symbol: "",
            kind: milliseconds(10.0, 2_000.0),
            help: "Now and then all servers stand still for so long: a garbage collector, a lock, a full disk.",
            folded: false,
        },
        Control {
            key: "pause_every_s",
            label: "Time between pauses",
            symbol: "",
            kind: super::ControlKind::Number {
                min: 5.0,
                max: 600.0,
                step: 0.1,
                scale: crate::figure::Scale::Log,
                unit: "s",
                whole: false,
            },
            help: "On average; pauses come at random.",
            folded: true,
        },
    ];

    const PRESETS: &'static [Preset] = &[
        Preset {
            id: "load-test",
            label: "A small load test",
            values: &[],
        },
        Preset {
            id: "past-the-knee",
            label: "Far past the knee",
            values: &[("users", "40")],
        },
        Preset {
            id: "people",
            label: "People at a terminal",
            values: &[
                ("users", "60"),
                ("think_ms", "5000"),
                ("service_ms", "100"),
                ("pause_ms", "2000"),
                ("pause_every_s", "120"),
            ],
        },
        Preset {
            id: "thread-pool",
            label: "Eight threads",
            values: &[
                ("users", "60"),
                ("think_ms", "50"),
                ("service_ms", "10"),
                ("servers", "8"),
            ],
        },
    ];

    const ROOM: Room = Room {
        readouts: &[126, 140, 166, 130],
        notes: &[&[124, 43, 26], &[138, 43, 26], &[84, 43, 26]],
    };

    /// With pauses: closed, open; without: closed, open; then the sweeps.
    fn scenarios(params: &Params) -> Result<Vec<Scenario>, InputError> {
        params.closed(params.users)?;
        let (users, rate) = (params.users, params.open_rate());
        let mut scenarios = vec![
            params.with_pauses(params.users(users)),
            params.with_pauses(Arrivals::poisson(rate)),
            params.loop_of(params.users(users), REQUESTS),
            params.loop_of(Arrivals::poisson(rate), REQUESTS),
        ];
        scenarios.extend(
            params
                .sweep()
                .map(|users| params.loop_of(params.users(users), REQUESTS)),
        );
        scenarios.extend(GRID.map(|utilization| params.open_at(utilization)));
        scenarios.iter().try_for_each(Scenario::validate)?;
        Ok(scenarios)
    }

    fn figures(params: &Params, reports: &[Option<Report>]) -> Vec<Figure> {
        let found = Found::new(params, reports);
        vec![
            figures::latency(params, &found),
            figures::users(params, &found),
            figures::pauses(params, &found),
        ]
    }

    fn readouts(params: &Params, reports: &[Option<Report>]) -> Vec<Readout> {
        readouts::readouts(params, &Found::new(params, reports))
    }

    fn animated(params: &Params) -> Vec<Scene> {
        let scene = |name: &str, role, arrivals| Scene {
            letter: String::new(),
            name: name.to_owned(),
            role,
            scenario: params.with_pauses(arrivals),
        };
        vec![
            scene("Closed loop", FIRST, params.users(params.users)),
            scene(
                "Open arrivals",
                SECOND,
                Arrivals::poisson(params.open_rate()),
            ),
        ]
    }

    fn command(params: &Params, seed: u64, replications: u64) -> Option<String> {
        Some(command::<Self>(params, seed, replications))
    }
}

/// The reports by what they are about.
struct Found<'a> {
    closed_with_pauses: Option<&'a Report>,
    open_with_pauses: Option<&'a Report>,
    /// Users and their loop.
    closed: Vec<(u32, &'a Report)>,
    open: Vec<&'a Report>,
}

impl<'a> Found<'a> {
    fn new(params: &Params, reports: &'a [Option<Report>]) -> Self {
        let at = |index: usize| reports.get(index).and_then(Option::as_ref);
        let first = 4;
        let second = first + SWEEP.len();
        let closed = std::iter::once((params.users, at(2)))
            .chain(params.sweep().zip(first..).map(|(users, i)| (users, at(i))));
        let open = std::iter::once(3).chain(second..second + GRID.len());
        Self {
            closed_with_pauses: at(0),
            open_with_pauses: at(1),
            closed: closed
                .filter_map(|(users, report)| Some((users, report?)))
                .collect(),
            open: open.filter_map(at).collect(),
        }
    }
}

/// The nearest number of users that can be drawn.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "casts saturate, and sliders are far from it"
)]
fn whole(users: f64) -> u32 {
    (users.round() as u32).clamp(1, MOST_USERS)
}

/// A number of users in words.
fn in_words(users: u32) -> String {
    let plural = if users == 1 { "" } else { "s" };
    format!("{}\u{a0}user{plural}", value(f64::from(users), Unit::Count))
}

/// The requests of a report without the pauses among them.
fn requests(report: &Report) -> Option<&ClassReport> {
    let details = report.details.as_ref().filter(|_| report.stable)?;
    details.classes.iter().find(|class| class.name == REQUEST)
}
