//! What a run of a network does not trust of its own numbers.

use super::Reading;
use crate::engine::network::parts::{Drift, Watched, watched};
use crate::engine::network::tally::Tally;
use crate::run::audit::{Audit, Doubt, DoubtKind, EIGHTHS, HALVES};
use crate::run::findings::Schedule;
use crate::run::report::{Details, Quantity};
use crate::scenario::{Amount, Horizon, Resource, ResourceLoad};

/// From this growth on, as a share of the rate at which requests come, a system has no steady state.
const GROWING: f64 = 0.02;
/// Memories of the system that a warm-up and a window have to last at least.
const LEAST_MEMORIES: f64 = 5.0;
const LEAST_WINDOW: f64 = 2.0;

/// Growth of the number in system, and whether it goes on.
pub(in crate::run::network) struct Growth {
    /// Over the second half of the window, requests per second.
    pub(in crate::run::network) rate: Quantity,
    /// Whether it is certain, and as fast in the second half as in the first: twice the window does not end it.
    pub(in crate::run::network) persists: bool,
}

impl Reading<'_> {
    /// Growth of the number in system.
    pub(in crate::run::network) fn growth(&self, arrival_rate: f64) -> Growth {
        // Of users in closed loops no load says how many requests they make.
        let came = |it: &Tally| it.classes.iter().map(|it| it.arrived as f64).sum();
        let came = self.ratio(came, |it| it.window).estimate;
        let pace = arrival_rate.max(came.unwrap_or(0.0));
        let of = |from: usize| {
            self.mean(|tally| {
                if let Some(growth) = tally.early_growth {
                    return growth;
                }
                let [start, middle, end] = tally.population;
                let passed = [start, middle, end];
                (passed[from + 1] - passed[from]) / (tally.window / 2.0)
            })
        };
        let (before, rate) = (of(0), of(1));
        let is_certain = rate.low.is_some_and(|low| low > GROWING * pace.max(1e-9));
        let goes_on = rate.estimate.unwrap_or(0.0) > before.estimate.unwrap_or(0.0) / 2.0;
        Growth {
            rate,
            persists: is_certain && goes_on && self.may_grow(),
        }
    }

    /// Whether some line has no limit: without one no number can grow for ever.
    fn may_grow(&self) -> bool {
        let mut resources = self.scenario.resources.iter();
        resources.any(|(_, it)| match it {
            Resource::Station(station) => station.room.is_none(),
            Resource::Group(group) => group.station.room.is_none(),
            Resource::Pool(pool) => pool.queue.is_none(),
            Resource::Cache(_) => true,
        })
    }

    /// All that is doubted of a run with this schedule, where the steady state was wanted or not.
    pub(in crate::run::network) fn doubts(
        &self,
        schedule: &Schedule,
        details: &Details,
        (is_stable, growth): (bool, Option<Quantity>),
    ) -> Vec<Doubt> {
        let mut audit = Audit::default();
        self.doubt_the_end(details, &mut audit);
        if let (Some(growth), Horizon::Steady { .. }) = (growth, self.scenario.horizon) {
            let detail = format!(
                "grow by {:.4} a second, as fast at the end of the window as before",
                growth.estimate.unwrap_or(0.0)
            );
            audit.doubt(DoubtKind::Growth, "requests in system", detail);
        }
        if schedule.cut {
            let detail = format!(
                "{:.4} s were measured, and fewer requests than asked for: servers that fail, checks and others who act by themselves would go on without end",
                details.window
            );
            audit.doubt(DoubtKind::Window, "the window", detail);
        }
        if matches!(self.scenario.horizon, Horizon::Steady { .. }) && is_stable {
            Self::doubt_the_schedule(schedule, details, &mut audit);
            self.doubt_unseen_failures(details, &mut audit);
            if !self.is_deterministic {
                self.doubt_drifts(&mut audit);
                self.doubt_littles_law(&mut audit);
                self.doubt_traffic(details, &mut audit);
            }
        }
        audit.finish()
    }

    /// Replications that ended in another way than by the end of their window.
    fn doubt_the_end(&self, details: &Details, audit: &mut Audit) {
        if details.crowded > 0 {
            let detail = format!(
                "{} of {} replications ended early because too many requests were in flight",
                details.crowded,
                self.results.sections.len()
            );
            audit.doubt(DoubtKind::Crowd, "requests in system", detail);
        }
        if let Some(first) = details.deadlock.first() {
            audit.doubt(DoubtKind::Deadlock, "the whole run", first.clone());
        }
        if let Some(first) = details.livelock.first() {
            let detail =
                format!("the same activities again and again at one moment, among them {first}");
            audit.doubt(DoubtKind::Livelock, "the whole run", detail);
        }
        let inside = details.flow.in_flight;
        if inside > 0 {
            let detail = format!(
                "{inside} of {} requests had not left when they were followed no longer",
                details.flow.arrived
            );
            audit.doubt(DoubtKind::Inside, "response times", detail);
        }
    }

    /// What was discarded, and for how long was measured.
    fn doubt_the_schedule(schedule: &Schedule, details: &Details, audit: &mut Audit) {
        if schedule.stationary {
            return;
        }
        let (memory, discarded) = (schedule.memory, schedule.warm_up_seconds);
        if discarded < 0.99 * LEAST_MEMORIES * memory {
            let detail = format!(
                "{discarded:.4} s were discarded; the system remembers about {memory:.4} s, and should forget its start {LEAST_MEMORIES} times"
            );
            audit.doubt(DoubtKind::WarmUp, "the start", detail);
        } else if !schedule.warmed_up {
            let detail = format!(
                "{discarded:.4} s were discarded, and a pilot run had not levelled off by then"
            );
            audit.doubt(DoubtKind::WarmUp, "the start", detail);
        }
        let window = details.window;
        if !schedule.cut && window < LEAST_WINDOW * memory {
            let detail =
                format!("{window:.4} s were measured; the system remembers about {memory:.4} s");
            audit.doubt(DoubtKind::Window, "the window", detail);
        }
    }

    /// Failures that are too rare to have been seen: all numbers are those of a system that does not fail.
    fn doubt_unseen_failures(&self, details: &Details, audit: &mut Audit) {
        let mut resources = self.layout.resources.iter();
        let was_up = |name: &str| {
            let own = (self.layout.places.iter().zip(&details.places))
                .filter(|(it, _)| it.resource == name)
                .filter_map(|(_, it)| it.life);
            own.map(|it| it.up_share.estimate).all(|it| it == Some(1.0))
        };
        let unseen = resources.find_map(|name| {
            let failures = self.failures_of(name)?;
            was_up(name).then_some((name, failures.mean_cycle()))
        });
        if let Some((name, cycle)) = unseen {
            let often = cycle.map_or("hardly ever".to_owned(), |it| format!("every {it:.4} s"));
            let detail = format!(
                "no failure of {name} was seen in {:.4} s; a server of it fails {often}",
                self.measured()
            );
            audit.doubt(DoubtKind::Window, "the window", detail);
        }
    }

    fn doubt_drifts(&self, audit: &mut Audit) {
        let list = watched(self.layout.resources.len(), self.layout.caches.len());
        for (number, &it) in list.iter().enumerate() {
            let name = self.name_of(it);
            let least = match it {
                // Events come one by one: one more or less in a part is nothing.
                Watched::Throughput | Watched::Served(_) => {
                    let window = self.tallies().map(|it| it.window).fold(0.0, f64::max);
                    8.0 / window.max(f64::MIN_POSITIVE)
                }
                _ => 0.0,
            };
            for (names, first, second) in [(HALVES, 2, 3), (EIGHTHS, 0, 1)] {
                let pairs = self.tallies().filter_map(|tally| {
                    let drift: &Drift = tally.drifts.get(number)?;
                    drift[first].zip(drift[second])
                });
                audit.compare(DoubtKind::Drift, &name, names, least, pairs);
            }
        }
    }

    fn name_of(&self, watched: Watched) -> String {
        let resource = |number: usize| &self.layout.resources[number];
        match watched {
            Watched::InSystem => "requests in system".into(),
            Watched::Throughput => "throughput".into(),
            Watched::Lost => "share of requests lost".into(),
            Watched::Response => "mean response".into(),
            Watched::Wait => "mean wait".into(),
            Watched::Present(it) => format!("number at {}", resource(it)),
            Watched::Busy(it) => format!("utilization of {}", resource(it)),
            Watched::Served(it) => format!("throughput of {}", resource(it)),
            Watched::Turned(it) => format!("share of visits lost at {}", resource(it)),
            Watched::Hits(it) => format!("hit ratio of {}", self.layout.caches[it]),
        }
    }

    /// The number in system over time, against the times of those who came, each followed to its end.
    fn doubt_littles_law(&self, audit: &mut Audit) {
        let pairs = self.tallies().map(|tally| {
            let spent: f64 = tally
                .classes
                .iter()
                .map(|it| it.residence + it.unresolved)
                .sum();
            (tally.present / tally.window, spent / tally.window)
        });
        let names = ("measured over time", "by arrivals times time spent");
        audit.compare(
            DoubtKind::LittlesLaw,
            "requests in system",
            names,
            0.0,
            pairs,
        );
    }

    /// Throughput and utilization of resources of which it is known exactly what is asked of them.
    fn doubt_traffic(&self, details: &Details, audit: &mut Audit) {
        let replications = self.results.sections.len() as u64;
        let is_open = |it: &&ResourceLoad| {
            it.certain && it.arrival_rate > 0.0 && it.closed_demand.iter().all(|&it| it == 0.0)
        };
        for known in self.load.resources.iter().filter(is_open) {
            let places: Vec<usize> = (0..self.layout.places.len())
                .filter(|&at| self.layout.places[at].resource == known.name)
                .collect();
            if known.visits.iter().all(Amount::is_exact) {
                let served = |tally: &Tally| {
                    places
                        .iter()
                        .map(|&at| tally.places[at].served)
                        .sum::<u64>() as f64
                };
                let what = format!("throughput of {}", known.name);
                let throughput = self.ratio(served, |it| it.window);
                audit.known(&what, throughput, known.arrival_rate, replications);
            }
            if let [only] = places[..]
                && known.busy.is_exact()
            {
                let what = format!("utilization of {}", known.name);
                let utilization = details.places[only].utilization;
                audit.known(&what, utilization, known.busy.value, replications);
            }
        }
    }
}
