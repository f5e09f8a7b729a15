//! One server: Lindley's recursion (1952). The wait of a request is what is left, when it arrives, of the response time of the
//! one before: W = max(0, R′ − A), and R = W + S.

/// The state of a single server: the response time of the latest request.
#[derive(Debug, Clone)]
pub(super) struct Lindley<const L: usize> {
    response: [f64; L],
}

impl<const L: usize> Lindley<L> {
    /// A server with this much work before it at time zero, seconds.
    pub(super) fn new(workload: [f64; L]) -> Self {
        Self { response: workload }
    }

    /// Turns gaps into waits and service times into response times, row by row. Returns the time that passed.
    #[inline(always)]
    pub(super) fn advance(&mut self, gaps: &mut [[f64; L]], services: &mut [[f64; L]]) -> [f64; L] {
        let mut elapsed = [0.0; L];
        let mut response = self.response;
        for (gap, service) in gaps.iter_mut().zip(services) {
            // Whole rows in, whole rows out: loads and stores between the steps would keep them scalar.
            let (a, s) = (*gap, *service);
            let mut wait = [0.0; L];
            for i in 0..L {
                elapsed[i] += a[i];
            }
            for i in 0..L {
                let left = response[i] - a[i];
                wait[i] = if left > 0.0 { left } else { 0.0 };
            }
            for i in 0..L {
                response[i] = wait[i] + s[i];
            }
            *gap = wait;
            *service = response;
        }
        self.response = response;
        elapsed
    }
}
