//! Exact values for whole scenarios, those that run on the calendar of events among them.
//!
//! What is recognised, from the scenario's data alone; a condition that fails leaves the values it would have given unknown:
//!
//! | scenario | known |
//! |---|---|
//! | open classes that queue once at most on their way | every place by itself: M/M/c, M/G/1, M/D/c, G/M/c; processor sharing (any laws); M/M/c/K; Erlang B (any laws); Erlang A; priorities, preemptive or not (M/G/1, or exponential at c servers) |
//! | open classes with several visits | networks of product form: first come first served with one exponential law, processor sharing, delays |
//! | users in a closed loop | the same, by mean value analysis |
//! | delays alone | M/G/∞ |
//!
//! A pool that is held around nothing but delays is a station whose service they are. A group with random choice is its servers, each
//! with its part of the requests. Arrivals are Poisson but for a single station. Nothing is known where something fails or follows a
//! script, of attempts, parallel paths, caches, writes and other balancers, and where no steady state is asked for.

mod alone;
mod closed;
mod open;
mod route;

use serde::Serialize;

use super::Values;
use crate::engine::network::layout::Layout;
use crate::run::report::{Percentiles, Quantity, Report};
use crate::scenario::{Arrivals, Horizon, Scenario};

use route::Site;

/// What theory knows exactly of a scenario.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScenarioTheory {
    /// All classes together; its name is empty.
    pub all: Part,
    /// By class, in the order of the scenario.
    pub classes: Vec<Part>,
    /// By station, server of a group, and pool: in the order and by the names of [`Layout::places`].
    pub places: Vec<Part>,
}

/// One class, one place, or all together; in the units and with the meaning that a [`Report`] gives these quantities. `None` is not
/// known.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// Requests served, per second; of a place, visits that ended well.
    pub throughput: Option<f64>,
    /// The share of requests that is served in the end.
    pub served_share: Option<f64>,
    /// The share of requests, or visits, that find no room.
    pub rejected_share: Option<f64>,
    /// The share of requests, or visits, that give up waiting.
    pub gave_up_share: Option<f64>,
    /// The share of servers, or places of a pool, in use.
    pub utilization: Option<f64>,
    /// Times of those served, and numbers of all.
    #[serde(flatten)]
    pub values: Values,
}

/// What is known exactly of `scenario`.
pub fn of_scenario(scenario: &Scenario) -> ScenarioTheory {
    let layout = Layout::of(scenario);
    let named = |name: &str| Part {
        name: name.into(),
        ..Part::default()
    };
    let mut found = ScenarioTheory {
        all: Part::default(),
        classes: layout.classes.iter().map(|name| named(name)).collect(),
        places: layout.places.iter().map(|it| named(&it.name)).collect(),
    };
    let steady = matches!(scenario.horizon, Horizon::Steady { .. }) && scenario.script.is_empty();
    if steady && scenario.validate().is_ok() {
        found.fill_in(scenario, &layout);
    }
    found
}

impl ScenarioTheory {
    fn fill_in(&mut self, scenario: &Scenario, layout: &Layout) {
        let sites = Site::all(scenario, layout);
        let Some(routes) = route::routes(scenario, layout, &sites) else {
            return;
        };
        let users = |arrivals: &Arrivals| matches!(arrivals, Arrivals::Users(_));
        let closed = scenario
            .classes
            .iter()
            .filter(|(_, it)| users(&it.arrivals));
        let closed = closed.count();
        let once = routes.iter().all(|route| route.most_visits <= 1);
        if closed == routes.len() {
            closed::fill(self, &sites, &routes);
        } else if closed > 0 {
            return;
        } else if once {
            alone::fill(self, &sites, &routes);
        } else {
            open::fill(self, &sites, &routes);
        }
        self.add_up();
    }

    /// All classes together, from the classes and places.
    fn add_up(&mut self) {
        let sum = |parts: &[Part], of: &dyn Fn(&Part) -> Option<f64>| -> Option<f64> {
            parts.iter().map(of).sum()
        };
        let all = &mut self.all;
        let classes = &self.classes;
        all.throughput = sum(classes, &|it| it.throughput);
        let average = |of: &dyn Fn(&Part) -> Option<f64>| {
            let weighted = sum(classes, &|it| Some(it.throughput? * of(it)?))?;
            Some(weighted / all.throughput.filter(|rate| *rate > 0.0)?)
        };
        let mut values = Values {
            mean_response: average(&|it| it.values.mean_response),
            mean_wait: average(&|it| it.values.mean_wait),
            mean_in_system: sum(classes, &|it| it.values.mean_in_system),
            mean_in_queue: sum(&self.places, &|it| it.values.mean_in_queue),
            ..Values::default()
        };
        // Where all classes have the same percentiles, so have they together.
        if let Some((first, others)) = classes.split_first() {
            let same = |it: &Part| percentiles(&it.values) == percentiles(&first.values);
            if others.iter().all(same) {
                values = with_percentiles(values, &first.values);
            }
        }
        all.values = values;
        let arrived = |it: &Part| Some(it.throughput? / it.served_share?);
        let offered = sum(classes, &arrived).filter(|rate| *rate > 0.0);
        let share = |of: &dyn Fn(&Part) -> Option<f64>| {
            Some(sum(classes, &|it| Some(arrived(it)? * of(it)?))? / offered?)
        };
        all.served_share = share(&|it| it.served_share);
        all.rejected_share = share(&|it| it.rejected_share);
        all.gave_up_share = share(&|it| it.gave_up_share);
    }

    /// Whether anything is known.
    pub fn is_empty(&self) -> bool {
        let known = |part: &Part| {
            let blank = Part {
                name: part.name.clone(),
                ..Part::default()
            };
            *part != blank
        };
        let parts = self.classes.iter().chain(&self.places);
        !parts.chain([&self.all]).any(known)
    }

    /// Sets `theory` in the quantities of a report of this scenario, where it is known.
    pub fn fill(&self, report: &mut Report) {
        let set = |quantity: &mut Quantity, theory: Option<f64>| {
            if theory.is_some() {
                quantity.theory = theory;
            }
        };
        let values = &self.all.values;
        set(&mut report.mean_response, values.mean_response);
        set(&mut report.mean_wait, values.mean_wait);
        set(&mut report.mean_in_system, values.mean_in_system);
        set(&mut report.mean_in_queue, values.mean_in_queue);
        set(&mut report.p50, values.p50);
        set(&mut report.p90, values.p90);
        set(&mut report.p95, values.p95);
        set(&mut report.p99, values.p99);
        set(&mut report.p999, values.p999);
        let Some(details) = &mut report.details else {
            return;
        };
        set(&mut details.throughput, self.all.throughput);
        for (class, part) in details.classes.iter_mut().zip(&self.classes) {
            set(&mut class.throughput, part.throughput);
            set(&mut class.served_share, part.served_share);
            set(&mut class.mean_response, part.values.mean_response);
            set(&mut class.mean_wait, part.values.mean_wait);
            let Percentiles {
                p50,
                p90,
                p95,
                p99,
                p999,
            } = &mut class.percentiles;
            let found = [p50, p90, p95, p99, p999];
            for (quantity, theory) in found.into_iter().zip(percentiles(&part.values)) {
                set(quantity, theory);
            }
        }
        for (place, part) in details.places.iter_mut().zip(&self.places) {
            set(&mut place.utilization, part.utilization);
            set(&mut place.throughput, part.throughput);
            set(&mut place.mean_wait, part.values.mean_wait);
            set(&mut place.mean_response, part.values.mean_response);
            set(&mut place.mean_in_system, part.values.mean_in_system);
            set(&mut place.mean_in_queue, part.values.mean_in_queue);
            set(&mut place.rejected_share, part.rejected_share);
            set(&mut place.gave_up_share, part.gave_up_share);
        }
    }
}

fn percentiles(values: &Values) -> [Option<f64>; 5] {
    let Values {
        p50,
        p90,
        p95,
        p99,
        p999,
        ..
    } = *values;
    [p50, p90, p95, p99, p999]
}

/// `values` with the percentiles of `other`.
fn with_percentiles(values: Values, other: &Values) -> Values {
    let [p50, p90, p95, p99, p999] = percentiles(other);
    Values {
        p50,
        p90,
        p95,
        p99,
        p999,
        ..values
    }
}

#[cfg(test)]
mod tests;
