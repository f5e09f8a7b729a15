//! CLOCK-Pro: a row of pages; where its hands are is looked up whenever it matters.

use super::super::super::Queue;
use super::{Item, Items, Naive, new};

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Hot,
    Cold,
    /// Only the key is left.
    Gone,
}

#[derive(Debug, Clone, Copy)]
struct Page {
    /// `uses` is the reference bit.
    item: Item,
    kind: Kind,
    in_test: bool,
}

pub(super) struct ClockPro {
    capacity: u64,
    /// The newest first.
    row: Vec<Page>,
    /// How much cold pages should take; signed, since it is out of bounds for a moment.
    cold_target: i128,
}

impl ClockPro {
    pub(super) fn new(capacity: u64) -> Self {
        Self {
            capacity,
            row: Vec::new(),
            cold_target: (capacity / 100).max(1).into(),
        }
    }

    fn least(&self) -> u64 {
        (self.capacity / 100).max(1)
    }

    fn at(&self, key: u64) -> Option<usize> {
        self.row.iter().position(|page| page.item.key == key)
    }

    fn total(&self, is_one: impl Fn(Kind) -> bool) -> u64 {
        let pages = self.row.iter().filter(|page| is_one(page.kind));
        pages.map(|page| page.item.size).sum()
    }

    fn hot(&self) -> u64 {
        self.total(|kind| kind == Kind::Hot)
    }

    fn resident(&self) -> u64 {
        self.total(|kind| kind != Kind::Gone)
    }

    fn oldest(&self, kind: Kind) -> Option<usize> {
        self.row.iter().rposition(|page| page.kind == kind)
    }

    fn oldest_in_test(&self) -> Option<usize> {
        self.row.iter().rposition(|page| page.in_test)
    }

    fn change_target(&mut self, by: i128) {
        let least = i128::from(self.least());
        let most = (i128::from(self.capacity) - least).max(least);
        self.cold_target = (self.cold_target + by).clamp(least, most);
    }

    fn end_test(&mut self, at: usize) {
        let Page { item, kind, .. } = self.row[at];
        let size = i128::from(item.size);
        self.change_target(if item.uses > 0 { size } else { -size });
        self.row[at].in_test = false;
        if kind == Kind::Gone {
            self.row.remove(at);
        }
    }

    /// No page older than all hot ones is in its test.
    fn end_old_tests(&mut self) {
        while let (Some(hot), Some(test)) = (self.oldest(Kind::Hot), self.oldest_in_test()) {
            if test < hot {
                break;
            }
            self.end_test(test);
        }
    }

    /// To the newest end, its bit cleared.
    fn go_round(&mut self, at: usize, kind: Kind, in_test: bool) {
        let mut page = self.row.remove(at);
        page.item.uses = 0;
        self.row.insert(
            0,
            Page {
                kind,
                in_test,
                ..page
            },
        );
        self.end_old_tests();
    }

    fn run_hand_hot(&mut self) {
        let at = self.oldest(Kind::Hot).unwrap();
        let kind = if self.row[at].item.uses > 0 {
            Kind::Hot
        } else {
            Kind::Cold
        };
        self.go_round(at, kind, false);
    }

    /// A page was used in its test: whether it becomes hot.
    fn can_be_hot(&mut self, key: u64, size: u64) -> bool {
        let at = self.at(key).unwrap();
        self.row[at].item.uses = 0;
        self.change_target(size.into());
        while i128::from(self.hot() + size) > i128::from(self.capacity) - self.cold_target {
            let hot = self.hot();
            while self.hot() == hot {
                let in_test = self.at(key).is_some_and(|at| self.row[at].in_test);
                if !in_test || self.oldest(Kind::Hot).is_none() {
                    return false;
                }
                self.run_hand_hot();
            }
        }
        true
    }

    /// Whether an object left.
    fn run_hand_cold(&mut self) -> bool {
        let Some(at) = self.oldest(Kind::Cold) else {
            self.run_hand_hot();
            return false;
        };
        let Page { item, in_test, .. } = self.row[at];
        if item.uses > 0 {
            let hot = in_test && self.can_be_hot(item.key, item.size);
            let at = self.at(item.key).unwrap();
            let kind = if hot { Kind::Hot } else { Kind::Cold };
            self.go_round(at, kind, !hot);
            return false;
        }
        if in_test {
            self.row[at].kind = Kind::Gone;
        } else {
            self.row.remove(at);
        }
        while self.total(|kind| kind == Kind::Gone) > self.capacity {
            self.end_test(self.oldest_in_test().unwrap());
        }
        true
    }
}

impl Naive for ClockPro {
    fn is_there(&self, key: u64) -> bool {
        self.at(key)
            .is_some_and(|at| self.row[at].kind != Kind::Gone)
    }

    fn hit(&mut self, key: u64) {
        let at = self.at(key).unwrap();
        self.row[at].item.uses = 1;
    }

    fn miss(&mut self, key: u64, size: u64) -> (u32, bool) {
        let has_room = self.resident() + size + self.least() <= self.capacity;
        let mut evicted = 0;
        while self.resident() + size > self.capacity {
            evicted += u32::from(self.run_hand_cold());
        }
        let hot = if self.at(key).is_some() {
            let hot = self.can_be_hot(key, size);
            self.row.retain(|page| page.item.key != key);
            hot
        } else {
            has_room
        };
        let page = Page {
            item: new(key, size),
            kind: if hot { Kind::Hot } else { Kind::Cold },
            in_test: !hot,
        };
        self.row.insert(0, page);
        self.end_old_tests();
        (evicted, true)
    }

    fn remove(&mut self, key: u64) {
        let at = self.at(key).unwrap();
        self.row.remove(at);
        self.end_old_tests();
    }

    fn queues(&self) -> Vec<(Queue, Items)> {
        let of = |kind: Kind| {
            let pages = self.row.iter().filter(|page| page.kind == kind);
            pages.map(|page| page.item).collect()
        };
        vec![
            (Queue::Main, of(Kind::Hot)),
            (Queue::Small, of(Kind::Cold)),
            (Queue::Ghost, of(Kind::Gone)),
        ]
    }

    fn hands(&self) -> Vec<u64> {
        let hands = [
            self.oldest(Kind::Hot),
            self.oldest(Kind::Cold),
            self.oldest_in_test()
                .filter(|&at| self.row[at].kind == Kind::Gone),
        ];
        let keys = hands.into_iter().flatten();
        keys.map(|at| self.row[at].item.key).collect()
    }
}
