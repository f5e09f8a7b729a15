//! A first-come-first-served station fed by given requests: the exact waits.
//!
//! The request at the head takes the server that is free first:
//!
//! start = max(arrival, earliest free time), free time = start + service.
//!
//! With one server this is Lindley's recursion. Source: Kiefer and Wolfowitz, *On the theory of queues with many servers*,
//! Trans. AMS 78 (1955).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The wait of each request, seconds, for arrival times (not decreasing) and service times (not negative) in seconds.
pub(super) fn waits(requests: impl ExactSizeIterator<Item = (f64, f64)>, servers: u32) -> Vec<f64> {
    // More servers than requests change nothing.
    let most = usize::try_from(servers).unwrap_or(usize::MAX);
    let servers = most.min(requests.len());
    // Times are not negative: they order as their bits do.
    let mut free: BinaryHeap<Reverse<u64>> = vec![Reverse(0.0_f64.to_bits()); servers].into();
    requests
        .map(|(arrival, service)| {
            let mut first = free.peek_mut().expect("at least one server");
            let start = arrival.max(f64::from_bits(first.0));
            first.0 = (start + service).to_bits();
            start - arrival
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARRIVALS: [f64; 6] = [0.0, 1.0, 1.5, 2.0, 6.0, 6.0];
    const SERVICES: [f64; 6] = [2.0, 2.0, 0.5, 1.0, 1.0, 1.0];

    fn replayed(servers: u32) -> Vec<f64> {
        waits(
            ARRIVALS
                .into_iter()
                .zip(SERVICES)
                .collect::<Vec<_>>()
                .into_iter(),
            servers,
        )
    }

    #[test]
    fn one_server_by_hand() {
        // Departures at 2, 4, 4.5, 5.5, 7, 8.
        assert_eq!(replayed(1), [0.0, 1.0, 2.5, 2.5, 0.0, 1.0]);
    }

    #[test]
    fn two_servers_by_hand() {
        // The third waits for the first server until 2, the fourth takes it at 2.5.
        assert_eq!(replayed(2), [0.0, 0.0, 0.5, 0.5, 0.0, 0.0]);
    }

    #[test]
    fn servers_to_spare_leave_no_wait() {
        assert_eq!(replayed(1_000_000), [0.0; 6]);
    }
}
