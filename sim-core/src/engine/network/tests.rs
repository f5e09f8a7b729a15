//! The engine against the recursion, which is simpler: the same sample path, request by request.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::log::Event;
use super::{Fleet, Network, Program, Window};
use crate::balancing::Policy;
use crate::distribution::Distribution;
use crate::engine::InstructionSet;
use crate::engine::recursion::{Block, Path, Schedule};
use crate::scenario::{Activity, Arrivals, Class, Group, Member, Queue, Scenario};

const REQUESTS: u64 = 5_000;

/// Response times by number of the request.
fn responses_of(scenario: &Scenario, seconds: f64) -> BTreeMap<u64, f64> {
    let program = Arc::new(Program::new(scenario).unwrap());
    let window = Window {
        start: 0.0,
        stop: seconds,
        patience: seconds,
        whole_visits: false,
    };
    let mut network = Network::new(&program, window, 9, 0);
    network.watch();
    let (mut arrivals, mut responses) = (BTreeMap::new(), BTreeMap::new());
    while !network.advance(1000) {
        for (time, event) in network.take_events() {
            match event {
                Event::Arrived { request, .. } => {
                    arrivals.insert(request, time);
                }
                Event::Left { request, .. } => {
                    responses.insert(request, time - arrivals[&request]);
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

/// Ten servers, two of them fast, under this policy.
fn group(policy: &str) -> Scenario {
    let mut group = Group::new(8, Policy::parse("policy", policy).unwrap());
    group.members.push(Member {
        count: 2,
        speed: 2.5,
        weight: 3,
        ..Member::default()
    });
    let work = Activity::demand("web", Distribution::with_scv(1.0, 2.0));
    Scenario::empty()
        .with_class("request", Class::new(Arrivals::poisson(7.5)))
        .with_resource("web", group)
        .with_path(vec![Activity::balance("web", vec![work])])
}

#[test]
fn a_fleet_walks_the_sample_path_of_the_calendar() {
    let mut fleets = 0;
    let specs = Policy::all().map(|it| it.spec());
    for policy in specs.chain(["power-of-choices:3".to_owned()]) {
        let program = Arc::new(Program::new(&group(&policy)).unwrap());
        if !program.is_fleet() {
            continue;
        }
        fleets += 1;
        let window = Window {
            start: 500.0,
            stop: 2_500.0,
            patience: 2_000.0,
            whole_visits: false,
        };
        let mut network = Network::new(&program, window, 3, 5);
        while !network.advance(100) {}
        let mut fleet = Fleet::new(&program, window, 3, 5);
        while !fleet.advance(InstructionSet::best(), 100) {}
        let (exact, found) = (network.results(), fleet.results());
        assert_eq!(exact.histograms, found.histograms, "{policy}");
        let near = |a: f64, b: f64| assert!((a - b).abs() <= 1e-9 * a.abs(), "{policy}: {a} {b}");
        let (ours, theirs) = (&found.tally.classes[0], &exact.tally.classes[0]);
        assert_eq!((ours.arrived, ours.left), (theirs.arrived, theirs.left));
        near(theirs.responses, ours.responses);
        near(theirs.waits, ours.waits);
        near(exact.tally.present, found.tally.present);
        assert_eq!(exact.tally.population, found.tally.population, "{policy}");
        for (ours, theirs) in found.tally.places.iter().zip(&exact.tally.places) {
            assert_eq!((ours.arrived, ours.served), (theirs.arrived, theirs.served));
            near(theirs.busy, ours.busy);
            near(theirs.present, ours.present);
            near(theirs.waits, ours.waits);
            near(theirs.stays, ours.stays);
        }
    }
    // At least those that look at nothing but weights and who asks, or poll.
    assert!(fleets >= 10, "{fleets}");
    for policy in ["least-connections", "peak-ewma", "least-work", "idle-queue"] {
        assert!(
            !Program::new(&group(policy)).unwrap().is_fleet(),
            "{policy}"
        );
    }
}

/// The numbers at every server, read off the log, and what lies between the fullest and the emptiest.
#[test]
fn imbalance_over_time_is_what_the_log_of_events_says() {
    const POINTS: usize = 7;
    for policy in ["round-robin", "least-work", "idle-queue"] {
        let mut scenario = group(policy);
        scenario.probes.series = u32::try_from(POINTS).unwrap();
        let program = Arc::new(Program::new(&scenario).unwrap());
        let window = Window {
            start: 20.0,
            stop: 90.0,
            patience: 500.0,
            whole_visits: false,
        };
        let mut network = Network::new(&program, window, 4, 2);
        network.watch();
        while !network.advance(1000) {}
        let (mut here, mut waiting) = ([0_i32; 10], std::collections::BTreeSet::new());
        let (mut expected, mut before) = ([0.0; POINTS], 0.0);
        // The log ends once nobody of the window is left to be followed, at its end at the earliest.
        let events = network
            .take_events()
            .into_iter()
            .map(|it| (it.0, Some(it.1)));
        for (time, event) in events.chain([(90.0, None)]) {
            let between = f64::from(here.iter().max().unwrap() - here.iter().min().unwrap());
            for (i, sum) in expected.iter_mut().enumerate() {
                let from = 20.0 + 10.0 * i as f64;
                let covered = time.min(from + 10.0) - f64::max(before, from);
                *sum += between * covered.max(0.0) / 10.0;
            }
            before = time;
            match event {
                Some(Event::Queued { token, station, .. }) => {
                    waiting.insert(token);
                    here[station as usize] += 1;
                }
                Some(Event::Started { token, station, .. }) if !waiting.remove(&token) => {
                    here[station as usize] += 1;
                }
                Some(Event::Finished { station, .. }) => here[station as usize] -= 1,
                _ => {}
            }
        }
        let found = network.tally().series.as_ref().unwrap();
        assert_eq!(found.imbalance.len(), 1);
        for (found, expected) in found.imbalance[0].iter().zip(expected) {
            assert!(expected > 0.0);
            assert!(
                (found - expected).abs() < 1e-9,
                "{policy}: {found} {expected}"
            );
        }
    }
}
