//! Many servers: the same recursion with the free times in a binary heap, one lane after the other.
//!
//! Only which time is earliest matters, and both structures agree on that: sorted rows and heap give the same bits.

/// How long free times go without a new origin: the clock restarts so that they keep their digits however long the run is.
#[derive(Debug, Clone)]
pub(super) struct Clock<const L: usize> {
    /// Seconds since the origin.
    pub(super) now: [f64; L],
    rows: usize,
    period: usize,
}

impl<const L: usize> Clock<L> {
    /// A clock at its origin. Moving `servers` times costs as much as `servers` steps, hence the period.
    pub(super) fn new(servers: usize) -> Self {
        Self {
            now: [0.0; L],
            rows: 0,
            period: servers.max(super::ROWS),
        }
    }

    /// Called before each row: what to subtract from every time when the origin moves.
    #[inline(always)]
    pub(super) fn rebase(&mut self) -> Option<[f64; L]> {
        if self.rows < self.period {
            self.rows += 1;
            return None;
        }
        self.rows = 1;
        Some(std::mem::replace(&mut self.now, [0.0; L]))
    }
}

/// The free times of `c` servers, a heap for each lane, relative to the latest rebase.
#[derive(Debug, Clone)]
pub(super) struct Heap<const L: usize> {
    lanes: Vec<Vec<f64>>,
    clock: Clock<L>,
}

impl<const L: usize> Heap<L> {
    /// Servers that fall free after the given times, seconds; `free[j][lane]`, in any order.
    pub(super) fn new(free: &[[f64; L]]) -> Self {
        let lanes = (0..L)
            .map(|lane| {
                let mut times: Vec<f64> = free.iter().map(|row| row[lane]).collect();
                // Ascending order is a heap.
                times.sort_by(f64::total_cmp);
                times
            })
            .collect();
        Self {
            lanes,
            clock: Clock::new(free.len()),
        }
    }

    /// Turns gaps into waits and service times into response times, row by row. Returns the time that passed.
    pub(super) fn advance(&mut self, gaps: &mut [[f64; L]], services: &mut [[f64; L]]) -> [f64; L] {
        let mut elapsed = [0.0; L];
        for (gap, service) in gaps.iter_mut().zip(services) {
            if let Some(now) = self.clock.rebase() {
                for (times, now) in self.lanes.iter_mut().zip(now) {
                    for time in times {
                        *time -= now;
                    }
                }
            }
            for (i, times) in self.lanes.iter_mut().enumerate() {
                elapsed[i] += gap[i];
                let now = self.clock.now[i] + gap[i];
                self.clock.now[i] = now;
                let left = times[0] - now;
                let wait = if left > 0.0 { left } else { 0.0 };
                let response = wait + service[i];
                replace_first(times, now + response);
                gap[i] = wait;
                service[i] = response;
            }
        }
        elapsed
    }
}

/// Replaces the earliest time by a later one and lets it sink to its place.
fn replace_first(times: &mut [f64], departure: f64) {
    let mut hole = 0;
    loop {
        let left = 2 * hole + 1;
        let Some(&first) = times.get(left) else { break };
        let (child, earliest) = match times.get(left + 1) {
            Some(&second) if second < first => (left + 1, second),
            _ => (left, first),
        };
        if departure <= earliest {
            break;
        }
        times[hole] = earliest;
        hole = child;
    }
    times[hole] = departure;
}

#[cfg(test)]
mod tests {
    use super::super::sorted::Sorted;
    use super::*;
    use crate::distribution::Distribution;
    use crate::random::{Purpose, Uniforms};

    #[test]
    fn heap_and_sorted_rows_agree_to_the_bit() {
        for servers in [1, 2, 3, 16, 100, 700] {
            let start = vec![[0.0; 4]; servers];
            let (mut sorted, mut heap) = (Sorted::new(start.clone()), Heap::new(&start));
            let (arrivals, service) = (
                Distribution::exponential(1.0),
                Distribution::exponential(0.95 * servers as f64),
            );
            let mut gap_stream = Uniforms::<4>::new(3, 0, Purpose::Arrivals);
            let mut service_stream = Uniforms::<4>::new(3, 0, Purpose::Service);
            for _ in 0..50 {
                let (mut gaps, mut services) = (vec![[0.0; 4]; 64], vec![[0.0; 4]; 64]);
                arrivals.fill(&mut gap_stream, &mut gaps);
                service.fill(&mut service_stream, &mut services);
                let (mut heap_gaps, mut heap_services) = (gaps.clone(), services.clone());
                let passed = sorted.advance(&mut gaps, &mut services);
                assert_eq!(passed, heap.advance(&mut heap_gaps, &mut heap_services));
                assert_eq!(gaps, heap_gaps);
                assert_eq!(services, heap_services);
            }
        }
    }
}
