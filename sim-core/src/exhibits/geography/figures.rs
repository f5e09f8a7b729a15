//! The map, latency over distance, and latency over the number of regions.

use super::world::{CENTRES, City, World};
use super::{Found, LAST_MILE, Params};
use crate::exhibits::parts::{axis, dot, dots, legend, line};
use crate::figure::format::value;
use crate::figure::{Dot, Figure, Handle, Role, Scale, Unit};
use crate::geography::LIGHT_IN_FIBRE;

/// Half the way round the earth, km, and a little more.
const FURTHEST: f64 = 20_500.0;

/// P99 of a city: measured if it is, else of theory.
fn p99(found: &Found, city: &City) -> Option<f64> {
    let measured = found
        .class(city)
        .and_then(|class| class.percentiles.p99.estimate);
    measured.or_else(|| found.world.p99(city))
}

fn within(params: &Params, found: &Found, city: &City) -> bool {
    p99(found, city).is_some_and(|p99| p99 <= params.budget_ms / 1e3)
}

pub(super) fn map(params: &Params, found: &Found) -> Figure {
    let mark = |site: &crate::geography::Site| Dot {
        x: site.longitude,
        y: site.latitude,
        low: None,
        high: None,
        converged: true,
    };
    let cities = |wanted: bool| {
        let all = found.world.cities.iter();
        let chosen = all.filter(move |city| within(params, found, city) == wanted);
        chosen.map(|city| mark(&city.site)).collect::<Vec<_>>()
    };
    let mut layers = Vec::new();
    for city in &found.world.cities {
        let role = if within(params, found, city) {
            Role::Healthy
        } else {
            Role::Tail
        };
        let (x, y) = (city.site.longitude, city.site.latitude);
        let is_lost = found
            .world
            .lost
            .as_ref()
            .is_some_and(|it| it.name == city.site.name);
        let lost = if is_lost { " (lost)" } else { "" };
        let name = format!("{}{lost}", city.site.name);
        layers.extend(line(vec![(x - 0.5, y), (x, y)], role, &name, false));
    }
    layers.extend(dots(cities(true), Role::Healthy, "users within the budget"));
    layers.extend(dots(cities(false), Role::Tail, "users beyond the budget"));
    let beside = |site: &crate::geography::Site| Dot {
        // Above the users of the same city.
        y: site.latitude + 5.0,
        ..mark(site)
    };
    let centres = found
        .world
        .centres
        .iter()
        .map(|centre| beside(&centre.site));
    layers.extend(dots(centres, Role::Simulation, "data centre"));
    let gone = found.world.lost.as_ref().map(beside);
    layers.extend(dots(gone, Role::Overload, "lost data centre"));
    let far = cities(false).len();
    let mut notes = vec![format!(
        "Blue: data centres that are up, drawn just above their city. Green: cities whose P99 is within {}; red: beyond it.",
        value(params.budget_ms / 1e3, Unit::Seconds)
    )];
    if let Some(lost) = &found.world.lost {
        notes.push(format!("Purple: the one in {} is lost.", lost.name));
    }
    Figure {
        id: "map",
        title: "Who is near enough?".to_owned(),
        x: axis("Degrees east", Unit::Number, Scale::Linear, -135.0, 180.0),
        y: axis("Degrees north", Unit::Number, Scale::Linear, -50.0, 72.0),
        handle: None,
        description: format!(
            "Fourteen cities and the data centres {}. {far} cities have a P99 beyond the budget of {}: {}.",
            names(
                found
                    .world
                    .centres
                    .iter()
                    .map(|centre| centre.site.name.as_str())
            ),
            value(params.budget_ms / 1e3, Unit::Seconds),
            names(
                found
                    .world
                    .cities
                    .iter()
                    .filter(|city| !within(params, found, city))
                    .map(|city| city.site.name.as_str())
            )
        ),
        layers,
        notes,
    }
}

fn names<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let all: Vec<_> = names.collect();
    if all.is_empty() {
        "none".to_owned()
    } else {
        all.join(", ")
    }
}

pub(super) fn over_distance(params: &Params, found: &Found) -> Figure {
    let budget = params.budget_ms / 1e3;
    let trips = f64::from(params.trips);
    let light = |stretch: f64, more: f64| {
        let at = |km: f64| trips * (2.0 * km * stretch / LIGHT_IN_FIBRE + more);
        vec![(0.0, at(0.0)), (FURTHEST, at(FURTHEST))]
    };
    let mut layers = Vec::new();
    layers.extend(line(light(1.0, 0.0), Role::Theory, "light alone", false));
    layers.extend(line(
        light(params.stretch, LAST_MILE),
        Role::Theory,
        "cables",
        false,
    ));
    layers.extend(line(
        vec![(0.0, budget), (FURTHEST, budget)],
        Role::Median,
        "budget",
        false,
    ));
    let cities = &found.world.cities;
    let theory = cities
        .iter()
        .filter_map(|city| Some((city.distance(), found.world.p99(city)?)));
    let highest = theory.map(|it| it.1).fold(budget, f64::max);
    let converged = found.steady().is_some_and(|report| report.converged);
    let measured = |of: fn(&super::ClassReport) -> crate::run::report::Quantity| {
        let known = cities
            .iter()
            .filter_map(move |city| dot(city.distance(), of(found.class(city)?), converged));
        known.collect::<Vec<_>>()
    };
    layers.extend(dots(
        measured(|it| it.mean_response),
        Role::Simulation,
        "simulated mean of a city",
    ));
    layers.extend(dots(
        measured(|it| it.percentiles.p99),
        Role::Tail,
        "simulated P99 of a city",
    ));
    let mut notes = vec![format!(
        "Light alone: {} straight through fibre. Cables: {} times as long, and {} for the last mile of each round trip.",
        if params.trips == 1 {
            "one round trip".to_owned()
        } else {
            format!("{} round trips", params.trips)
        },
        value(params.stretch, Unit::Number),
        value(LAST_MILE, Unit::Seconds)
    )];
    notes.extend(legend(&layers));
    notes.extend(missing(found));
    Figure {
        id: "distance",
        title: "What distance costs".to_owned(),
        x: axis(
            "Great circle to the data centre, km",
            Unit::Number,
            Scale::Linear,
            0.0,
            FURTHEST,
        ),
        y: axis(
            "Response time",
            Unit::Seconds,
            Scale::Linear,
            0.0,
            1.15 * highest,
        ),
        handle: None,
        description: format!(
            "Response time of each city over its distance to its data centre, above the line that light in fibre allows.{}",
            describe_worst(found)
        ),
        layers,
        notes,
    }
}

fn describe_worst(found: &Found) -> String {
    found.world.worst().map_or_else(String::new, |(city, p99)| {
        format!(
            " The worst is {}: P99 {}.",
            city.site.name,
            value(p99, Unit::Seconds)
        )
    })
}

fn missing(found: &Found) -> Option<String> {
    if found.world.centres.is_empty() {
        return Some("The only region is lost: nobody is served.".to_owned());
    }
    let centre = found.world.overloaded()?;
    Some(format!(
        "{} gets more than it can do, and its queue grows without end.",
        centre.site.name
    ))
}

pub(super) fn over_regions(params: &Params, found: &Found) -> Figure {
    let budget = params.budget_ms / 1e3;
    let most = CENTRES.len() as f64;
    let worlds: Vec<(f64, World)> = (1..=6_u32)
        .take(CENTRES.len())
        .map(|regions| (f64::from(regions), World::new(params, regions)))
        .collect();
    let points = |of: &dyn Fn(&World) -> Option<f64>| {
        let known = worlds
            .iter()
            .filter_map(|(regions, world)| Some((*regions, of(world)?)));
        known.collect::<Vec<_>>()
    };
    let steady = |world: &World| world.overloaded().is_none();
    let worst = points(&|world| Some(world.worst()?.1).filter(|_| steady(world)));
    let mean = points(&|world| world.overall());
    let travel = points(&|world| {
        let all = world.cities.iter().map(City::travel).sum::<f64>() / world.cities.len() as f64;
        (!world.centres.is_empty()).then_some(all)
    });
    let highest = worst
        .iter()
        .chain(&mean)
        .map(|it| it.1)
        .fold(budget, f64::max);
    let mut layers = Vec::new();
    layers.extend(line(
        vec![(0.8, budget), (most + 0.2, budget)],
        Role::Median,
        "budget",
        false,
    ));
    layers.extend(line(worst, Role::Tail, "P99 of the worst city", false));
    layers.extend(line(mean, Role::Theory, "mean of all", false));
    layers.extend(line(travel, Role::Healthy, "on the way", false));
    let here = f64::from(params.regions);
    let measured = found
        .steady()
        .and_then(|report| dot(here, report.mean_response, report.converged));
    layers.extend(dots(measured, Role::Simulation, "simulated, mean of all"));
    let mut notes = vec![
        "Curves are exact; the same servers are shared out among more regions. On the way: cables and last miles, mean of all requests."
            .to_owned(),
    ];
    notes.extend(legend(&layers));
    notes.extend(missing(found));
    let known = found.world.overall();
    let regions = match params.regions {
        1 => "1 region".to_owned(),
        many => format!("{many} regions"),
    };
    let text = known.map_or_else(
        || "no steady state".to_owned(),
        |it| value(it, Unit::Seconds),
    );
    Figure {
        id: "regions",
        title: "How many regions?".to_owned(),
        x: axis("Regions", Unit::Count, Scale::Linear, 0.8, most + 0.2),
        y: axis(
            "Response time",
            Unit::Seconds,
            Scale::Linear,
            0.0,
            1.15 * highest,
        ),
        handle: Some(Handle {
            x: here,
            y: known,
            control: "regions",
            label: vec![regions.clone(), format!("mean: {text}")],
        }),
        description: format!(
            "Mean response time of all requests and P99 of the worst city over the number of regions. With {regions}, {text}."
        ),
        layers,
        notes,
    }
}
