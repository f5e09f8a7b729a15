//! Open classes that queue several times: networks of product form.

use super::route::{Route, Site};
use super::{Part, ScenarioTheory};
use crate::scenario::Discipline;
use crate::theory::OpenNetwork;

pub(super) fn fill(found: &mut ScenarioTheory, sites: &[Site<'_>], routes: &[Route<'_>]) {
    let Some(rates) = routes
        .iter()
        .map(Route::poisson_rate)
        .collect::<Option<Vec<f64>>>()
    else {
        return;
    };
    if !has_product_form(sites, routes) {
        return;
    }
    let servers: Vec<u32> = sites.iter().map(|it| it.servers).collect();
    let demands: Vec<Vec<f64>> = routes
        .iter()
        .map(|route| (0..sites.len()).map(|site| route.demand(site)).collect())
        .collect();
    let Ok(network) = OpenNetwork::new(&rates, &servers, &demands) else {
        return;
    };
    for (class, route) in routes.iter().enumerate() {
        let stays: Vec<f64> = (0..sites.len())
            .map(|site| network.mean_stay(class, site))
            .collect();
        set_class(&mut found.classes[class], route, rates[class], &stays);
    }
    for (number, site) in sites.iter().enumerate() {
        let present = network.mean_in_system(number);
        set_place(
            &mut found.places[number],
            number,
            site,
            (present, network.load(number)),
            (routes, &rates),
        );
    }
}

/// Whether every place that requests come by keeps the product form: it has room and time for all, and it shares its servers, or
/// takes requests in turn that have one exponential law.
pub(super) fn has_product_form(sites: &[Site<'_>], routes: &[Route<'_>]) -> bool {
    let visited = |number: usize| {
        let visits = routes.iter().flat_map(|route| &route.visits);
        visits.filter(move |it| it.site == number)
    };
    let one_level = routes
        .windows(2)
        .all(|pair| pair[0].priority == pair[1].priority);
    sites.iter().enumerate().all(|(number, site)| {
        let Some(first) = visited(number).next() else {
            return true;
        };
        let same = first.service.mean;
        let mut services = visited(number).map(|it| it.service);
        let in_turn = match site.discipline {
            Discipline::Fifo => true,
            Discipline::Priority | Discipline::PreemptivePriority => one_level,
            _ => false,
        };
        let fits = site.discipline == Discipline::ProcessorSharing
            || in_turn
                && site.patience.is_none()
                && services.all(|it| it.is_exponential() && it.mean == same);
        site.room.is_none() && fits
    })
}

/// A class that nobody of is lost, from its throughput and its mean times at all places.
pub(super) fn set_class(part: &mut Part, route: &Route<'_>, rate: f64, stays: &[f64]) {
    let in_service: f64 = route
        .visits
        .iter()
        .map(|it| it.times * it.service.mean)
        .sum();
    let at_places: f64 = stays.iter().sum();
    // Where nobody waits, rounding must not say otherwise.
    let wait = (at_places - in_service).max(0.0);
    part.throughput = Some(rate);
    part.served_share = Some(1.0);
    part.rejected_share = Some(0.0);
    part.gave_up_share = Some(0.0);
    part.values.mean_response = Some(at_places + route.delay);
    part.values.mean_wait = Some(wait);
    part.values.mean_in_system = Some(rate * (at_places + route.delay));
    part.values.mean_in_queue = Some(rate * wait);
}

/// A place without loss, from the mean number there and its load in servers kept busy.
pub(super) fn set_place(
    part: &mut Part,
    number: usize,
    site: &Site<'_>,
    (present, load): (f64, f64),
    (routes, rates): (&[Route<'_>], &[f64]),
) {
    let visits = routes.iter().zip(rates).flat_map(|(route, rate)| {
        let own = route.visits.iter().filter(|it| it.site == number);
        own.map(move |it| rate * it.times)
    });
    let visits: f64 = visits.sum();
    let queued = (present - load).max(0.0);
    part.throughput = Some(visits);
    part.utilization = Some(load / f64::from(site.servers));
    part.values.mean_in_system = Some(present);
    part.values.mean_in_queue = Some(queued);
    if visits > 0.0 {
        part.rejected_share = Some(0.0);
        part.gave_up_share = Some(0.0);
        part.values.mean_wait = Some(queued / visits);
        let whole = if site.is_pool { queued } else { present };
        part.values.mean_response = Some(whole / visits);
    }
}
