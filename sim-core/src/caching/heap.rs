//! A four-ary heap of slots that knows where each slot is: the least key is found at once, any key changed in logarithmic time.

use super::Slot;

const ARITY: usize = 4;

/// What objects are ordered by: the second number decides among equals.
pub(super) type Rank = (u64, u64);

/// Slots by rank, the least at the top.
#[derive(Debug, Clone, Default)]
pub(super) struct Heap {
    entries: Vec<(Rank, Slot)>,
    /// Where in `entries` each slot is; meaningless for slots that are not there.
    places: Vec<u32>,
}

impl Heap {
    /// The slot of least rank. There must be one.
    #[inline(always)]
    pub(super) fn top(&self) -> (Rank, Slot) {
        self.entries[0]
    }

    /// Adds a slot that is not there.
    pub(super) fn push(&mut self, slot: Slot, rank: Rank) {
        if self.places.len() <= slot as usize {
            self.places.resize(slot as usize + 1, 0);
        }
        self.entries.push((rank, slot));
        self.rise(self.entries.len() - 1, (rank, slot));
    }

    /// Changes the rank of a slot that is there.
    pub(super) fn update(&mut self, slot: Slot, rank: Rank) {
        let place = self.places[slot as usize] as usize;
        let old = self.entries[place].0;
        self.settle(place, (rank, slot), rank < old);
    }

    /// Takes a slot out that is there.
    pub(super) fn remove(&mut self, slot: Slot) {
        let place = self.places[slot as usize] as usize;
        let Some(last) = self.entries.pop() else {
            return;
        };
        if let Some(&(old, _)) = self.entries.get(place) {
            self.settle(place, last, last.0 < old);
        }
    }

    /// All slots, the greatest rank first.
    pub(super) fn descending(&self) -> Vec<Slot> {
        let mut entries = self.entries.clone();
        entries.sort_unstable_by(|a, b| b.cmp(a));
        entries.into_iter().map(|(_, slot)| slot).collect()
    }

    fn settle(&mut self, place: usize, entry: (Rank, Slot), rises: bool) {
        if rises {
            self.rise(place, entry);
        } else {
            self.sink(place, entry);
        }
    }

    #[inline(always)]
    fn put(&mut self, place: usize, entry: (Rank, Slot)) {
        self.entries[place] = entry;
        // There are fewer entries than slots.
        self.places[entry.1 as usize] = u32::try_from(place).unwrap_or(u32::MAX);
    }

    fn rise(&mut self, mut place: usize, entry: (Rank, Slot)) {
        while place > 0 {
            let parent = (place - 1) / ARITY;
            if self.entries[parent].0 <= entry.0 {
                break;
            }
            self.put(place, self.entries[parent]);
            place = parent;
        }
        self.put(place, entry);
    }

    fn sink(&mut self, mut place: usize, entry: (Rank, Slot)) {
        loop {
            let first = ARITY * place + 1;
            let children = first..(first + ARITY).min(self.entries.len());
            let Some(least) = children.min_by_key(|&child| self.entries[child].0) else {
                break;
            };
            if entry.0 <= self.entries[least].0 {
                break;
            }
            self.put(place, self.entries[least]);
            place = least;
        }
        self.put(place, entry);
    }
}
