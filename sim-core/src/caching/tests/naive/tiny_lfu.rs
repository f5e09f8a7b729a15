//! W-TinyLFU: three lists, and a counter for each place of the sketch.

use std::collections::BTreeMap;

use super::super::super::{Queue, sketch};
use super::{Item, Items, Naive, Setting, find, is_in, new, take, to_front, total};

/// A count-min sketch as a map; only where a key's counters are is taken from the other implementation.
struct Sketch {
    words: usize,
    counters: BTreeMap<(usize, u32), u64>,
    counted: u64,
}

impl Sketch {
    fn frequency(&self, key: u64) -> u64 {
        let counts = sketch::places(key, self.words).map(|place| self.counters.get(&place));
        counts
            .into_iter()
            .map(|count| count.copied().unwrap_or(0))
            .min()
            .unwrap()
    }

    fn count(&mut self, key: u64) {
        let mut changed = false;
        for place in sketch::places(key, self.words) {
            let counter = self.counters.entry(place).or_default();
            changed |= *counter < 15;
            *counter = (*counter + 1).min(15);
        }
        self.counted += u64::from(changed);
        if self.counted == 10 * self.words as u64 {
            let odd: u64 = self.counters.values().map(|counter| counter % 2).sum();
            self.counters.values_mut().for_each(|counter| *counter /= 2);
            self.counted = (self.counted - odd / 4) / 2;
        }
    }
}

pub(super) struct WTinyLfu {
    capacity: u64,
    window: Items,
    probation: Items,
    protected: Items,
    sketch: Sketch,
}

impl WTinyLfu {
    pub(super) fn new(setting: &Setting<'_>) -> Self {
        let capacity = setting.capacity;
        let words = if setting.in_objects { capacity } else { 0 };
        let words = usize::try_from(words).unwrap().next_power_of_two().max(8);
        let sketch = Sketch {
            words,
            counters: BTreeMap::new(),
            counted: 0,
        };
        Self {
            capacity,
            window: Items::new(),
            probation: Items::new(),
            protected: Items::new(),
            sketch,
        }
    }

    fn window_at_most(&self) -> u64 {
        (self.capacity / 100).max(1)
    }

    fn objects(&self) -> usize {
        self.window.len() + self.probation.len() + self.protected.len()
    }

    /// A candidate, not yet in any list, against the main part. How many others left; whether it won.
    fn contest(&mut self, candidate: Item) -> (u32, bool) {
        let mut evicted = 0;
        let main = self.capacity - self.window_at_most();
        while total(&self.probation) + total(&self.protected) + candidate.size > main {
            let victim = self.probation.last().or(self.protected.last()).copied();
            let wins = victim.is_some_and(|victim| {
                self.sketch.frequency(candidate.key) > self.sketch.frequency(victim.key)
            });
            if !wins {
                return (evicted, false);
            }
            self.probation.pop().or_else(|| self.protected.pop());
            evicted += 1;
        }
        self.probation.insert(0, candidate);
        (evicted, true)
    }
}

impl Naive for WTinyLfu {
    fn is_there(&self, key: u64) -> bool {
        is_in(&[&self.window, &self.probation, &self.protected], key)
    }

    fn hit(&mut self, key: u64) {
        self.sketch.count(key);
        if find(&self.window, key).is_some() {
            return to_front(&mut self.window, key);
        }
        let item = take(&mut self.probation, key).or(take(&mut self.protected, key));
        self.protected.insert(0, item.unwrap());
        let main = self.capacity - self.window_at_most();
        while total(&self.protected) > 80 * main / 100 {
            let overflowing = self.protected.pop().unwrap();
            self.probation.insert(0, overflowing);
        }
    }

    fn miss(&mut self, key: u64, size: u64) -> (u32, bool) {
        if self.objects() + 1 > self.sketch.words {
            self.sketch.words *= 2;
            self.sketch.counters.clear();
            self.sketch.counted = 0;
        }
        self.sketch.count(key);
        self.window.insert(0, new(key, size));
        let (mut evicted, mut admitted) = (0, true);
        while total(&self.window) > self.window_at_most() {
            let candidate = self.window.pop().unwrap();
            let (left, won) = self.contest(candidate);
            evicted += left;
            if !won && candidate.key == key {
                admitted = false;
            } else {
                evicted += u32::from(!won);
            }
        }
        (evicted, admitted)
    }

    fn remove(&mut self, key: u64) {
        for list in [&mut self.window, &mut self.probation, &mut self.protected] {
            take(list, key);
        }
    }

    fn queues(&self) -> Vec<(Queue, Items)> {
        let counted = |items: &Items| {
            let with_frequency = |&item: &Item| Item {
                uses: self.sketch.frequency(item.key),
                ..item
            };
            items.iter().map(with_frequency).collect()
        };
        vec![
            (Queue::Window, counted(&self.window)),
            (Queue::Probation, counted(&self.probation)),
            (Queue::Protected, counted(&self.protected)),
        ]
    }
}
