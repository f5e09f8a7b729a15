//! What was found by class, place, resource, group, cache and mark.

use super::Reading;
use crate::engine::network::tally::{CacheTally, ClassTally, Ended, PlaceTally, Tally};
use crate::run::network::results::Replication;
use crate::run::report::{
    AttemptReport, Bin, CacheReport, CallReport, ClassReport, Details, Flow, GroupReport,
    LifeReport, Percentiles, PlaceReport, Quantity, ReplicationReport, ResourceReport, SpanReport,
    SpreadReport, WithinReport,
};
use crate::scenario::{Failures, Horizon, Resource};

/// Replications from which on means have percentiles across them.
const SPREAD_FROM: usize = 10;

impl Reading<'_> {
    pub(in crate::run::network) fn details(&self) -> Details {
        let classes: Vec<_> = (0..self.layout.classes.len())
            .map(|class| self.class(class))
            .collect();
        let mut flow = Flow::default();
        for class in &classes {
            flow.add(&class.flow);
        }
        let ended = |pick: fn(&Ended) -> Option<&Vec<String>>| {
            let found = self.tallies().find_map(|tally| pick(&tally.ended));
            found.cloned().unwrap_or_default()
        };
        let served = |it: &Tally| it.classes.iter().map(ClassTally::served).sum::<u64>() as f64;
        let is_span = matches!(self.scenario.horizon, Horizon::Span { .. });
        Details {
            window: self.tallies().map(|it| it.window).fold(0.0, f64::max),
            throughput: self.ratio(served, |it| it.window),
            flow,
            classes,
            places: (0..self.layout.places.len())
                .map(|place| self.place(place))
                .collect(),
            resources: (0..self.layout.resources.len())
                .map(|resource| self.resource(resource))
                .collect(),
            attempts: (0..self.layout.attempts.len())
                .map(|attempt| self.attempt(attempt))
                .collect(),
            spread: self.spread(),
            last_departure: is_span.then(|| {
                let left = |it: &Tally| it.last_left;
                if flow.in_flight > 0 {
                    Quantity::at_least(self.mean(left).low)
                } else {
                    self.mean(left)
                }
            }),
            present: self.numbers(self.layout.resources.len(), 1.0),
            spans: (0..self.layout.spans.len())
                .map(|span| self.span(span))
                .collect(),
            groups: (0..self.layout.groups.len())
                .map(|group| self.group(group))
                .collect(),
            caches: (0..self.layout.caches.len())
                .map(|cache| self.cache(cache))
                .collect(),
            histogram: self.histogram(),
            replications: self.replications(),
            series: self.series(),
            little: self.tallies().map(|it| it.little.abs()).fold(0.0, f64::max),
            crowded: self
                .tallies()
                .filter(|it| it.ended == Ended::Crowded)
                .count() as u64,
            livelock: ended(|it| match it {
                Ended::Livelock(cycle) => Some(cycle),
                _ => None,
            }),
            deadlock: ended(|it| match it {
                Ended::Deadlock(who) => Some(who),
                _ => None,
            }),
        }
    }

    fn histogram(&self) -> Vec<Bin> {
        let Some(all) = self.results.responses.last() else {
            return Vec::new();
        };
        let bins = all.bins(self.buckets()).into_iter();
        bins.map(|(from, to, share)| Bin { from, to, share })
            .collect()
    }

    fn replications(&self) -> Vec<ReplicationReport> {
        let report = |(number, it): &(u64, Replication)| ReplicationReport {
            number: *number,
            mean_response: it.mean_response(),
            percentiles: it.quantiles,
        };
        self.results.sections.iter().map(report).collect()
    }

    fn class(&self, number: usize) -> ClassReport {
        let mut flow = Flow::default();
        for tally in self.tallies() {
            let it = &tally.classes[number];
            let [served, rejected, gave_up, timed_out, failed] = it.left;
            let in_flight = it.in_flight();
            flow.add(&Flow {
                arrived: it.arrived,
                served,
                rejected,
                gave_up,
                timed_out,
                failed,
                in_flight,
            });
        }
        let of = |pick: fn(&ClassTally) -> f64| move |tally: &Tally| pick(&tally.classes[number]);
        let served = of(|it| it.served() as f64);
        let arrived = of(|it| it.arrived as f64);
        let inside = of(|it| it.in_flight() as f64);
        let (mean_wait, delayed_share) = if self.never_waits(number) {
            (Quantity::exactly(0.0), Quantity::exactly(0.0))
        } else {
            let waits = self.followed(of(|it| it.waits), served, inside, |_| 0.0);
            (waits, self.share(of(|it| it.delayed as f64), served))
        };
        let within = |at: usize, which: usize| {
            let done = move |tally: &Tally| tally.classes[number].within[at][which] as f64;
            self.fate(done, arrived, inside)
        };
        let calls = |(resource, name): (usize, &String)| CallReport {
            resource: name.clone(),
            mean: self.ratio(
                move |tally| tally.classes[number].calls[resource] as f64,
                arrived,
            ),
        };
        ClassReport {
            name: self.layout.classes[number].clone(),
            flow,
            throughput: self.ratio(served, |it| it.window),
            served_share: if self.load.served[number] && flow.in_flight == 0 {
                Quantity::exactly(1.0)
            } else {
                self.fate(served, arrived, inside)
            },
            mean_response: self.always_the_same(number..number + 1).unwrap_or_else(|| {
                let so_far = of(|it| it.unresolved);
                self.followed(of(|it| it.responses), served, inside, so_far)
            }),
            mean_wait,
            delayed_share,
            wait: match self.results.waits.get(number) {
                Some(sections) => self.wait_percentiles(sections, flow.in_flight),
                None => Percentiles::default(),
            },
            within: (0..)
                .zip(&self.scenario.probes.within)
                .map(|(at, &seconds)| WithinReport {
                    seconds,
                    wait: within(at, 1),
                    response: Some(within(at, 0)),
                })
                .collect(),
            calls: self.calls_of(number).map(calls).collect(),
            percentiles: self.percentiles(number, Some(number)),
        }
    }

    /// Whether requests of a class can stand in no line: none of those they called has one.
    fn never_waits(&self, class: usize) -> bool {
        let mut called = self.calls_of(class);
        self.scenario.never_shares() && called.all(|(_, name)| self.has_no_line_at(name))
    }

    /// The resources that requests of a class ever called.
    fn calls_of(&self, class: usize) -> impl Iterator<Item = (usize, &String)> {
        let resources = self.layout.resources.iter().enumerate();
        resources.filter(move |(at, _)| {
            self.tallies().any(|tally| {
                tally.classes[class]
                    .calls
                    .get(*at)
                    .is_some_and(|&it| it > 0)
            })
        })
    }

    fn attempt(&self, number: usize) -> AttemptReport {
        let arrived = |it: &Tally| it.classes.iter().map(|it| it.arrived as f64).sum();
        AttemptReport {
            place: self.layout.attempts[number].clone(),
            tries: self.ratio(|it| it.tries[number] as f64, arrived),
        }
    }

    fn resource(&self, number: usize) -> ResourceReport {
        let places = || {
            let all = self.layout.places.iter().enumerate();
            all.filter(move |(_, it)| it.number as usize == number)
                .map(|it| it.0)
        };
        let of = |pick: fn(&PlaceTally) -> u64| {
            move |tally: &Tally| places().map(|at| pick(&tally.places[at])).sum::<u64>() as f64
        };
        let name = &self.layout.resources[number];
        let seen = of(|it| it.served + it.gave_up);
        let within = |at: usize| {
            self.share(
                move |tally: &Tally| tally.within[number][at] as f64,
                of(|it| it.served + it.gave_up),
            )
        };
        ResourceReport {
            name: name.clone(),
            delayed_share: if self.has_no_line_at(name) {
                Quantity::exactly(0.0)
            } else {
                self.share(of(|it| it.delayed + it.gave_up), seen)
            },
            wait: match self.results.place_waits.get(number) {
                Some(sections) => self.wait_percentiles(sections, self.visits_unseen()),
                None => Percentiles::default(),
            },
            within: (0..)
                .zip(&self.scenario.probes.within)
                .map(|(at, &seconds)| WithinReport {
                    seconds,
                    wait: within(at),
                    response: None,
                })
                .collect(),
            present: self.numbers(number, places().count() as f64),
        }
    }

    /// The share of time with each number present, where asked for, at one of `places` alike.
    fn numbers(&self, number: usize, places: f64) -> Vec<Quantity> {
        let count = self
            .tallies()
            .filter_map(|it| it.numbers.get(number))
            .map(Vec::len)
            .max()
            .unwrap_or(0);
        let share = |at: usize| {
            self.share_of_time(
                move |tally| tally.numbers[number][at],
                |tally| tally.window * places,
            )
        };
        (0..count).map(share).collect()
    }

    /// How much means differ from replication to replication.
    fn spread(&self) -> Vec<SpreadReport> {
        if self.results.sections.len() < SPREAD_FROM {
            return Vec::new();
        }
        let mut found = Vec::new();
        let mut add = |what: &str, place: Option<&str>, value: &dyn Fn(&Tally) -> f64| {
            let mut values: Vec<f64> = self
                .tallies()
                .map(value)
                .filter(|it| it.is_finite())
                .collect();
            if values.is_empty() {
                return;
            }
            values.sort_by(f64::total_cmp);
            found.push(SpreadReport {
                what: what.into(),
                place: place.map(Into::into),
                p10: interpolated(&values, 0.1),
                p90: interpolated(&values, 0.9),
            });
        };
        let sum = |tally: &Tally, pick: fn(&ClassTally) -> f64| {
            tally.classes.iter().map(pick).sum::<f64>()
        };
        let served = |it: &Tally| sum(it, |it| it.served() as f64);
        add("mean_response", None, &|it| {
            sum(it, |it| it.responses) / served(it)
        });
        add("mean_wait", None, &|it| sum(it, |it| it.waits) / served(it));
        add("mean_in_system", None, &|it| it.present / it.window);
        add("mean_in_queue", None, &|it| {
            it.places.iter().map(|it| it.present - it.busy).sum::<f64>() / it.window
        });
        add("throughput", None, &|it| served(it) / it.window);
        for (at, place) in self.layout.places.iter().enumerate() {
            add("mean_wait", Some(&place.name), &|it| {
                it.places[at].waits / it.places[at].served as f64
            });
        }
        found
    }

    /// Requests whose visits were followed, and not to the end: none in a steady state, where the visits that end stand for all.
    fn visits_unseen(&self) -> u64 {
        if matches!(self.scenario.horizon, Horizon::Steady { .. }) {
            return 0;
        }
        let classes = self.tallies().flat_map(|it| &it.classes);
        classes.map(ClassTally::in_flight).sum()
    }

    /// A mean of visits; where the end of some was not seen, they may have taken any longer.
    fn of_visits(&self, mean: Quantity) -> Quantity {
        if self.visits_unseen() > 0 {
            Quantity::at_least(mean.low)
        } else {
            mean
        }
    }

    fn place(&self, number: usize) -> PlaceReport {
        let place = &self.layout.places[number];
        let servers = f64::from(place.servers);
        let of = |pick: fn(&PlaceTally) -> f64| move |tally: &Tally| pick(&tally.places[number]);
        let (served, arrived) = (of(|it| it.served as f64), of(|it| it.arrived as f64));
        let window = |it: &Tally| it.window;
        let resource = self.scenario.resources.get(&place.resource);
        let never = |is_so: fn(&Resource) -> bool, otherwise: Quantity| {
            if resource.is_some_and(is_so) {
                Quantity::exactly(0.0)
            } else {
                otherwise
            }
        };
        PlaceReport {
            name: place.name.clone(),
            resource: place.resource.clone(),
            servers: place.servers,
            utilization: self
                .mean(|it| it.places[number].busy / (it.window * servers))
                .at_most(1.0),
            throughput: self.ratio(served, window),
            mean_wait: never(
                Resource::has_no_line,
                self.of_visits(self.ratio(of(|it| it.waits), served)),
            ),
            mean_response: self.of_visits(self.ratio(of(|it| it.stays), served)),
            mean_in_system: self.ratio(of(|it| it.present), window),
            mean_in_queue: never(
                Resource::has_no_line,
                self.ratio(of(|it| it.present - it.busy), window),
            ),
            rejected_share: never(
                Resource::has_room_for_all,
                self.share(of(|it| it.rejected as f64), arrived),
            ),
            gave_up_share: never(
                Resource::is_patient,
                self.share(of(|it| it.gave_up as f64), arrived),
            ),
            life: place.is_mortal.then(|| LifeReport {
                up_share: self.up_share(&place.resource, of(|it| it.up)),
                on_share: self.share_of_time(of(|it| it.on), window),
                failed_share: self.share(of(|it| it.failed as f64), arrived),
            }),
        }
    }

    /// The share of time that a server of a resource is up. Its failures may be so rare that few of them were seen, or none: the time that it
    /// was down is then like so many cases as long as E(R²)/E(R), which has the right mean and variance for repairs R (scaled
    /// Poisson).
    fn up_share(&self, resource: &str, up: impl Fn(&Tally) -> f64) -> Quantity {
        let window = |it: &Tally| it.window;
        let failures = self.failures_of(resource);
        match failures.and_then(Failures::unit_of_repair) {
            Some(unit) => self.share_in_units(unit, up, window),
            None => self.share_of_time(up, window),
        }
    }

    fn group(&self, number: usize) -> GroupReport {
        let of = |tally: &Tally| tally.detections.get(number).copied().unwrap_or_default();
        GroupReport {
            name: self.layout.groups[number].clone(),
            detections: self.tallies().map(|it| of(it).count).sum(),
            repeated_detections: self
                .tallies()
                .filter_map(|it| it.repeated_detections.get(number))
                .sum(),
            time_to_detect: self.ratio(|it| of(it).sum, |it| of(it).count as f64),
        }
    }

    fn cache(&self, number: usize) -> CacheReport {
        let of = |pick: fn(&CacheTally) -> f64| move |tally: &Tally| pick(&tally.caches[number]);
        let (hits, stale) = (of(|it| it.hits as f64), of(|it| it.stale as f64));
        let lookups = of(|it| (it.hits + it.misses + it.shared) as f64);
        let window = |it: &Tally| it.window;
        let total = |pick: fn(&CacheTally) -> u64| {
            let caches = self.tallies().map(|tally| &tally.caches[number]);
            caches.map(pick).sum()
        };
        CacheReport {
            name: self.layout.caches[number].clone(),
            lookups: self.ratio(lookups, window),
            hit_ratio: self.share(hits, lookups),
            shared_share: if self.scenario.never_shares() {
                Quantity::exactly(0.0)
            } else {
                self.share(of(|it| it.shared as f64), lookups)
            },
            stale_share: if self.scenario.never_writes() {
                Quantity::exactly(0.0)
            } else {
                self.share(stale, lookups)
            },
            mean_age: self.ratio(of(|it| it.age.unwrap_or(f64::NAN)), hits),
            mean_stale_age: self.ratio(of(|it| it.stale_age), stale),
            refreshes: self.ratio(of(|it| it.refreshes as f64), window),
            evictions: self.ratio(of(|it| it.evicted as f64), window),
            writes: total(|it| it.writes),
            lost_writes: total(|it| it.lost),
        }
    }

    fn span(&self, number: usize) -> SpanReport {
        SpanReport {
            name: self.layout.spans[number].clone(),
            count: self.tallies().map(|it| it.spans[number].count).sum(),
            mean: self.ratio(
                |it| it.spans[number].sum,
                |it| it.spans[number].count as f64,
            ),
        }
    }
}

/// The quantile of sorted values by linear interpolation between their ranks.
fn interpolated(sorted: &[f64], p: f64) -> f64 {
    let position = p * (sorted.len() - 1) as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between nothing and the length"
    )]
    let below = position.floor() as usize;
    let above = sorted[(below + 1).min(sorted.len() - 1)];
    sorted[below] + (position - below as f64) * (above - sorted[below])
}
