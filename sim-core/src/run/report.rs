//! What a run found, as everyone reads it: the page, the batch output, a test.

use serde::{Deserialize, Serialize};

use super::audit::Doubt;
use crate::stats::rare;

/// One measured quantity with its 95 % interval, beside what theory says. `None` is "not known": no steady state, too
/// few replications for an interval, or no formula.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Quantity {
    /// Point estimate.
    pub estimate: Option<f64>,
    /// Lower end of the 95 % interval.
    pub low: Option<f64>,
    /// Upper end of the 95 % interval.
    pub high: Option<f64>,
    /// The exact value, where a closed form holds.
    pub theory: Option<f64>,
}

impl Quantity {
    /// An estimate with its interval, if it has one.
    pub fn new(estimate: f64, interval: Option<(f64, f64)>) -> Self {
        Self {
            estimate: Some(estimate),
            low: interval.map(|(low, _)| low),
            high: interval.map(|(_, high)| high),
            theory: None,
        }
    }

    /// The same quantity, which cannot be less than nothing or more than `most`: of its interval, what is possible. The truth is there
    /// anyway, so the part that is left covers it as often.
    #[must_use]
    pub fn at_most(self, most: f64) -> Self {
        let possible = |value: f64| value.clamp(0.0, most);
        Self {
            // That is what it is, but for rounding.
            estimate: self.estimate.map(possible),
            low: self.low.map(possible),
            high: self.high.map(possible),
            theory: self.theory,
        }
    }

    /// The same share of `trials`, of which there were so many `cases`, with an interval that is no narrower than that of something
    /// [`rare`](crate::stats::rare) which was seen as often, or failed to be seen as seldom.
    #[must_use]
    pub(crate) fn perhaps_rare(self, cases: f64, trials: f64) -> Self {
        let seen = rare::limits(cases).map(|(least, most)| (least / trials, most / trials));
        let missed = rare::limits(trials - cases)
            .map(|(least, most)| (1.0 - most / trials, 1.0 - least / trials));
        // Where all replications found the same there is no other interval.
        let other = self.low.zip(self.high);
        let all = [seen, missed, other].into_iter().flatten();
        let wide = all.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        Self {
            low: wide.map(|it| it.0.max(0.0)),
            high: wide.map(|it| it.1.min(1.0)),
            ..self
        }
    }

    /// A value that is known to the last bit, such as a wait where nobody can wait.
    pub fn exactly(value: f64) -> Self {
        Self::new(value, Some((value, value)))
    }

    /// A quantity of which only the least it can be is known, with 95 % confidence: part of it had not been seen when it was read.
    pub fn at_least(low: Option<f64>) -> Self {
        Self {
            low,
            ..Self::default()
        }
    }

    /// Whether the interval has no width: every replication found this value, and nothing is left to chance.
    pub fn is_exact(&self) -> bool {
        self.estimate.is_some() && self.estimate == self.low && self.low == self.high
    }

    /// Whether the interval is as narrow as this share of the estimate to either side.
    pub fn is_within(&self, precision: f64) -> bool {
        self.is_exact()
            || self
                .relative_half_width()
                .is_some_and(|width| width <= precision)
    }

    /// What is left of all where this share is taken: the share of requests lost, where this is that of those served.
    #[must_use]
    pub fn rest(self) -> Self {
        let rest = |share: f64| 1.0 - share;
        Self {
            estimate: self.estimate.map(rest),
            low: self.high.map(rest),
            high: self.low.map(rest),
            theory: self.theory.map(rest),
        }
    }

    /// Half the interval's width over the estimate; `None` without an interval.
    pub fn relative_half_width(&self) -> Option<f64> {
        let (estimate, low, high) = (self.estimate?, self.low?, self.high?);
        (estimate > 0.0).then(|| (high - low) / 2.0 / estimate)
    }
}

/// Why a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stopped {
    /// Every watched interval is as narrow as asked.
    Precision,
    /// The replications allowed were used up first.
    Budget,
    /// Somebody cancelled it; the numbers cover what was done.
    Cancelled,
    /// The recorded traffic was over.
    EndOfTrace,
}

/// Requests of one class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassReport {
    /// Its name.
    pub name: String,
    /// What became of those that arrived while it was measured, all replications together.
    pub flow: Flow,
    /// Requests served, per second.
    pub throughput: Quantity,
    /// The share of requests that was served in the end.
    pub served_share: Quantity,
    /// W of those served, seconds.
    pub mean_response: Quantity,
    /// Wq of those served, seconds: the part of their response time in which they stood in a line and did nothing else, lines that
    /// they left and tries that failed included; of parallel paths the one that was waited for last counts.
    pub mean_wait: Quantity,
    /// The share of those served that had to wait.
    pub delayed_share: Quantity,
    /// Percentiles of the wait of those served, seconds.
    pub wait: Percentiles,
    /// By given time, where asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub within: Vec<WithinReport>,
    /// Visits that a request pays to each resource on average, tries and branches counted one by one.
    pub calls: Vec<CallReport>,
    /// Percentiles of the response time of those served, seconds.
    #[serde(flatten)]
    pub percentiles: Percentiles,
}

/// How many are done within a given time, of all that came and whose fate is known.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct WithinReport {
    /// The time, seconds.
    pub seconds: f64,
    /// The share that was served and had waited no longer.
    pub wait: Quantity,
    /// Of requests, the share that was answered by then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<Quantity>,
}

/// How often a request calls a resource.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CallReport {
    /// The resource.
    pub resource: String,
    /// Mean number of visits.
    pub mean: Quantity,
}

/// An attempt on the path.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AttemptReport {
    /// Its place in the document, such as `path[0].attempt`.
    pub place: String,
    /// Tries that a request begins there on average.
    pub tries: Quantity,
}

/// One resource that requests visit; of a group, all servers together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ResourceReport {
    /// Its name.
    pub name: String,
    /// The share of visits that had to wait, of those served and those that gave up.
    pub delayed_share: Quantity,
    /// Percentiles of the wait of visits served, seconds.
    pub wait: Percentiles,
    /// By given time, where asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub within: Vec<WithinReport>,
    /// Where asked for, the share of time with 0, 1, 2 … present, at a server of a group on average.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub present: Vec<Quantity>,
}

/// How much a mean differs from replication to replication: of ten days eight lie between.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpreadReport {
    /// The mean: `mean_response`, `mean_wait`, `mean_in_system`, `mean_in_queue`, `throughput`, or `mean_wait` of a place.
    pub what: String,
    /// The place, where it is one of a place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The 10th percentile across replications.
    pub p10: f64,
    /// The 90th.
    pub p90: f64,
}

/// Percentiles of a time, seconds.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Percentiles {
    /// Median.
    pub p50: Quantity,
    /// 90th percentile.
    pub p90: Quantity,
    /// 95th percentile.
    pub p95: Quantity,
    /// 99th percentile.
    pub p99: Quantity,
    /// 99.9th percentile.
    pub p999: Quantity,
}

/// What became of requests: arrived = served + rejected + gave up + timed out + failed + in flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Flow {
    /// Those that came.
    pub arrived: u64,
    /// Those whose path ended.
    pub served: u64,
    /// Those that found no room.
    pub rejected: u64,
    /// Those that lost their patience.
    pub gave_up: u64,
    /// Those that took too long.
    pub timed_out: u64,
    /// Those whose server was down, or stopped with them.
    #[serde(default)]
    pub failed: u64,
    /// Those still there at the end.
    pub in_flight: u64,
}

impl Flow {
    /// Adds the requests of another part.
    pub(super) fn add(&mut self, other: &Self) {
        self.arrived += other.arrived;
        self.served += other.served;
        self.rejected += other.rejected;
        self.gave_up += other.gave_up;
        self.timed_out += other.timed_out;
        self.failed += other.failed;
        self.in_flight += other.in_flight;
    }

    /// All that are accounted for: as many as arrived.
    pub fn accounted(&self) -> u64 {
        self.served + self.lost() + self.in_flight
    }

    /// Those that came for nothing.
    pub fn lost(&self) -> u64 {
        self.rejected + self.gave_up + self.timed_out + self.failed
    }
}

/// One station, pool, or server of a group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlaceReport {
    /// Its name; a server of a group is `web[3]`.
    pub name: String,
    /// Name of the resource that it is, or belongs to.
    pub resource: String,
    /// Servers, or places of a pool.
    pub servers: u32,
    /// The share of servers, or places, in use.
    pub utilization: Quantity,
    /// Visits that ended well, per second.
    pub throughput: Quantity,
    /// Wait of a visit, seconds.
    pub mean_wait: Quantity,
    /// The whole visit, seconds; of a pool, until it has a place.
    pub mean_response: Quantity,
    /// Mean number waiting or in service.
    pub mean_in_system: Quantity,
    /// Mean number waiting.
    pub mean_in_queue: Quantity,
    /// The share of visits that found no room.
    pub rejected_share: Quantity,
    /// The share of visits that lost their patience.
    pub gave_up_share: Quantity,
    /// Whether and how long it was there, where it can be down or away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub life: Option<LifeReport>,
}

/// How long a station or server was there.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LifeReport {
    /// The share of time that it was up and did not stand still.
    pub up_share: Quantity,
    /// The share of time that it was switched on, also while it started or was being repaired: what it costs.
    pub on_share: Quantity,
    /// The share of visits that found it down, or were there when it stopped.
    pub failed_share: Quantity,
}

/// A group of servers whose balancers may be wrong about them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupReport {
    /// Its name.
    pub name: String,
    /// How often a balancer found out that a server was down: once in each outage of each server.
    pub detections: u64,
    /// How often it found that out once more in the same outage, after it had let the server in again.
    #[serde(default)]
    pub repeated_detections: u64,
    /// How long it took from the beginning of an outage until it was found out for the first time, seconds.
    pub time_to_detect: Quantity,
}

/// A cache; those in the servers of a group together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CacheReport {
    /// Its name.
    pub name: String,
    /// Look-ups per second.
    pub lookups: Quantity,
    /// The share of look-ups that found the object.
    pub hit_ratio: Quantity,
    /// The share of look-ups that waited for another's fetch.
    pub shared_share: Quantity,
    /// The share of look-ups that found a version older than the last one written.
    pub stale_share: Quantity,
    /// Time since the objects that were found had come from the store, seconds.
    pub mean_age: Quantity,
    /// The same of those of which there was a newer version.
    pub mean_stale_age: Quantity,
    /// Objects fetched anew before they expired, per second.
    pub refreshes: Quantity,
    /// Objects that left for others, per second.
    pub evictions: Quantity,
    /// Writes that had to do with it, in all replications together.
    pub writes: u64,
    /// Writes that were lost in it.
    pub lost_writes: u64,
}

/// A bin of a histogram.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// From this time on, seconds.
    pub from: f64,
    /// Up to this, seconds.
    pub to: f64,
    /// Share of all values.
    pub share: f64,
}

/// One replication by itself.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ReplicationReport {
    /// Its number.
    pub number: u64,
    /// W, seconds; `None` if nobody was served.
    pub mean_response: Option<f64>,
    /// P50, P90, P95, P99 and P99.9 of the response time, seconds.
    pub percentiles: [f64; 5],
}

/// Time between the ends of a mark.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpanReport {
    /// Its name.
    pub name: String,
    /// How often it was passed.
    pub count: u64,
    /// Mean time, seconds.
    pub mean: Quantity,
}

/// Averages over successive equal stretches of the measured time.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SeriesReport {
    /// Length of a stretch, seconds.
    pub step: f64,
    /// Mean number present at each place (in the order of the report's places), stretch by stretch.
    pub present: Vec<Vec<Quantity>>,
    /// Mean number of servers in use at each place.
    pub busy: Vec<Vec<Quantity>>,
    /// By group of servers.
    pub groups: Vec<GroupSeries>,
    /// Mean response time of the requests that arrive in each stretch, seconds.
    pub mean_response: Vec<Quantity>,
    /// 99th percentile of the response time of the requests that arrive in each stretch, seconds, where asked for.
    #[serde(default)]
    pub p99: Vec<Quantity>,
    /// Share of the requests that arrive in each stretch that are lost.
    #[serde(default)]
    pub lost_share: Vec<Quantity>,
    /// The share of look-ups that found the object, by cache.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hit_ratio: Vec<Vec<Quantity>>,
    /// Mean number of servers that are up at each place, for those that can be down; nothing for others.
    #[serde(default)]
    pub up: Vec<Vec<Quantity>>,
}

/// How evenly a group of servers is used over time.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct GroupSeries {
    /// Its name.
    pub name: String,
    /// Requests at its fullest server less those at its emptiest, waiting or in service: the mean of each stretch.
    pub imbalance: Vec<Quantity>,
}

/// What a simulation by events has to say beyond the nine quantities.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Details {
    /// Length of the measured time of each replication, seconds.
    pub window: f64,
    /// Requests served, per second.
    pub throughput: Quantity,
    /// What became of all requests.
    pub flow: Flow,
    /// By class.
    pub classes: Vec<ClassReport>,
    /// By station, server of a group, and pool.
    pub places: Vec<PlaceReport>,
    /// By station, group and pool.
    #[serde(default)]
    pub resources: Vec<ResourceReport>,
    /// By attempt.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attempts: Vec<AttemptReport>,
    /// How much means differ between replications, where there are ten at least.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spread: Vec<SpreadReport>,
    /// Where a given time is watched: when the last request that came within it leaves, seconds after the start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_departure: Option<Quantity>,
    /// Where asked for, the share of time with 0, 1, 2 … requests in system.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub present: Vec<Quantity>,
    /// By mark.
    pub spans: Vec<SpanReport>,
    /// By group.
    #[serde(default)]
    pub groups: Vec<GroupReport>,
    /// By cache.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub caches: Vec<CacheReport>,
    /// How the response times of all requests served are distributed.
    pub histogram: Vec<Bin>,
    /// Each replication's own figures, by its number: what a comparison pairs.
    pub replications: Vec<ReplicationReport>,
    /// Where asked for.
    pub series: Option<SeriesReport>,
    /// Largest violation of Little's law in a replication, as a share: rounding alone.
    pub little: f64,
    /// Replications that ended early because too many requests were in flight.
    pub crowded: u64,
    /// The activities that followed each other without time passing, if a replication ended that way.
    pub livelock: Vec<String>,
    /// Who holds what and waits for what, if requests waited for each other for ever in a replication.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deadlock: Vec<String>,
}

/// The result of running one scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Utilization ρ = λ/(cμ) of the scenario; of its busiest resource, by what is asked of it, if there are several.
    pub utilization: f64,
    /// λ, requests per second from outside.
    pub arrival_rate: f64,
    /// μ of one server of that resource, requests per second; 0 where requests ask no time of any.
    pub service_rate: f64,
    /// Servers of that resource.
    pub servers: u32,
    /// Replications merged.
    pub replications: u64,
    /// Requests measured, in all replications together.
    pub requests: u64,
    /// Requests discarded at the start of each replication before measuring.
    pub warm_up: u64,
    /// Whether a steady state exists (ρ < 1).
    pub stable: bool,
    /// Whether the intervals of the mean and of P99 are as narrow as the run's precision, and nothing is doubted.
    pub converged: bool,
    /// What the run does not trust of its own numbers.
    #[serde(default)]
    pub doubts: Vec<Doubt>,
    /// How often warm-up and window were doubled because something was doubted.
    #[serde(default)]
    pub doubled: u8,
    /// Why the run ended.
    pub stopped: Stopped,
    /// W, seconds.
    pub mean_response: Quantity,
    /// Wq, seconds.
    pub mean_wait: Quantity,
    /// L, requests.
    pub mean_in_system: Quantity,
    /// Lq, requests.
    pub mean_in_queue: Quantity,
    /// Median response time, seconds.
    pub p50: Quantity,
    /// 90th percentile of the response time, seconds.
    pub p90: Quantity,
    /// 95th percentile of the response time, seconds.
    pub p95: Quantity,
    /// 99th percentile of the response time, seconds.
    pub p99: Quantity,
    /// 99.9th percentile of the response time, seconds.
    pub p999: Quantity,
    /// Growth of the number in system, abandoned work that runs on included, requests per second; only where there is no
    /// steady state, or none was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub growth_rate: Option<Quantity>,
    /// By class and place, where the scenario ran on the calendar of events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<Box<Details>>,
}

impl Report {
    /// What has to be known well: the mean response and P99; the hit ratios where requests take no time, for there is nothing
    /// else to know.
    pub(super) fn watched(&self) -> Vec<Quantity> {
        let caches = self.details.iter().flat_map(|it| &it.caches);
        let hit_ratios: Vec<_> = caches.map(|it| it.hit_ratio).collect();
        if self.mean_response.estimate == Some(0.0) && !hit_ratios.is_empty() {
            return hit_ratios;
        }
        vec![self.mean_response, self.p99]
    }

    /// Whether something is doubted, and all of it may be settled by a longer run.
    pub fn may_settle(&self) -> bool {
        !self.doubts.is_empty() && self.doubts.iter().all(|it| it.kind.may_settle())
    }

    /// A report of nothing, to be filled.
    pub(crate) fn unknown() -> Self {
        let unknown = Quantity::default();
        Self {
            utilization: 0.0,
            arrival_rate: 0.0,
            service_rate: 0.0,
            servers: 0,
            replications: 0,
            requests: 0,
            warm_up: 0,
            stable: false,
            converged: false,
            doubts: Vec::new(),
            doubled: 0,
            stopped: Stopped::Budget,
            mean_response: unknown,
            mean_wait: unknown,
            mean_in_system: unknown,
            mean_in_queue: unknown,
            p50: unknown,
            p90: unknown,
            p95: unknown,
            p99: unknown,
            p999: unknown,
            growth_rate: None,
            details: None,
        }
    }
}
