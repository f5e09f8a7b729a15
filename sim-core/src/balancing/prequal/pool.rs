//! The pool of probes that a balancer chooses from.

use super::View;

/// A server's answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Probe {
    pub(super) server: u32,
    /// Requests in flight at the server, and those sent to it on the strength of this probe.
    pub(super) in_flight: u32,
    /// Response time, seconds.
    pub(super) estimate: f64,
    /// When it was made, seconds.
    pub(super) at: f64,
    /// How often it may still be used.
    pub(super) uses: u32,
}

/// Probes of different servers, oldest first.
#[derive(Debug, Clone)]
pub(super) struct Pool {
    probes: Vec<Probe>,
    size: usize,
}

impl Pool {
    pub(super) fn new(size: u32) -> Self {
        let size = size as usize;
        Self {
            probes: Vec::with_capacity(size),
            size,
        }
    }

    /// Keeps `probe` instead of an older one of its server or, in a full pool, the oldest.
    pub(super) fn insert(&mut self, probe: Probe) {
        let same = |other: &Probe| other.server == probe.server;
        if let Some(index) = self.probes.iter().position(same) {
            self.probes.remove(index);
        } else if self.probes.len() == self.size {
            self.probes.remove(0);
        }
        self.probes.push(probe);
    }

    /// Forgets what was made before `time`.
    pub(super) fn forget(&mut self, time: f64) {
        let young = self.probes.iter().position(|probe| probe.at >= time);
        self.probes.drain(..young.unwrap_or(self.probes.len()));
    }

    /// Of the eligible servers' probes the cold one with the least estimate; if all are hot, the one with the least in
    /// flight. The oldest among equals.
    pub(super) fn best(&self, view: &View<'_>, threshold: u32) -> Option<usize> {
        let better = |a: &Probe, b: &Probe| match (a.in_flight > threshold, b.in_flight > threshold)
        {
            (false, false) => a.estimate < b.estimate,
            (true, true) => a.in_flight < b.in_flight,
            (hot, _) => !hot,
        };
        (0..self.probes.len())
            .filter(|&index| view.is_eligible(self.probes[index].server))
            .reduce(|best, index| {
                let is_better = better(&self.probes[index], &self.probes[best]);
                if is_better { index } else { best }
            })
    }

    /// The server of a probe, which counts one more request there and has one use less.
    pub(super) fn take(&mut self, index: usize) -> u32 {
        let probe = &mut self.probes[index];
        let server = probe.server;
        probe.in_flight += 1;
        probe.uses -= 1;
        if probe.uses == 0 {
            self.probes.remove(index);
        }
        server
    }

    pub(super) fn remove_oldest(&mut self) {
        if !self.probes.is_empty() {
            self.probes.remove(0);
        }
    }

    /// Removes, of the hot, the one with the most in flight; if all are cold, the one with the highest estimate.
    pub(super) fn remove_worst(&mut self, threshold: u32) {
        let badness = |probe: &Probe| {
            if probe.in_flight > threshold {
                (true, f64::from(probe.in_flight))
            } else {
                (false, probe.estimate)
            }
        };
        let worst = (0..self.probes.len()).reduce(|worst, index| {
            let is_worse = badness(&self.probes[index]) > badness(&self.probes[worst]);
            if is_worse { index } else { worst }
        });
        if let Some(index) = worst {
            self.probes.remove(index);
        }
    }

    /// The servers with a probe, the oldest probe first.
    #[cfg(test)]
    pub(super) fn servers(&self) -> impl Iterator<Item = u32> {
        self.probes.iter().map(|probe| probe.server)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probe(server: u32, in_flight: u32, estimate: f64) -> Probe {
        Probe {
            server,
            in_flight,
            estimate,
            at: f64::from(server),
            uses: 2,
        }
    }

    fn pool(size: u32, probes: &[Probe]) -> Pool {
        let mut pool = Pool::new(size);
        for &probe in probes {
            pool.insert(probe);
        }
        pool
    }

    fn servers(pool: &Pool) -> Vec<u32> {
        pool.servers().collect()
    }

    #[test]
    fn a_newer_probe_replaces_its_servers_or_the_oldest() {
        let mut pool = pool(3, &[probe(1, 0, 0.0), probe(2, 0, 0.0), probe(1, 5, 0.0)]);
        assert_eq!(servers(&pool), [2, 1]);
        pool.insert(probe(3, 0, 0.0));
        pool.insert(probe(4, 0, 0.0));
        assert_eq!(servers(&pool), [1, 3, 4]);
    }

    #[test]
    fn a_probe_is_used_up_and_counts_what_it_sent() {
        let mut pool = pool(3, &[probe(1, 4, 0.0), probe(2, 9, 0.0)]);
        assert_eq!(pool.take(0), 1);
        assert_eq!(pool.probes[0].in_flight, 5);
        assert_eq!(pool.take(0), 1);
        assert_eq!(servers(&pool), [2]);
    }

    #[test]
    fn the_worst_and_the_oldest_go() {
        let probes = [
            probe(1, 4, 0.9),
            probe(2, 9, 0.1),
            probe(3, 8, 0.2),
            probe(4, 1, 0.3),
        ];
        let mut pool = pool(4, &probes);
        pool.remove_worst(5);
        assert_eq!(servers(&pool), [1, 3, 4]);
        pool.remove_worst(8);
        assert_eq!(servers(&pool), [3, 4]);
        pool.remove_oldest();
        assert_eq!(servers(&pool), [4]);
        pool.forget(4.5);
        pool.remove_worst(0);
        pool.remove_oldest();
        assert!(servers(&pool).is_empty());
    }
}
