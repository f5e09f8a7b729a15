//! The models in [desim](https://crates.io/crates/desim): a process for the source of requests and one for each server.
//!
//! Between them is a store of our own for each station, desim's way to extend it. It schedules a server for the end of the
//! service when it hands over a request, and the source for the next arrival when it takes one: two events a request, where
//! desim's own store needs four.

#![feature(coroutines, coroutine_trait, stmt_expr_attributes)]

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use desim::prelude::*;
use desim::resources::Store;
use desim::{Event, StoreId};
use peers::draws::Draws;
use peers::model::{Model, SERVICE};
use peers::routing::Router;
use peers::tally::{Tally, report};

const REQUESTS: u64 = 30_000_000;

/// What processes yield and are resumed with.
#[derive(Clone, Copy, Debug)]
struct Step {
    effect: Effect,
    /// When the request arrived that the step is about.
    arrived: f64,
}

impl SimState for Step {
    fn get_effect(&self) -> Effect {
        self.effect
    }
    fn set_effect(&mut self, effect: Effect) {
        self.effect = effect;
    }
    fn should_log(&self) -> bool {
        false
    }
}

/// A station's queue and its idle servers.
struct Station {
    waiting: VecDeque<f64>,
    idle: Vec<ProcessId>,
    draws: Rc<RefCell<Draws>>,
    gap: f64,
}

impl Station {
    /// The end of the service of a request.
    fn departure(&self, now: f64, arrived: f64, server: ProcessId) -> Event<Step> {
        let time = now + self.draws.borrow_mut().exponential(SERVICE);
        let effect = Effect::Wait;
        Event::new(time, server, Step { effect, arrived })
    }
}

impl Store<Step> for Station {
    fn push_or_enqueue_and_schedule_next(
        &mut self,
        mut event: Event<Step>,
        next: &mut Vec<Event<Step>>,
    ) {
        let now = event.time();
        match self.idle.pop() {
            Some(server) => next.push(self.departure(now, now, server)),
            None => self.waiting.push_back(now),
        }
        event.set_time(now + self.draws.borrow_mut().exponential(self.gap));
        next.push(event);
    }

    fn pull_or_enqueue_and_schedule_next(
        &mut self,
        event: Event<Step>,
        next: &mut Vec<Event<Step>>,
    ) {
        match self.waiting.pop_front() {
            Some(arrived) => next.push(self.departure(event.time(), arrived, event.process())),
            None => self.idle.push(event.process()),
        }
    }
}

fn main() {
    report(REQUESTS, simulate);
}

fn simulate(model: &Model, requests: u64, seed: u64) -> f64 {
    let draws = Rc::new(RefCell::new(Draws::new(seed)));
    let tally = Rc::new(RefCell::new(Tally::new(requests)));
    let lengths: Rc<[Cell<u32>]> = vec![Cell::new(0); model.stations].into();
    let mut simulation = Simulation::new();
    let start = Step {
        effect: Effect::Wait,
        arrived: 0.0,
    };
    for station in 0..model.stations {
        // Stores are numbered as they are created, as stations are.
        simulation.create_store(Box::new(Station {
            waiting: VecDeque::new(),
            idle: Vec::new(),
            draws: draws.clone(),
            gap: model.gap(),
        }));
        for _ in 0..model.servers {
            let server = simulation.create_process(server(station, lengths.clone(), tally.clone()));
            simulation.schedule_event(0.0, server, start);
        }
    }
    let source = simulation.create_process(source(model, lengths, draws, tally.clone()));
    simulation.schedule_event(0.0, source, start);
    simulation.run(EndCondition::NoEvents);
    tally.borrow().mean()
}

fn source(
    model: &Model,
    lengths: Rc<[Cell<u32>]>,
    draws: Rc<RefCell<Draws>>,
    tally: Rc<RefCell<Tally>>,
) -> Box<Process<Step>> {
    let mut router = Router::new(model.policy, model.stations);
    Box::new(
        #[coroutine]
        move |_: SimContext<Step>| {
            while !tally.borrow().complete() {
                let station =
                    router.choose(&mut draws.borrow_mut(), |station| lengths[station].get());
                lengths[station].update(|length| length + 1);
                yield Step {
                    effect: Effect::Push(station),
                    arrived: 0.0,
                };
            }
        },
    )
}

fn server(
    station: StoreId,
    lengths: Rc<[Cell<u32>]>,
    tally: Rc<RefCell<Tally>>,
) -> Box<Process<Step>> {
    Box::new(
        #[coroutine]
        move |_: SimContext<Step>| {
            loop {
                let done: SimContext<Step> = yield Step {
                    effect: Effect::Pull(station),
                    arrived: 0.0,
                };
                tally
                    .borrow_mut()
                    .record(done.time() - done.state().arrived);
                lengths[station].update(|length| length - 1);
            }
        },
    )
}
