//! Some servers: the Kiefer–Wolfowitz recursion (1955) on the times when each server falls free, kept in order.
//!
//! A request that arrives at t starts at max(t, f), where f is the earliest of the free times; f is then replaced by its
//! departure, which one pass without branches carries to its place: at each time the earlier of the two stays, the later is
//! carried on.

/// The free times of `c` servers, ascending, relative to the latest rebase.
#[derive(Debug, Clone)]
pub(super) struct Sorted<const L: usize> {
    free: Vec<[f64; L]>,
    clock: super::heap::Clock<L>,
}

impl<const L: usize> Sorted<L> {
    /// Servers that fall free after the given times, seconds; `free[j][lane]`, in any order.
    pub(super) fn new(mut free: Vec<[f64; L]>) -> Self {
        for lane in 0..L {
            let mut column: Vec<f64> = free.iter().map(|row| row[lane]).collect();
            column.sort_by(f64::total_cmp);
            for (row, value) in free.iter_mut().zip(column) {
                row[lane] = value;
            }
        }
        let clock = super::heap::Clock::new(free.len());
        Self { free, clock }
    }

    /// Turns gaps into waits and service times into response times, row by row. Returns the time that passed.
    #[inline(always)]
    pub(super) fn advance(&mut self, gaps: &mut [[f64; L]], services: &mut [[f64; L]]) -> [f64; L] {
        let mut elapsed = [0.0; L];
        for (gap, service) in gaps.iter_mut().zip(services) {
            if let Some(now) = self.clock.rebase() {
                for row in &mut self.free {
                    for i in 0..L {
                        row[i] -= now[i];
                    }
                }
            }
            let (a, s, first) = (*gap, *service, self.free[0]);
            let (mut wait, mut response, mut departure) = ([0.0; L], [0.0; L], [0.0; L]);
            for i in 0..L {
                elapsed[i] += a[i];
            }
            for i in 0..L {
                self.clock.now[i] += a[i];
            }
            let now = self.clock.now;
            for i in 0..L {
                let left = first[i] - now[i];
                wait[i] = if left > 0.0 { left } else { 0.0 };
            }
            for i in 0..L {
                response[i] = wait[i] + s[i];
            }
            for i in 0..L {
                departure[i] = now[i] + response[i];
            }
            *gap = wait;
            *service = response;
            self.replace_first(departure);
        }
        elapsed
    }

    /// Drops the earliest time and puts `departure` in its place in the order.
    #[inline(always)]
    fn replace_first(&mut self, departure: [f64; L]) {
        let mut carried = departure;
        let servers = self.free.len();
        for j in 1..servers {
            let time = self.free[j];
            let (mut earlier, mut later) = ([0.0; L], [0.0; L]);
            for i in 0..L {
                earlier[i] = if time[i] < carried[i] {
                    time[i]
                } else {
                    carried[i]
                };
            }
            for i in 0..L {
                later[i] = if time[i] < carried[i] {
                    carried[i]
                } else {
                    time[i]
                };
            }
            self.free[j - 1] = earlier;
            carried = later;
        }
        self.free[servers - 1] = carried;
    }
}
