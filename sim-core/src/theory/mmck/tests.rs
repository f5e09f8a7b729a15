//! The model against reference values, a birth–death chain summed by force, its neighbours M/M/c and Erlang B, and the
//! extremes of its input.

use proptest::prelude::*;

use super::*;
use crate::theory::testing::{assert_close, birth_death};
use crate::theory::{Mmc, erlang_b, little};

#[test]
fn agrees_with_reference_values() {
    let queue = Mmck::new(40.0, 30.0, 3, 7).unwrap();
    assert_close(queue.probability_in_system(0), 0.255_037, 2e-6);
    assert_close(queue.mean_response(), 0.036_517, 1e-5);
    let queue = Mmck::new(50.0, 10.0, 4, 6).unwrap();
    assert_close(queue.blocking_probability(), 0.293_543, 2e-6);
    let queue = Mmck::new(3.0, 2.0, 2, 5).unwrap();
    assert_close(queue.probability_in_system(0), 0.179_334, 3e-6);
    assert_close(queue.probability_in_system(5), 0.085_113_8, 1e-6);
    assert_close(queue.mean_in_system(), 2.005_95, 3e-6);
    assert_close(queue.mean_wait(), 0.230_857, 3e-6);
}

#[test]
fn at_saturation_one_server_is_equally_likely_in_every_state() {
    for capacity in [1, 10, 1_000_000] {
        let queue = Mmck::new(7.0, 7.0, 1, capacity).unwrap();
        assert_close(queue.mean_in_system(), capacity as f64 / 2.0, 1e-12);
        assert_close(
            queue.blocking_probability(),
            1.0 / (capacity as f64 + 1.0),
            1e-12,
        );
    }
}

#[test]
fn no_queue_is_erlang_s_loss_system() {
    for (load, servers) in [(4.0, 5), (95.0, 100), (5.0, 5), (500.0, 20), (1e-6, 3)] {
        let queue = Mmck::new(load, 1.0, servers, u64::from(servers)).unwrap();
        assert_close(
            queue.blocking_probability(),
            erlang_b(servers, load).unwrap(),
            1e-12,
        );
        assert_eq!(queue.probability_of_waiting(), 0.0);
        assert_eq!(queue.mean_wait(), 0.0);
    }
}

#[test]
fn endless_room_is_mmc() {
    for (load, servers) in [(0.5, 1), (3.9, 4), (90.0, 100)] {
        let (finite, infinite) = (
            Mmck::new(load, 1.0, servers, u64::MAX).unwrap(),
            Mmc::new(load, 1.0, servers).unwrap(),
        );
        assert_close(finite.mean_response(), infinite.mean_response(), 1e-11);
        assert_close(finite.mean_in_queue(), infinite.mean_in_queue(), 1e-11);
        assert_close(
            finite.probability_of_waiting(),
            infinite.probability_of_waiting(),
            1e-11,
        );
        assert_eq!(finite.blocking_probability(), 0.0);
    }
}

#[test]
fn wrong_input_is_named() {
    assert_eq!(
        Mmck::new(0.0, 1.0, 1, 1).unwrap_err().field(),
        "arrival_rate"
    );
    assert_eq!(
        Mmck::new(1.0, f64::NAN, 1, 1).unwrap_err().field(),
        "service_rate"
    );
    assert_eq!(Mmck::new(1.0, 1.0, 0, 1).unwrap_err().field(), "servers");
    assert_eq!(Mmck::new(1.0, 1.0, 3, 2).unwrap_err().field(), "capacity");
}

#[test]
fn extremes_stay_finite() {
    for servers in [1, 2, 1000, 1_000_000] {
        let capacity = f64::from(servers);
        for arrival_rate in [
            1e-150,
            0.5 * capacity,
            capacity * (1.0 - 1e-12),
            capacity,
            capacity * (1.0 + 1e-12),
            2.0 * capacity,
            1e150,
        ] {
            for room in [0, 1, 1000, 1_000_000_000_000] {
                let queue =
                    Mmck::new(arrival_rate, 1.0, servers, u64::from(servers) + room).unwrap();
                let values = [
                    queue.utilization(),
                    queue.blocking_probability(),
                    queue.throughput() / arrival_rate,
                    queue.probability_of_waiting(),
                    queue.mean_in_queue(),
                    queue.mean_in_system(),
                    queue.mean_wait(),
                    queue.mean_response(),
                    queue.probability_in_system(0),
                    queue.probability_in_system(u64::from(servers) - 1),
                    queue.probability_in_system(u64::from(servers)),
                    queue.probability_in_system(u64::from(servers) + room),
                ];
                assert!(
                    values.iter().all(|v| v.is_finite() && *v >= 0.0),
                    "{queue:?}: {values:?}"
                );
                assert!(
                    values[..4].iter().all(|v| *v <= 1.0 + 1e-12),
                    "{queue:?}: {values:?}"
                );
            }
        }
    }
    let flood = Mmck::new(1e150, 1e-150, 3, 5).unwrap();
    assert_close(flood.throughput(), 3e-150, 1e-12);
    assert_close(flood.mean_in_system(), 5.0, 1e-12);
}

proptest! {
    #[test]
    fn agrees_with_a_chain_summed_by_force(load in 0.01..60.0_f64, servers in 1..40_u32, room in 0..60_u32) {
        let capacity = servers + room;
        let queue = Mmck::new(load * 3.0, 3.0, servers, u64::from(capacity)).unwrap();
        let states = birth_death(load, servers, capacity);
        let (mut in_system, mut in_queue) = (0.0, 0.0);
        for (n, &p) in (0_u32..).zip(&states) {
            prop_assert!((queue.probability_in_system(u64::from(n)) - p).abs() <= 1e-11 * p);
            in_system += f64::from(n) * p;
            in_queue += f64::from(n.saturating_sub(servers)) * p;
        }
        prop_assert!((queue.mean_in_system() - in_system).abs() <= 1e-11 * in_system);
        prop_assert!((queue.mean_in_queue() - in_queue).abs() <= 1e-11 * in_queue + 1e-300);
        let lost = states[states.len() - 1];
        prop_assert!((queue.blocking_probability() - lost).abs() <= 1e-11 * lost);
        prop_assert!((queue.throughput() - load * 3.0 * (1.0 - lost)).abs() <= 1e-11 * load * 3.0);
        let response = little::mean_time(in_system, load * 3.0 * (1.0 - lost));
        prop_assert!((queue.mean_response() - response).abs() <= 1e-9 * response);
        let all_busy_with_room: f64 = states[servers as usize..capacity as usize].iter().sum();
        let waiting = all_busy_with_room / (1.0 - lost);
        prop_assert!((queue.probability_of_waiting() - waiting).abs() <= 1e-9);
    }
}
