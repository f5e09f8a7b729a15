//! LRU's hit ratios at many sizes from one pass over the requests, exactly.

use super::counts::Counts;
use super::stack::StackDistances;
use crate::caching::Capacity;

/// Hits at each of several capacities.
#[derive(Debug, Clone)]
pub struct LruCurve {
    stack: StackDistances,
    in_bytes: bool,
    /// Ascending, each once.
    capacities: Vec<u64>,
    /// Hits whose distance the capacity is the first to reach.
    hits: Vec<u64>,
    hit_bytes: Vec<u64>,
    all: Counts,
    largest: u32,
}

impl LruCurve {
    /// For these capacities, all in bytes or all in objects.
    ///
    /// # Panics
    /// If units are mixed.
    pub fn new(capacities: &[Capacity]) -> Self {
        let in_bytes = |capacity: &Capacity| matches!(capacity, Capacity::Bytes(_));
        let bytes = capacities.iter().filter(|it| in_bytes(it)).count();
        assert!(
            bytes == 0 || bytes == capacities.len(),
            "capacities in different units"
        );
        let mut amounts: Vec<u64> = capacities.iter().map(|it| it.amount()).collect();
        amounts.sort_unstable();
        amounts.dedup();
        Self {
            stack: StackDistances::default(),
            in_bytes: bytes > 0,
            hits: vec![0; amounts.len()],
            hit_bytes: vec![0; amounts.len()],
            capacities: amounts,
            all: Counts::default(),
            largest: 0,
        }
    }

    /// The next request, for an object numbered densely from 0.
    #[inline]
    pub fn request(&mut self, object: u32, size: u32) {
        let cost = if self.in_bytes { size } else { 1 };
        self.largest = self.largest.max(cost);
        let distance = self.stack.request(object, cost);
        self.all.add(size, false);
        let Some(distance) = distance else { return };
        let reached = self
            .capacities
            .partition_point(|&capacity| capacity < distance);
        if let Some(hits) = self.hits.get_mut(reached) {
            *hits += 1;
            self.hit_bytes[reached] += u64::from(size);
        }
    }

    /// Forgets what was counted, as after a warm-up; the order of last requests stays.
    pub fn forget_counts(&mut self) {
        self.all = Counts::default();
        self.hits.fill(0);
        self.hit_bytes.fill(0);
    }

    /// The counts at each capacity, ascending, each once. A capacity in bytes below the largest object has none: what does not fit at
    /// all is not admitted, and the order of last requests then no longer tells what is there.
    pub fn counts(&self) -> Vec<(u64, Option<Counts>)> {
        let (mut hits, mut hit_bytes) = (0, 0);
        let found = self
            .capacities
            .iter()
            .zip(self.hits.iter().zip(&self.hit_bytes));
        found
            .map(|(&capacity, (more, more_bytes))| {
                hits += more;
                hit_bytes += more_bytes;
                let counts = Counts {
                    hits,
                    hit_bytes,
                    ..self.all
                };
                let fits = u64::from(self.largest) <= capacity;
                (capacity, fits.then_some(counts))
            })
            .collect()
    }
}
