//! Open classes whose requests queue once at most: every place gets a Poisson stream, the part of the arrivals that goes there, delays
//! on the way notwithstanding, and is a model by itself.

use super::super::{Values, expectation};
use super::route::{Route, Service, Site, Visit};
use super::{Part, ScenarioTheory, with_percentiles};
use crate::distribution::Distribution;
use crate::scenario::{Arrivals, Discipline, Queue};
use crate::theory::priorities::{self, Level};
use crate::theory::{ErlangA, Mdc, Mmc, Mmck, erlang_b};

/// The requests of one class at one place.
struct Stream<'a> {
    class: usize,
    /// Which of its visits.
    number: usize,
    /// Per second.
    rate: f64,
    priority: u8,
    visit: Visit<'a>,
}

/// What becomes of the visits of one stream.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Stay {
    rejected: f64,
    gave_up: f64,
    /// Mean wait of those served, seconds.
    wait: f64,
    /// Mean number there, and of those that wait.
    present: f64,
    queued: f64,
    /// Percentiles of the time there.
    values: Values,
}

impl Stay {
    fn served(&self) -> f64 {
        1.0 - self.rejected - self.gave_up
    }

    /// Visits without loss that wait so long.
    fn waiting(stream: &Stream<'_>, wait: f64) -> Self {
        Self {
            wait,
            present: stream.rate * (wait + stream.service().mean),
            queued: stream.rate * wait,
            ..Self::default()
        }
    }
}

impl Stream<'_> {
    fn service(&self) -> &Service<'_> {
        &self.visit.service
    }
}

pub(super) fn fill(found: &mut ScenarioTheory, sites: &[Site<'_>], routes: &[Route<'_>]) {
    if let [route] = routes
        && let [visit] = route.visits.as_slice()
        && route.poisson_rate().is_none()
    {
        return renewal(found, sites, route, visit);
    }
    let Some(rates) = routes.iter().map(rate).collect::<Option<Vec<f64>>>() else {
        return;
    };
    // By class and visit, what becomes of it.
    let blank = |route: &Route<'_>| vec![None; route.visits.len()];
    let mut stays: Vec<Vec<Option<Stay>>> = routes.iter().map(blank).collect();
    for (number, site) in sites.iter().enumerate() {
        let streams = streams(number, routes, &rates);
        let known = at(site, &streams);
        found.places[number] = place(&found.places[number], site, &streams, known.as_deref());
        for (stream, stay) in streams.iter().zip(known.into_iter().flatten()) {
            stays[stream.class][stream.number] = Some(stay);
        }
    }
    for (class, route) in routes.iter().enumerate() {
        let name = found.classes[class].name.clone();
        let known = part(route, rates[class], &stays[class]);
        found.classes[class] = Part {
            name,
            ..known.unwrap_or_default()
        };
    }
}

/// Requests per second of a class whose visits have a Poisson stream, or that has none.
fn rate(route: &Route<'_>) -> Option<f64> {
    let any = route.arrivals.rate().filter(|_| route.visits.is_empty());
    route.poisson_rate().or(any)
}

fn streams<'a>(site: usize, routes: &'a [Route<'a>], rates: &[f64]) -> Vec<Stream<'a>> {
    let mut found = Vec::new();
    for (class, route) in routes.iter().enumerate() {
        for (number, visit) in route.visits.iter().enumerate() {
            if visit.site == site {
                found.push(Stream {
                    class,
                    number,
                    rate: rates[class] * visit.times,
                    priority: route.priority,
                    visit: *visit,
                });
            }
        }
    }
    found
}

/// A single class with gaps of another law, at a single station.
fn renewal(found: &mut ScenarioTheory, sites: &[Site<'_>], route: &Route<'_>, visit: &Visit<'_>) {
    let Arrivals::Renewal(law) = route.arrivals else {
        return;
    };
    let site = &sites[visit.site];
    let plain = site.discipline == Discipline::Fifo
        && (site.room.is_none() && site.patience.is_none())
        && (route.is_certain && visit.times == 1.0 && visit.before == 0.0)
        && visit.service.slowness == 1.0;
    let rate = law.interarrival.mean().map(f64::recip);
    let (Some(service), Some(rate), true) = (visit.service.law, rate, plain) else {
        return;
    };
    let queue = Queue::new(law.interarrival.clone(), site.servers, service.clone());
    let exact = expectation(&queue).exact;
    let Some(wait) = exact.mean_wait else {
        return;
    };
    let stream = Stream {
        class: 0,
        number: 0,
        rate,
        priority: 0,
        visit: *visit,
    };
    let stay = Stay {
        values: with_percentiles(Values::default(), &exact),
        ..Stay::waiting(&stream, wait)
    };
    let own = &mut found.places[visit.site];
    *own = place(own, site, &[stream], Some(&[stay]));
    let name = found.classes[0].name.clone();
    let known = part(route, rate, &[Some(stay)]);
    found.classes[0] = Part {
        name,
        ..known.unwrap_or_default()
    };
}

/// A place, from what becomes of its visits.
fn place(named: &Part, site: &Site<'_>, streams: &[Stream<'_>], known: Option<&[Stay]>) -> Part {
    let mut part = Part {
        name: named.name.clone(),
        ..Part::default()
    };
    let Some(stays) = known else {
        return part;
    };
    let sum = |of: &dyn Fn(&Stream<'_>, &Stay) -> f64| -> f64 {
        streams
            .iter()
            .zip(stays)
            .map(|(stream, stay)| of(stream, stay))
            .sum()
    };
    let arrived = sum(&|stream, _| stream.rate);
    let served = sum(&|stream, stay| stream.rate * stay.served());
    let busy = sum(&|stream, stay| stream.rate * stay.served() * stream.service().mean);
    part.throughput = Some(served);
    part.utilization = Some(busy / f64::from(site.servers));
    part.values.mean_in_system = Some(sum(&|_, stay| stay.present));
    part.values.mean_in_queue = Some(sum(&|_, stay| stay.queued));
    if arrived > 0.0 {
        part.rejected_share = Some(sum(&|stream, stay| stream.rate * stay.rejected) / arrived);
        part.gave_up_share = Some(sum(&|stream, stay| stream.rate * stay.gave_up) / arrived);
        let waits = sum(&|stream, stay| stream.rate * stay.served() * stay.wait);
        part.values.mean_wait = Some(waits / served);
        // A visit to a pool ends when it has a place.
        let in_service = if site.is_pool { 0.0 } else { busy };
        part.values.mean_response = Some((waits + in_service) / served);
    }
    part
}

/// A class, from what becomes of its visits; `None` if a place it comes by is not known.
fn part(route: &Route<'_>, rate: f64, stays: &[Option<Stay>]) -> Option<Part> {
    let stays = stays.iter().copied().collect::<Option<Vec<Stay>>>()?;
    let known = || route.visits.iter().zip(&stays);
    let mean =
        |of: &dyn Fn(&Stay) -> f64| -> f64 { known().map(|(it, stay)| it.times * of(stay)).sum() };
    let lost = mean(&|stay| stay.rejected + stay.gave_up);
    let mut part = Part {
        throughput: Some(rate * (1.0 - lost)),
        served_share: Some(1.0 - lost),
        rejected_share: Some(mean(&|stay| stay.rejected)),
        gave_up_share: Some(mean(&|stay| stay.gave_up)),
        ..Part::default()
    };
    let visits: f64 = route.visits.iter().map(|it| it.times).sum();
    let same_way = route.is_certain && (visits - 1.0).abs() < 1e-12;
    if lost > 0.0 && !same_way {
        // Who is lost has gone another way than who is served.
        return Some(part);
    }
    let served = |it: &Visit<'_>, stay: &Stay| it.times * stay.served() / (1.0 - lost);
    let services: f64 = known()
        .map(|(it, stay)| served(it, stay) * it.service.mean)
        .sum();
    let waits: f64 = known().map(|(it, stay)| served(it, stay) * stay.wait).sum();
    // Who is lost has had the delays on the way there.
    let before = route.visits.first().map_or(0.0, |it| it.before);
    let delays = before + (1.0 - lost) * (route.delay - before);
    let present: f64 = stays.iter().map(|stay| stay.present).sum();
    part.values = Values {
        mean_response: Some(services + waits + route.delay),
        mean_wait: Some(waits),
        mean_in_system: Some(present + rate * delays),
        mean_in_queue: Some(stays.iter().map(|stay| stay.queued).sum()),
        ..Values::default()
    };
    let alike = stays
        .windows(2)
        .all(|pair| pair[0].values == pair[1].values);
    if let (Some(stay), true) = (stays.first(), alike && same_way && route.delay == 0.0) {
        part.values = with_percentiles(part.values, &stay.values);
    }
    if let Some(law) = route.sole_delay {
        part.values = part.values.with_known_quantiles(|p| law.quantile(p));
    }
    Some(part)
}

/// What becomes of the visits to a place; `None` if no formula holds.
fn at(site: &Site<'_>, streams: &[Stream<'_>]) -> Option<Vec<Stay>> {
    if streams.is_empty() {
        return Some(Vec::new());
    }
    let shared = site.discipline == Discipline::ProcessorSharing;
    if site.room == Some(u64::from(site.servers)) {
        return erlang_loss(site, streams);
    }
    if site.patience.is_some() && !shared {
        return impatient(site, streams);
    }
    if let Some(room) = site.room {
        return finite(site, streams, room);
    }
    if shared {
        return sharing(site, streams);
    }
    match site.discipline {
        Discipline::Priority if has_levels(streams) => by_level(site, streams, false),
        Discipline::PreemptivePriority if has_levels(streams) => by_level(site, streams, true),
        Discipline::ShortestJob | Discipline::ShortestRemaining => None,
        _ => in_turn(site, streams),
    }
}

fn has_levels(streams: &[Stream<'_>]) -> bool {
    streams
        .windows(2)
        .any(|pair| pair[0].priority != pair[1].priority)
}

/// Whether the order of service looks at nothing but the line, and, for times of single requests, whether it is that of arrival.
fn is_blind(site: &Site<'_>, streams: &[Stream<'_>]) -> bool {
    match site.discipline {
        Discipline::Lifo | Discipline::RandomOrder => true,
        _ => is_fifo(site, streams),
    }
}

fn is_fifo(site: &Site<'_>, streams: &[Stream<'_>]) -> bool {
    match site.discipline {
        Discipline::Fifo => true,
        Discipline::Priority | Discipline::PreemptivePriority => !has_levels(streams),
        _ => false,
    }
}

/// The mean of the exponential law that all visits have in common, if they have.
fn common_exponential(streams: &[Stream<'_>]) -> Option<f64> {
    let mean = streams[0].service().mean;
    let same = |it: &Stream<'_>| it.service().is_exponential() && it.service().mean == mean;
    streams.iter().all(same).then_some(mean)
}

fn rate_of(streams: &[Stream<'_>]) -> f64 {
    streams.iter().map(|it| it.rate).sum()
}

fn load_of(streams: &[Stream<'_>]) -> f64 {
    streams.iter().map(|it| it.rate * it.service().mean).sum()
}

/// Erlang B, whatever the laws of service.
fn erlang_loss(site: &Site<'_>, streams: &[Stream<'_>]) -> Option<Vec<Stay>> {
    let blocked = erlang_b(site.servers, load_of(streams)).ok()?;
    let stay = |stream: &Stream<'_>| {
        let service = stream.service();
        let quantile = |p: f64| Some(service.law?.quantile(p)? * service.slowness);
        Stay {
            rejected: blocked,
            present: stream.rate * (1.0 - blocked) * service.mean,
            values: Values::default().with_known_quantiles(quantile),
            ..Stay::default()
        }
    };
    Some(streams.iter().map(stay).collect())
}

/// Erlang A, with room for all or for some.
fn impatient(site: &Site<'_>, streams: &[Stream<'_>]) -> Option<Vec<Stay>> {
    let patience = site.patience.filter(|law| law.is_exponential())?;
    let mean = common_exponential(streams).filter(|_| is_fifo(site, streams))?;
    let rate = rate_of(streams);
    let queue = ErlangA::new(
        rate,
        mean.recip(),
        site.servers,
        patience.mean()?,
        site.room,
    )
    .ok()?;
    let stay = |stream: &Stream<'_>| Stay {
        rejected: queue.blocking_probability(),
        gave_up: queue.gave_up_share(),
        wait: queue.mean_wait_of_served(),
        present: queue.mean_in_system() * stream.rate / rate,
        queued: queue.mean_in_queue() * stream.rate / rate,
        values: Values::default(),
    };
    Some(streams.iter().map(stay).collect())
}

/// M/M/c/K, in any order of service that does not look at the work; sharing makes the same number of requests leave.
fn finite(site: &Site<'_>, streams: &[Stream<'_>], room: u64) -> Option<Vec<Stay>> {
    let mean = common_exponential(streams)?;
    if !is_blind(site, streams) && site.discipline != Discipline::ProcessorSharing {
        return None;
    }
    let rate = rate_of(streams);
    let queue = Mmck::new(rate, mean.recip(), site.servers, room).ok()?;
    let stay = |stream: &Stream<'_>| Stay {
        rejected: queue.blocking_probability(),
        wait: queue.mean_wait(),
        present: queue.mean_in_system() * stream.rate / rate,
        queued: queue.mean_in_queue() * stream.rate / rate,
        ..Stay::default()
    };
    Some(streams.iter().map(stay).collect())
}

/// Processor sharing: in proportion to the work, whatever its laws.
fn sharing(site: &Site<'_>, streams: &[Stream<'_>]) -> Option<Vec<Stay>> {
    let load = load_of(streams);
    let queue = Mmc::new(load, 1.0, site.servers).ok()?;
    let longer = queue.mean_in_system() / load - 1.0;
    let stay = |stream: &Stream<'_>| Stay::waiting(stream, stream.service().mean * longer);
    Some(streams.iter().map(stay).collect())
}

/// One line in an order that does not look at the work.
fn in_turn(site: &Site<'_>, streams: &[Stream<'_>]) -> Option<Vec<Stay>> {
    let (rate, servers) = (rate_of(streams), site.servers);
    let wait = if let Some(mean) = common_exponential(streams) {
        Mmc::new(rate, mean.recip(), servers).ok()?.mean_wait()
    } else if let Some(value) = common_constant(streams).filter(|_| servers > 1) {
        Mdc::new(rate, value.recip(), servers).ok()?.mean_wait()
    } else if servers == 1 {
        let level = level(streams.iter())?;
        priorities::single(&[level], false).ok()?[0].delay
    } else {
        return None;
    };
    let values = if is_fifo(site, streams) {
        same_law(site, streams)
    } else {
        None
    };
    let stay = |stream: &Stream<'_>| Stay {
        values: values.unwrap_or_default(),
        ..Stay::waiting(stream, wait)
    };
    Some(streams.iter().map(stay).collect())
}

fn common_constant(streams: &[Stream<'_>]) -> Option<f64> {
    let mean = streams[0].service().mean;
    let constant = |it: &Stream<'_>| it.service().law.is_some_and(|law| law.scv() == Some(0.0));
    let same = |it: &Stream<'_>| constant(it) && it.service().mean == mean;
    streams.iter().all(same).then_some(mean)
}

/// Percentiles of the visits, where all have one law: those of a single queue, in units of its slowness.
fn same_law(site: &Site<'_>, streams: &[Stream<'_>]) -> Option<Values> {
    let Service { law, slowness, .. } = *streams[0].service();
    let same = |it: &Stream<'_>| it.service().law == law && it.service().slowness == slowness;
    if !streams.iter().all(same) {
        return None;
    }
    let gap = Distribution::exponential((rate_of(streams) * slowness).recip());
    let exact = expectation(&Queue::new(gap, site.servers, law?.clone())).exact;
    let percentiles = with_percentiles(Values::default(), &exact);
    Some(percentiles.times(slowness))
}

/// All streams of one level, taken together.
fn level<'a, 'b: 'a>(streams: impl Iterator<Item = &'a Stream<'b>>) -> Option<Level> {
    let (mut rate, mut work, mut squares) = (0.0, 0.0, 0.0);
    for stream in streams {
        rate += stream.rate;
        work += stream.rate * stream.service().mean;
        squares += stream.rate * stream.service().second_moment()?;
    }
    Some(Level {
        arrival_rate: rate,
        mean: work / rate,
        second_moment: squares / rate,
    })
}

/// Cobham's priorities, or preemptive ones.
fn by_level(site: &Site<'_>, streams: &[Stream<'_>], preemptive: bool) -> Option<Vec<Stay>> {
    let mut levels: Vec<u8> = streams.iter().map(|it| it.priority).collect();
    levels.sort_unstable_by(|a, b| b.cmp(a));
    levels.dedup();
    let of = |priority: u8| streams.iter().filter(move |it| it.priority == priority);
    let place = |stream: &Stream<'_>| levels.iter().position(|it| *it == stream.priority);
    if let Some(mean) = common_exponential(streams) {
        let rates: Vec<f64> = levels
            .iter()
            .map(|it| of(*it).map(|it| it.rate).sum())
            .collect();
        let waits = priorities::exponential(&rates, mean.recip(), site.servers, preemptive).ok()?;
        let stay = |stream: &Stream<'_>| Some(Stay::waiting(stream, waits[place(stream)?]));
        return streams.iter().map(stay).collect();
    }
    if site.servers > 1 {
        return None;
    }
    let together: Option<Vec<Level>> = levels.iter().map(|it| level(of(*it))).collect();
    let visits = priorities::single(&together?, preemptive).ok()?;
    let stay = |stream: &Stream<'_>| {
        let visit = visits[place(stream)?];
        let longer = (visit.stretch - 1.0) * stream.service().mean;
        Some(Stay::waiting(stream, visit.delay + longer))
    };
    streams.iter().map(stay).collect()
}
