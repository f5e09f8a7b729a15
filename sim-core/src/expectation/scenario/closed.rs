//! Users in closed loops: networks of product form by mean value analysis, or the machine repairman for one station and many users.

use super::ScenarioTheory;
use super::open::{has_product_form, set_class, set_place};
use super::route::{Route, Site};
use crate::distribution::Distribution;
use crate::scenario::Arrivals;
use crate::theory::closed_network::UserClass;
use crate::theory::{Closed, ClosedNetwork};

/// Throughput by class, stays by class and place, and the mean number at each place.
struct Solved {
    rates: Vec<f64>,
    stays: Vec<Vec<f64>>,
    present: Vec<f64>,
}

pub(super) fn fill(found: &mut ScenarioTheory, sites: &[Site<'_>], routes: &[Route<'_>]) {
    if !has_product_form(sites, routes) {
        return;
    }
    let classes: Option<Vec<UserClass>> = routes.iter().map(|it| users(it, sites.len())).collect();
    let Some(solved) = classes.and_then(|classes| solve(&classes, sites)) else {
        return;
    };
    let Solved {
        rates,
        stays,
        present,
    } = &solved;
    for (class, route) in routes.iter().enumerate() {
        set_class(
            &mut found.classes[class],
            route,
            rates[class],
            &stays[class],
        );
    }
    for (number, site) in sites.iter().enumerate() {
        let loads = routes
            .iter()
            .zip(rates)
            .map(|(route, rate)| rate * route.demand(number));
        let load: f64 = loads.sum();
        set_place(
            &mut found.places[number],
            number,
            site,
            (present[number], load),
            (routes, rates),
        );
    }
}

fn users(route: &Route<'_>, sites: usize) -> Option<UserClass> {
    let Arrivals::Users(users) = route.arrivals else {
        return None;
    };
    let think = users.think.as_ref().map_or(Some(0.0), Distribution::mean)?;
    Some(UserClass {
        users: users.count,
        think: think + route.delay,
        demands: (0..sites).map(|site| route.demand(site)).collect(),
    })
}

fn solve(classes: &[UserClass], sites: &[Site<'_>]) -> Option<Solved> {
    let servers: Vec<u32> = sites.iter().map(|it| it.servers).collect();
    if let Ok(network) = ClosedNetwork::new(classes, &servers) {
        let classes = 0..classes.len();
        let stays = classes.clone().map(|class| {
            let stay = |site| network.mean_stay(class, site);
            (0..sites.len()).map(stay).collect()
        });
        return Some(Solved {
            stays: stays.collect(),
            rates: classes.map(|class| network.throughput(class)).collect(),
            present: (0..sites.len())
                .map(|site| network.mean_in_system(site))
                .collect(),
        });
    }
    // Many users of one kind at one station.
    let [
        UserClass {
            users,
            think,
            demands,
        },
    ] = classes
    else {
        return None;
    };
    let mut visited = (0..sites.len()).filter(|&site| demands[site] > 0.0);
    let (Some(site), None) = (visited.next(), visited.next()) else {
        return None;
    };
    let known = Closed::new(*users, *think, demands[site].recip(), servers[site]).ok()?;
    let only = |value: f64| {
        let mut all = vec![0.0; sites.len()];
        all[site] = value;
        all
    };
    Some(Solved {
        rates: vec![known.throughput()],
        stays: vec![only(known.mean_response())],
        present: only(known.mean_in_system()),
    })
}
