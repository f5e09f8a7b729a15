//! Exhibit `geography`: where users are, where servers are, and what the speed of light leaves of a latency budget.
//!
//! A request takes n round trips of 2·d·stretch/(200 000 km/s) plus 10 ms for the last mile each, d being the great circle, and then
//! its time at a data centre, M/M/c: Poisson arrivals of all cities that are served there. Nearest routing sends a city to one data
//! centre; random routing sends each request to any of them.

mod figures;
mod readouts;
#[cfg(test)]
mod tests;
mod world;

use serde::{Deserialize, Serialize};

use super::parts::{command, few, milliseconds};
use super::{Card, Control, ControlKind, Exhibit, Preset, Readout, Room, Scene};
use crate::distribution::Distribution;
use crate::error::InputError;
use crate::figure::{Figure, Scale};
use crate::run::report::{ClassReport, Report};
use crate::scenario::activity::{Branch, When};
use crate::scenario::{Activity, Arrivals, Class, Horizon, Incident, Path, Scenario, Station};

use world::{CENTRES, City, World};

/// What the last mile takes of each round trip, seconds.
const LAST_MILE: f64 = 0.010;
/// Requests measured in each replication.
const REQUESTS: u64 = 28_000;
/// How long it is watched that nobody is served, seconds.
const SPAN: f64 = 20.0;
/// USD a month for a server.
const PRICE: f64 = 35.0;

/// The exhibit.
#[derive(Debug, Clone, Copy)]
pub struct Geography;

/// Its slider values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Regions with a data centre.
    pub regions: u32,
    /// The first of them.
    pub first: First,
    /// Which data centre serves a request.
    pub routing: Routing,
    /// Which region is lost.
    pub lost: Lost,
    /// Round trips of a request.
    pub trips: u32,
    /// Length of cables over the great circle.
    pub stretch: f64,
    /// What a request may take, milliseconds.
    pub budget_ms: f64,
    /// Requests per second of all cities together.
    pub traffic: f64,
    /// Servers of all regions together.
    pub servers: u32,
    /// Mean service time, milliseconds.
    pub service_ms: f64,
}

/// The first region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum First {
    /// On the east coast of North America.
    Ashburn,
    /// In Europe.
    Frankfurt,
    /// In Asia.
    Singapore,
}

impl First {
    fn name(self) -> &'static str {
        match self {
            Self::Ashburn => "Ashburn",
            Self::Frankfurt => "Frankfurt",
            Self::Singapore => "Singapore",
        }
    }
}

/// Which data centre serves a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Routing {
    /// The nearest that is up.
    Nearest,
    /// Any that is up, with equal chances.
    Random,
}

/// Which region is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lost {
    /// None.
    None,
    /// The first; its users go to the others.
    First,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            regions: 3,
            first: First::Ashburn,
            routing: Routing::Nearest,
            lost: Lost::None,
            trips: 3,
            stretch: 1.5,
            budget_ms: 300.0,
            traffic: 500.0,
            servers: 24,
            service_ms: 20.0,
        }
    }
}

impl Params {
    fn scenario(&self) -> Scenario {
        let world = World::new(self, self.regions);
        let service = Distribution::exponential(self.service_ms / 1e3);
        let station = |servers| Station {
            service: Some(service.clone()),
            ..Station::new(servers)
        };
        let mut scenario = Scenario::empty().with_horizon(Horizon::Steady {
            requests: Some(REQUESTS),
        });
        for centre in &world.centres {
            scenario = scenario.with_resource(&centre.site.name, station(centre.servers));
        }
        if world.centres.is_empty() {
            // The only region is there, and refuses everybody.
            let name = self.first.name();
            scenario = scenario
                .with_resource(name, station(self.servers))
                .with_incident(Incident::kill(0.0, name))
                .with_horizon(Horizon::Span { seconds: SPAN });
        } else if world.overloaded().is_some() {
            scenario.horizon = Horizon::Transient { requests: REQUESTS };
        }
        for city in &world.cities {
            let class = Class::new(Arrivals::poisson(city.rate));
            let path = self.path(&world, city);
            scenario = scenario.with_class(&city.site.name, class.with_path(path));
        }
        scenario.name = format!("{} regions", self.regions);
        scenario
    }

    fn path(&self, world: &World, city: &City) -> Path {
        let serve = |seconds: f64, name: &str| {
            let travel = Activity::Delay(Distribution::deterministic(seconds));
            vec![travel, Activity::work(name)]
        };
        let mut ways = city.served.iter().map(|leg| {
            (
                leg.share,
                serve(leg.seconds, &world.centres[leg.centre].site.name),
            )
        });
        match city.served.len() {
            0 => vec![Activity::work(self.first.name())],
            1 => ways.next().map(|(_, path)| path).unwrap_or_default(),
            many => {
                let branch = |(at, (share, path)): (usize, (f64, Path))| Branch {
                    // The last takes whoever is left, so that shares need not add up to the last bit.
                    when: if at + 1 == many {
                        When::Otherwise
                    } else {
                        When::Share(share)
                    },
                    path,
                };
                vec![Activity::Choose(ways.enumerate().map(branch).collect())]
            }
        }
    }
}

impl Exhibit for Geography {
    type Params = Params;

    const CARD: Card = Card {
        id: "geography",
        title: "Light is slow",
        group: "Fleets",
        blurb: "Users and data centres on a map: what the speed of light leaves of a latency budget, and what a lost region does.",
    };

    const TEXT: &'static [&'static str] = &[
        "Light in glass covers 200 km in a millisecond. From the east coast of the United States to India and back it needs at least \
         130 ms, over real cables nearer 200. A request that needs three round trips, to connect, to agree on keys and to ask, \
         pays that three times before any server has done anything.",
        "No faster server buys that back; only being nearer does. With more regions each city is nearer to one. But the same servers, \
         spread over more regions, share fewer queues, and each region has to be large enough for its neighbours' users when theirs is \
         lost.",
        "Here fourteen cities send the same traffic each. Sending requests to a random region spreads the load evenly and wastes \
         what the regions are for.",
    ];

    const CONTROLS: &'static [Control] = &[
        Control {
            key: "regions",
            label: "Regions",
            symbol: "",
            kind: few(1.0, CENTRES.len() as f64),
            help: "Data centres, in this order after the first: Ashburn, Frankfurt, Singapore, São Paulo, Mumbai, Sydney. They share the \
                   servers equally.",
            folded: false,
        },
        Control {
            key: "first",
            label: "First region",
            symbol: "",
            kind: ControlKind::Choice {
                options: &[
                    ("ashburn", "Ashburn"),
                    ("frankfurt", "Frankfurt"),
                    ("singapore", "Singapore"),
                ],
            },
            help: "Where the first data centre is; the one that may be lost.",
            folded: false,
        },
        Control {
            key: "routing",
            label: "Routing",
            symbol: "",
            kind: ControlKind::Choice {
                options: &[("nearest", "Nearest"), ("random", "Random")],
            },
            help: "Whether a request goes to the nearest region or to any of them.",
            folded: false,
        },
        Control {
            key: "lost",
            label: "Lost region",
            symbol: "",
            kind: ControlKind::Choice {
                options: &[("none", "None"), ("first", "The first")],
            },
            help: "With the first region gone its users go to the others, which are further away and get more to do.",
            folded: false,
        },
        Control {
            key: "trips",
            label: "Round trips",
            symbol: "n",
            kind: few(1.0, 6.0),
            help: "How often a request crosses the way and back: 1 on an open connection, 3 with a new one and its keys.",
            folded: false,
        },
        Control {
            key: "stretch",
            label: "Detour of cables",
            symbol: "",
            kind: ControlKind::Number {
                min: 1.0,
                max: 2.5,
                step: 0.1,
                scale: Scale::Linear,
                unit: "",
                whole: false,
            },
            help: "Length of the cable over the great circle. 1 is the best that light allows; real routes have 1.2 to 2.",
            folded: true,
        },
        Control {
            key: "budget_ms",
            label: "Latency budget",
            symbol: "",
            kind: milliseconds(20.0, 3_000.0),
            help: "What 99 % of the requests of a city should keep to.",
            folded: true,
        },
        Control {
            key: "traffic",
            label: "Traffic",
            symbol: "λ",
            kind: ControlKind::Number {
                min: 10.0,
                max: 1_500.0,
                step: 0.1,
                scale: Scale::Log,
                unit: "/s",
                whole: false,
            },
            help: "Requests per second of all fourteen cities together.",
            folded: true,
        },
        Control {
            key: "servers",
            label: "Servers in all",
            symbol: "c",
            kind: few(6.0, 96.0),
            help: "All regions together; they share them equally, rounded down.",
            folded: true,
        },
        Control {
            key: "service_ms",
            label: "Mean service time",
            symbol: "1/μ",
            kind: milliseconds(1.0, 200.0),
            help: "How long a request keeps a server busy, exponentially distributed.",
            folded: true,
        },
    ];

    const PRESETS: &'static [Preset] = &[
        Preset {
            id: "three-regions",
            label: "Three regions",
            values: &[],
        },
        Preset {
            id: "one-region",
            label: "One region for the world",
            values: &[("regions", "1")],
        },
        Preset {
            id: "a-region-lost",
            label: "A region lost",
            values: &[("lost", "first")],
        },
        Preset {
            id: "random-region",
            label: "Any region",
            values: &[("routing", "random")],
        },
        Preset {
            id: "open-connections",
            label: "Open connections",
            values: &[("trips", "1"), ("budget_ms", "150")],
        },
        Preset {
            id: "everywhere",
            label: "Six small regions",
            values: &[("regions", "6")],
        },
    ];

    const ROOM: Room = Room {
        readouts: &[110, 125, 77, 151],
        notes: &[&[118], &[125, 43], &[126, 43]],
    };

    fn scenarios(params: &Params) -> Result<Vec<Scenario>, InputError> {
        let scenario = params.scenario();
        scenario.validate()?;
        Ok(vec![scenario])
    }

    fn figures(params: &Params, reports: &[Option<Report>]) -> Vec<Figure> {
        let found = Found::new(params, reports);
        vec![
            figures::map(params, &found),
            figures::over_distance(params, &found),
            figures::over_regions(params, &found),
        ]
    }

    fn readouts(params: &Params, reports: &[Option<Report>]) -> Vec<Readout> {
        readouts::readouts(params, &Found::new(params, reports))
    }

    /// Nobody waits here worth watching: requests spend their time on the way.
    fn animated(_: &Params) -> Vec<Scene> {
        Vec::new()
    }

    fn command(params: &Params, seed: u64, replications: u64) -> Option<String> {
        Some(command::<Self>(params, seed, replications))
    }
}

/// The world, and what was measured of it.
struct Found<'a> {
    world: World,
    report: Option<&'a Report>,
}

impl<'a> Found<'a> {
    fn new(params: &Params, reports: &'a [Option<Report>]) -> Self {
        Self {
            world: World::new(params, params.regions),
            report: reports.first().and_then(Option::as_ref),
        }
    }

    /// The report, if it is one of a steady state.
    fn steady(&self) -> Option<&'a Report> {
        self.report.filter(|report| report.stable)
    }

    /// What was measured of a city's requests in a steady state.
    fn class(&self, city: &City) -> Option<&'a ClassReport> {
        let details = self.steady()?.details.as_ref()?;
        details
            .classes
            .iter()
            .find(|class| class.name == city.site.name)
    }
}
