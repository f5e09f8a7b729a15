//! S3-FIFO: three first-in-first-out queues, one of them of ghosts.
//!
//! Yang, Zhang, Qiu, Yue and Rashmi, "FIFO queues are all you need for cache eviction" (SOSP 2023): a new object goes to the small
//! queue S, one whose ghost is remembered to the main queue M. What leaves S goes on to M if it was used at least twice
//! there (its count starts anew), else it leaves and its key goes to the ghosts G. What comes to the end of M goes round once
//! more for each use, of which at most 3 count. S takes 10 % of the capacity, and G remembers as much as M holds.
//!
//! S gives way unless it is empty or M is beyond its 90 %, as in libCacheSim's `S3FIFOv0`, by the same authors; their later
//! `S3FIFO` also fills M directly until the cache is full for the first time, and admits nothing as large as S, which the paper
//! does not. In bytes the shares are of bytes.

use crate::caching::about::{About, Settling};
use crate::caching::cache::NONE;
use crate::caching::index::Index;
use crate::caching::replacement::Replacement;
use crate::caching::ring::Ring;
use crate::caching::store::Store;
use crate::caching::{Insertion, Queue, Seen, Slot, Spec};

const SMALL_PERCENT: u64 = 10;
/// Uses in S that take an object to M.
const ENOUGH: u8 = 2;
/// Uses that count at most.
const MOST: u8 = 3;

/// Marks: the number of uses, at most [`MOST`], and where an object is.
const USES: u8 = 3;
const IN_MAIN: u8 = 4;
const GHOST: u8 = 8;

/// A queue, and what all that is in it takes or took.
#[derive(Debug, Clone)]
struct Weighed {
    ring: Ring,
    weight: u64,
}

impl Weighed {
    fn new() -> Self {
        Self {
            ring: Ring::new(),
            weight: 0,
        }
    }

    #[inline(always)]
    fn push(&mut self, slot: Slot, cost: u64) {
        self.ring.push(slot);
        self.weight += cost;
    }

    #[inline(always)]
    fn pop(&mut self, cost: impl FnOnce(Slot) -> u64) -> Option<Slot> {
        let slot = self.ring.pop()?;
        self.weight -= cost(slot);
        Some(slot)
    }

    #[inline(always)]
    fn remove(&mut self, slot: Slot, cost: u64) {
        self.ring.remove(slot);
        self.weight -= cost;
    }
}

/// Three queues.
#[derive(Debug, Clone)]
pub(super) struct S3Fifo<I: Index> {
    store: Store<I>,
    small: Weighed,
    main: Weighed,
    ghosts: Weighed,
    main_size: u64,
}

impl<I: Index> S3Fifo<I> {
    #[inline(always)]
    fn mark(&self, slot: Slot) -> u8 {
        self.store.mark(slot)
    }

    /// One object leaves, from either queue.
    #[inline(always)]
    fn evict(&mut self) -> u32 {
        if self.main.weight > self.main_size || self.small.weight == 0 {
            self.evict_main()
        } else {
            self.evict_small()
        }
    }

    /// 0 if all went on to M.
    #[inline(always)]
    fn evict_small(&mut self) -> u32 {
        while let Some(slot) = self.small.pop(|it| self.store.cost(it)) {
            let cost = self.store.cost(slot);
            if self.mark(slot) < ENOUGH {
                self.store.bury(slot);
                self.store.set_mark(slot, GHOST);
                self.ghosts.push(slot, cost);
                self.forget_beyond_limit();
                return 1;
            }
            self.store.set_mark(slot, IN_MAIN);
            self.main.push(slot, cost);
        }
        0
    }

    #[inline(always)]
    fn forget_beyond_limit(&mut self) {
        while self.ghosts.weight > self.main_size {
            let Some(slot) = self.ghosts.pop(|it| self.store.cost(it)) else {
                break;
            };
            self.store.forget(slot);
        }
    }

    #[inline(always)]
    fn evict_main(&mut self) -> u32 {
        while let Some(slot) = self.main.pop(|it| self.store.cost(it)) {
            let mark = self.mark(slot);
            if mark & USES == 0 {
                self.store.release(slot);
                return 1;
            }
            self.store.set_mark(slot, mark - 1);
            self.main.push(slot, self.store.cost(slot));
        }
        0
    }
}

impl<I: Index> Replacement for S3Fifo<I> {
    type Index = I;

    const ABOUT: About = About {
        spec: "s3-fifo",
        name: "S3-FIFO",
        sentence: "Three first-in-first-out queues, one of them of ghosts.",
        brief: "three FIFO queues",
        queues: &[
            (Queue::Small, "small queue: new here"),
            (Queue::Main, "main queue: used before"),
            (Queue::Ghost, "ghosts: gone, but remembered"),
        ],
        needs_future: false,
        keeps_everything: false,
        forgets_expired: false,
        settling: Settling::Late,
        approximation: None,
    };

    fn new(store: Store<I>, _spec: &Spec) -> Self {
        Self {
            main_size: store.capacity() - store.percent(SMALL_PERCENT),
            store,
            small: Weighed::new(),
            main: Weighed::new(),
            ghosts: Weighed::new(),
        }
    }

    #[inline(always)]
    fn store(&self) -> &Store<I> {
        &self.store
    }

    #[inline(always)]
    fn is_ghost(&self, slot: Slot) -> bool {
        self.mark(slot) == GHOST
    }

    #[inline(always)]
    fn touch(&mut self, slot: Slot) {
        let mark = self.mark(slot);
        let more = u8::from(mark & USES < MOST);
        self.store.set_mark(slot, mark + more);
    }

    // Apart from the loop over requests, whose hits need none of this: both are faster for it.
    #[inline(never)]
    fn admit(&mut self, key: u64, size: u32, ghost: Slot) -> Insertion {
        if ghost != NONE {
            self.ghosts.remove(ghost, self.store.cost(ghost));
        }
        let mut evicted = 0;
        while !self.store.fits(self.store.cost_of(size)) {
            evicted += self.evict();
        }
        let slot = if ghost == NONE {
            let slot = self.store.create(key, size);
            self.small.push(slot, self.store.cost(slot));
            slot
        } else {
            self.store.revive(ghost, size);
            self.store.set_mark(ghost, IN_MAIN);
            self.main.push(ghost, self.store.cost(ghost));
            ghost
        };
        Insertion {
            slot: Some(slot),
            evicted,
        }
    }

    fn discard(&mut self, slot: Slot) {
        let in_main = self.mark(slot) & IN_MAIN != 0;
        let queue = if in_main {
            &mut self.main
        } else {
            &mut self.small
        };
        queue.remove(slot, self.store.cost(slot));
        self.store.release(slot);
    }

    fn show(&self, see: &mut dyn FnMut(Seen)) {
        let uses = |slot: Slot| u64::from(self.mark(slot) & USES);
        for (name, queue) in [
            (Queue::Small, &self.small),
            (Queue::Main, &self.main),
            (Queue::Ghost, &self.ghosts),
        ] {
            let slots = queue.ring.newest_first();
            self.store.show(name, slots, uses, NONE, see);
        }
    }
}
