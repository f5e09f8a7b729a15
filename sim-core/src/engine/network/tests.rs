//! The engine against the recursion, which is simpler: the same sample path, request by request.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::log::Event;
use super::{Network, Program, Window};
use crate::distribution::Distribution;
use crate::engine::recursion::{Block, InstructionSet, Path, Schedule};
use crate::scenario::{Queue, Scenario};

const REQUESTS: u64 = 5_000;

/// Response times by number of the request.
fn responses_of(scenario: &Scenario, seconds: f64) -> BTreeMap<u64, f64> {
    let program = Arc::new(Program::new(scenario).unwrap());
    let window = Window {
        start: 0.0,
        stop: seconds,
        patience: seconds,
    };
    let mut network = Network::new(&program, window, 9, 0);
    network.watch();
    let (mut arrivals, mut responses) = (BTreeMap::new(), BTreeMap::new());
    while !network.advance(1000) {
        for (time, event) in network.take_events() {
            match event {
                Event::Arrived { request, .. } => drop(arrivals.insert(request, time)),
                Event::Left { request, .. } => {
                    drop(responses.insert(request, time - arrivals[&request]))
                }
                _ => {}
            }
        }
    }
    responses
}

#[test]
fn engine_and_recursion_walk_the_same_sample_path() {
    for servers in [1, 3, 300] {
        for (gap, service) in [(1.0, 1.0), (4.0, 0.25)] {
            let queue = Queue::new(
                Distribution::with_scv(1.0, gap),
                servers,
                Distribution::with_scv(0.9 * f64::from(servers), service),
            );
            let path = Path {
                scenario: &queue,
                seed: 9,
                stationary: false,
            };
            let schedule = Schedule {
                warm_up: 0,
                requests: REQUESTS,
            };
            let mut block = Block::<4>::new(path, schedule, 0);
            let found = responses_of(&queue.clone().into(), 2.0 * REQUESTS as f64);
            let (mut request, mut done) = (0, false);
            while !done {
                done = block.advance(InstructionSet::Baseline, 1);
                for row in block.responses() {
                    // The recursion's clock starts afresh again and again, which keeps a few digits more.
                    let difference = (found[&request] - row[0]).abs();
                    assert!(
                        difference < 1e-9 * (1.0 + request as f64),
                        "{servers}: {request}"
                    );
                    request += 1;
                }
            }
            assert_eq!(request, REQUESTS);
        }
    }
}
