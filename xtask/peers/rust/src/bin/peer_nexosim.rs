//! The models in [nexosim](https://crates.io/crates/nexosim): one of its models for the whole farm, which schedules two events
//! for each request, its arrival and its departure.
//!
//! A nexosim model for each station would add a message to each request, and a second one where the lengths of queues matter;
//! the first alone costs a fifth of the speed. One thread is enough: there is never more than one event at a time.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use nexosim::model::{Context, Model as NexosimModel, schedulable};
use nexosim::simulation::{Mailbox, SimInit};
use nexosim::time::MonotonicTime;
use peers::draws::Draws;
use peers::model::{Model, SERVICE};
use peers::routing::Router;
use peers::tally::{Tally, report};
use serde::{Deserialize, Serialize};

const REQUESTS: u64 = 5_000_000;

fn main() {
    report(REQUESTS, simulate);
}

fn simulate(model: &Model, requests: u64, seed: u64) -> f64 {
    let mean = Arc::new(Mutex::new(f64::NAN));
    let farm = Farm {
        state: Some(State {
            draws: Draws::new(seed),
            router: Router::new(model.policy, model.stations),
            gap: model.gap(),
            servers: u32::try_from(model.servers).expect("there are few servers"),
            stations: (0..model.stations).map(|_| Station::default()).collect(),
            tally: Tally::new(requests),
            mean: mean.clone(),
        }),
    };
    let simulation = SimInit::with_num_threads(1)
        .add_model(farm, Mailbox::new(), "farm")
        .init(MonotonicTime::EPOCH);
    simulation
        .and_then(|mut simulation| Ok(simulation.run()?))
        .expect("the simulation runs until no event is left");
    let mean = mean.lock().expect("the simulation has ended");
    *mean
}

/// Nothing here is saved and restored, so its state may stay away from serde.
#[derive(Serialize, Deserialize)]
struct Farm {
    #[serde(skip)]
    state: Option<State>,
}

struct State {
    draws: Draws,
    router: Router,
    gap: f64,
    servers: u32,
    stations: Vec<Station>,
    tally: Tally,
    mean: Arc<Mutex<f64>>,
}

#[derive(Default)]
struct Station {
    waiting: VecDeque<MonotonicTime>,
    /// Requests here, in service included.
    length: u32,
}

#[NexosimModel]
impl Farm {
    #[nexosim(init)]
    async fn init(&mut self, context: &Context<Self>) {
        self.schedule_arrival(context);
    }

    #[nexosim(schedulable)]
    fn arrive(&mut self, (): (), context: &Context<Self>) {
        let state = self.state();
        if state.tally.complete() {
            return;
        }
        let stations = &mut state.stations;
        let chosen = state
            .router
            .choose(&mut state.draws, |station| stations[station].length);
        let station = &mut stations[chosen];
        station.length += 1;
        if station.length <= state.servers {
            self.schedule_departure(chosen, context.time(), context);
        } else {
            station.waiting.push_back(context.time());
        }
        self.schedule_arrival(context);
    }

    #[nexosim(schedulable)]
    fn depart(&mut self, (from, arrived): (usize, MonotonicTime), context: &Context<Self>) {
        let state = self.state();
        let response = context.time().duration_since(arrived);
        state.tally.record(response.as_secs_f64());
        if state.tally.complete() {
            *state.mean.lock().expect("nobody else holds it") = state.tally.mean();
        }
        let station = &mut state.stations[from];
        station.length -= 1;
        if let Some(arrived) = station.waiting.pop_front() {
            self.schedule_departure(from, arrived, context);
        }
    }

    fn state(&mut self) -> &mut State {
        self.state.as_mut().expect("the model is not restored")
    }

    fn schedule_arrival(&mut self, context: &Context<Self>) {
        let state = self.state();
        let gap = duration(state.draws.exponential(state.gap));
        context
            .schedule_event(gap, schedulable!(Self::arrive), ())
            .expect("it lies ahead");
    }

    fn schedule_departure(
        &mut self,
        station: usize,
        arrived: MonotonicTime,
        context: &Context<Self>,
    ) {
        let service = duration(self.state().draws.exponential(SERVICE));
        context
            .schedule_event(service, schedulable!(Self::depart), (station, arrived))
            .expect("it lies ahead");
    }
}

/// nexosim counts whole nanoseconds, and an event must lie at least one ahead.
fn duration(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds).max(Duration::from_nanos(1))
}
