//! Response times, the database's load and hit ratios over the number of servers.

use super::model::{Known, Tier};
use super::{Design, GRID, LOCAL, MOST_SERVERS, Params, SHARED};
use crate::exhibits::caches::{
    DATABASE, NEARLY, READ, busy, cache, extent, few_groups, kept_up, place,
};
use crate::exhibits::parts::{axis, dot, dots, legend, line};
use crate::figure::format::value;
use crate::figure::{Axis, Dot, Figure, Handle, Layer, Role, Scale, Unit};
use crate::run::report::{Quantity, Report};

/// Numbers of servers that theory is drawn for.
const COUNTS: [u32; 9] = [2, 3, 4, 6, 8, 12, 16, 24, MOST_SERVERS];

/// A design at one number of servers.
struct Place<'a> {
    servers: u32,
    design: Design,
    report: Option<&'a Report>,
}

impl Place<'_> {
    /// What was measured of it, as a dot over its number of servers.
    fn dot(&self, of: impl Fn(&Report) -> Option<Quantity>) -> Option<Dot> {
        let report = self.report?;
        dot(f64::from(self.servers), of(report)?, report.converged)
    }
}

pub(super) fn figures(params: &Params, reports: &[Option<Report>]) -> Vec<Figure> {
    let groups = few_groups(params.items, params.skew);
    let shared = params.shared_alone(&groups);
    let known = |servers| {
        let at = Params {
            servers,
            ..params.clone()
        };
        let [local, tiered] = at.with_local(&groups);
        (servers, [local, shared.clone(), tiered])
    };
    let theory: Vec<(u32, [Known; 3])> = counts(params).into_iter().map(known).collect();
    let places: Vec<Place> = params
        .places()
        .iter()
        .zip(
            reports
                .iter()
                .map(Option::as_ref)
                .chain(std::iter::repeat(None)),
        )
        .map(|((at, design), report)| Place {
            servers: at.servers,
            design: *design,
            report: report.filter(|it| kept_up(it)),
        })
        .collect();
    vec![
        latency(params, &theory, &places),
        database(params, &theory, &places),
        hits(params, &theory, &places),
        super::old::figure(params, reports, &groups),
    ]
}

fn counts(params: &Params) -> Vec<u32> {
    let mut all: Vec<u32> = COUNTS.into_iter().chain([params.servers]).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn servers_axis() -> Axis {
    axis(
        "Servers",
        Unit::Count,
        Scale::Log,
        f64::from(GRID[0]),
        f64::from(MOST_SERVERS),
    )
}

/// Curves of the three designs over the number of servers, and what was measured.
fn three(
    theory: &[(u32, [Known; 3])],
    places: &[Place],
    of: impl Fn(&Known) -> Option<f64>,
    measured: impl Fn(&Report) -> Option<Quantity> + Copy,
) -> Vec<Layer> {
    let mut layers = Vec::new();
    for (at, design) in Design::ALL.into_iter().enumerate() {
        let points = theory
            .iter()
            .filter_map(|(servers, known)| Some((f64::from(*servers), of(&known[at])?)));
        layers.extend(line(points.collect(), design.role(), design.label(), true));
    }
    for design in Design::ALL {
        let own = places.iter().filter(|place| place.design == design);
        let label = format!("simulated, {}", design.label());
        layers.extend(dots(
            own.filter_map(|place| place.dot(measured)),
            design.role(),
            &label,
        ));
    }
    layers
}

fn here(theory: &[(u32, [Known; 3])], params: &Params) -> Option<[Known; 3]> {
    let found = theory
        .iter()
        .find(|(servers, _)| *servers == params.servers)?;
    Some(found.1.clone())
}

/// What each design comes to at the reader's number of servers.
fn each(known: Option<&[Known; 3]>, of: impl Fn(&Known) -> String) -> Vec<String> {
    let all = known.into_iter().flatten();
    let designs = all.zip(Design::ALL);
    designs
        .map(|(known, design)| format!("{} {}", design.label(), of(known)))
        .collect()
}

fn latency(params: &Params, theory: &[(u32, [Known; 3])], places: &[Place]) -> Figure {
    let shown = params.shown;
    let layers = three(
        theory,
        places,
        |it| it.response(shown).filter(|_| it.utilization <= NEARLY),
        |it| shown.measured(it, READ),
    );
    let (low, high) = extent(&layers).unwrap_or((1e-3, 1e-1));
    let known = here(theory, params);
    let numbers = each(known.as_ref(), |it| {
        let known = it.response(shown);
        known.map_or_else(
            || "has no end: the database is overloaded".to_owned(),
            |it| format!("≈\u{a0}{}", value(it, Unit::Seconds)),
        )
    });
    let mut label = vec![format!("{} servers", params.servers)];
    label.extend(numbers.iter().cloned());
    Figure {
        id: "latency",
        title: format!("{} over servers", shown.title("reads")),
        x: servers_axis(),
        y: axis(
            &shown.title("reads"),
            Unit::Seconds,
            Scale::Log,
            low / 1.5,
            1.5 * high,
        ),
        handle: Some(Handle {
            x: f64::from(params.servers),
            y: known.and_then(|it| it[0].response(shown)),
            control: "servers",
            label,
        }),
        description: format!(
            "{} over the number of servers, for local caches, a shared one, and both. With {} servers: {}.",
            shown.title("reads"),
            params.servers,
            numbers.join(", ")
        ),
        notes: notes(&layers),
        layers,
    }
}

const COLOURS: &str = "Blue: a cache in each server; green: one that all share; orange: both. Dashed: an approximation (Che).";

/// What the colours and marks mean.
pub(super) fn notes(layers: &[Layer]) -> Vec<String> {
    let mut notes = vec![COLOURS.to_owned()];
    notes.extend(legend(layers));
    notes
}

fn database(params: &Params, theory: &[(u32, [Known; 3])], places: &[Place]) -> Figure {
    let layers = three(
        theory,
        places,
        |it| Some(it.utilization),
        |it| Some(place(it, DATABASE)?.utilization),
    );
    let numbers = each(here(theory, params).as_ref(), |it| {
        value(it.utilization, Unit::Percent)
    });
    let description = format!(
        "Work that reaches the database, as a share of what it can do, over the number of servers. With {} servers: {}. Without \
         caches it would be {}.",
        params.servers,
        numbers.join(", "),
        value(params.traffic / params.database_capacity(), Unit::Percent)
    );
    busy(servers_axis(), layers, None, description, COLOURS)
}

fn hits(params: &Params, theory: &[(u32, [Known; 3])], places: &[Place]) -> Figure {
    let tiers: [(usize, &str, &str, Role); 3] = [
        (0, LOCAL, "local", Design::Local.role()),
        (1, SHARED, "shared, alone", Design::Shared.role()),
        (2, SHARED, "shared, behind", Design::Tiered.role()),
    ];
    let tier = |known: &Known, name: &str| -> Option<Tier> {
        if name == LOCAL {
            known.local
        } else {
            known.shared
        }
    };
    let mut layers = Vec::new();
    for (at, name, label, role) in tiers {
        let points = theory.iter().filter_map(|(servers, known)| {
            Some((f64::from(*servers), tier(&known[at], name)?.hits))
        });
        layers.extend(line(points.collect(), role, label, true));
    }
    for (at, name, label, role) in tiers {
        let own = places
            .iter()
            .filter(|place| place.design == Design::ALL[at]);
        let measured = own.filter_map(|place| place.dot(|it| Some(cache(it, name)?.hit_ratio)));
        layers.extend(dots(measured, role, &format!("simulated, {label}")));
    }
    let known = here(theory, params);
    let said = known.map_or_else(String::new, |known| {
        let of = |tier: Option<Tier>| value(tier.map_or(0.0, |it| it.hits), Unit::Percent);
        format!(
            " With {} servers: in a server {}, in a shared cache that sees all reads {}, behind the servers' own {}.",
            params.servers,
            of(known[0].local),
            of(known[1].shared),
            of(known[2].shared)
        )
    });
    let mut notes = vec![
        "Blue: the caches in the servers; green: the shared one alone; orange: the shared one behind those in the servers, of what \
         they miss. Dashed: an approximation (Che), rough behind few servers."
            .to_owned(),
    ];
    notes.extend(legend(&layers));
    Figure {
        id: "hit-ratio",
        title: "What each cache finds".to_owned(),
        x: servers_axis(),
        y: axis("Hit ratio", Unit::Percent, Scale::Linear, 0.0, 1.0),
        handle: None,
        description: format!("The share of look-ups that hit, over the number of servers.{said}"),
        notes,
        layers,
    }
}
