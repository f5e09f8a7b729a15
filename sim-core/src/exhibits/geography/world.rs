//! Who is served where, and what theory says of it.

use super::{LAST_MILE, Lost, Params, Routing};
use crate::geography::{Site, sites};
use crate::math::root::bracketed_root;
use crate::theory::Mmc;

/// Where data centres are opened, in this order, after the first one.
pub(super) const CENTRES: [&str; 6] = [
    "Ashburn",
    "Frankfurt",
    "Singapore",
    "São Paulo",
    "Mumbai",
    "Sydney",
];

/// A data centre that is up.
pub(super) struct Centre {
    pub(super) site: Site,
    pub(super) servers: u32,
    /// Requests per second that come to it.
    pub(super) rate: f64,
}

/// A city with users.
pub(super) struct City {
    pub(super) site: Site,
    /// Requests per second.
    pub(super) rate: f64,
    /// The data centres that serve it, each with its share of the requests and the time that all round trips to it take, seconds.
    pub(super) served: Vec<Leg>,
}

/// One way to be served.
#[derive(Debug, Clone, Copy)]
pub(super) struct Leg {
    pub(super) centre: usize,
    pub(super) share: f64,
    pub(super) seconds: f64,
    /// Great circle, km.
    pub(super) distance: f64,
}

/// Cities and data centres.
pub(super) struct World {
    pub(super) cities: Vec<City>,
    /// Those that are up; none where the only one is lost.
    pub(super) centres: Vec<Centre>,
    /// Where one is lost.
    pub(super) lost: Option<Site>,
    service: f64,
}

impl World {
    /// The world with `regions` data centres.
    pub(super) fn new(params: &Params, regions: u32) -> Self {
        let all = sites();
        let open: Vec<Site> = params
            .order()
            .take(regions as usize)
            .filter_map(|name| all.iter().find(|site| site.name == name).cloned())
            .collect();
        let each = (params.servers / regions).max(1);
        let (lost, sites_up) = match (params.lost, open.split_first()) {
            (Lost::First, Some((first, others))) => (Some(first.clone()), others.to_vec()),
            _ => (None, open),
        };
        let rate = params.traffic / all.len() as f64;
        let cities: Vec<City> = all
            .into_iter()
            .map(|site| City {
                served: params.legs(&site, &sites_up),
                site,
                rate,
            })
            .collect();
        let centres = sites_up.into_iter().enumerate().map(|(at, site)| Centre {
            site,
            servers: each,
            rate: cities
                .iter()
                .flat_map(|city| city.served.iter().map(|leg| (city.rate, leg)))
                .filter(|(_, leg)| leg.centre == at)
                .map(|(rate, leg)| rate * leg.share)
                .sum(),
        });
        Self {
            centres: centres.collect(),
            cities,
            lost,
            service: params.service_ms / 1e3,
        }
    }

    /// A data centre as a queue, where it has a steady state: M/M/c, since mixtures and random splits of Poisson arrivals are Poisson.
    pub(super) fn queue(&self, centre: usize) -> Option<Mmc> {
        let centre = &self.centres[centre];
        // One that nobody comes to serves at once whoever would.
        Mmc::new(centre.rate.max(1e-9), self.service.recip(), centre.servers).ok()
    }

    /// A data centre to which more comes than it can do.
    pub(super) fn overloaded(&self) -> Option<&Centre> {
        let found = (0..self.centres.len()).find(|&at| self.queue(at).is_none())?;
        Some(&self.centres[found])
    }

    /// Mean response time of a city's requests, seconds.
    pub(super) fn mean(&self, city: &City) -> Option<f64> {
        let legs = city.served.iter();
        let times = legs
            .map(|leg| Some(leg.share * (leg.seconds + self.queue(leg.centre)?.mean_response())));
        (!city.served.is_empty()).then(|| times.sum::<Option<f64>>())?
    }

    /// P99 of the response time of a city's requests, seconds.
    pub(super) fn p99(&self, city: &City) -> Option<f64> {
        let legs: Option<Vec<(Leg, Mmc)>> = city
            .served
            .iter()
            .map(|leg| Some((*leg, self.queue(leg.centre)?)))
            .collect();
        let legs = legs.filter(|legs| !legs.is_empty())?;
        let alone = legs
            .iter()
            .map(|(leg, queue)| leg.seconds + queue.response_quantile(0.99));
        let (low, high) = alone.fold((f64::INFINITY, 0.0), |(low, high), it| {
            (f64::min(low, it), f64::max(high, it))
        });
        if legs.len() == 1 {
            return Some(low);
        }
        let beyond = |t: f64| {
            let each = legs
                .iter()
                .map(|(leg, queue)| leg.share * queue.response_ccdf((t - leg.seconds).max(0.0)));
            each.sum::<f64>() - 0.01
        };
        Some(bracketed_root(beyond, low, high))
    }

    /// Requests per second that are answered: where a data centre cannot keep up, as many as it can.
    pub(super) fn answered(&self) -> f64 {
        let centres = self.centres.iter();
        let each = centres.map(|it| it.rate.min(f64::from(it.servers) / self.service));
        each.sum()
    }

    /// The share of users in whose city P99 is longer than `limit` seconds, or grows for as long as one looks.
    pub(super) fn beyond(&self, limit: f64) -> f64 {
        let cities = self.cities.iter();
        let beyond = cities.filter(|city| self.p99(city).is_none_or(|p99| p99 > limit));
        beyond.count() as f64 / self.cities.len() as f64
    }

    /// The city whose P99 is longest, and that P99.
    pub(super) fn worst(&self) -> Option<(&City, f64)> {
        let known = self
            .cities
            .iter()
            .filter_map(|city| Some((city, self.p99(city)?)));
        known.reduce(|worst, next| if next.1 > worst.1 { next } else { worst })
    }

    /// Mean response time of all requests, seconds.
    pub(super) fn overall(&self) -> Option<f64> {
        let each: Option<Vec<f64>> = self.cities.iter().map(|city| self.mean(city)).collect();
        let each = each?;
        Some(each.iter().sum::<f64>() / each.len() as f64)
    }
}

impl City {
    /// Mean time on the way, seconds.
    pub(super) fn travel(&self) -> f64 {
        self.served.iter().map(|leg| leg.share * leg.seconds).sum()
    }

    /// Mean distance to who serves it, km.
    pub(super) fn distance(&self) -> f64 {
        self.served.iter().map(|leg| leg.share * leg.distance).sum()
    }
}

impl Params {
    /// Names of data centres in the order in which they are opened.
    fn order(&self) -> impl Iterator<Item = &'static str> {
        let first = self.first.name();
        std::iter::once(first).chain(CENTRES.into_iter().filter(move |name| *name != first))
    }

    fn legs(&self, city: &Site, centres: &[Site]) -> Vec<Leg> {
        let leg = |centre: usize, share: f64| {
            let site = &centres[centre];
            let fibre = city.round_trip(site, self.stretch).unwrap_or(f64::INFINITY);
            Leg {
                centre,
                share,
                seconds: f64::from(self.trips) * (fibre + LAST_MILE),
                distance: city.distance(site),
            }
        };
        match self.routing {
            Routing::Nearest => city
                .nearest(centres)
                .map(|it| leg(it, 1.0))
                .into_iter()
                .collect(),
            Routing::Random => {
                let share = 1.0 / centres.len().max(1) as f64;
                (0..centres.len()).map(|it| leg(it, share)).collect()
            }
        }
    }
}
