//! Objects and ghosts in slots: one flat array, an index, and an account of what they take.

use super::cache::NONE;
use super::dense;
use super::index::{IN_USE, Index, Node};
use super::list::Link;
use super::{Capacity, Slot};

/// How many slots to make room for at the start, at most.
const AT_START: u64 = 1 << 16;

/// Where a policy keeps its objects. A resident object counts against the capacity, a ghost does not.
#[derive(Debug, Clone)]
pub(super) struct Store<I: Index> {
    index: I,
    pub(super) nodes: Vec<Node<I::Key>>,
    /// Whether each slot is in use, and seven bits whose meaning is the policy's.
    marks: Vec<u8>,
    /// Size of each slot's object; empty where objects are counted.
    sizes: Vec<u32>,
    /// Free slots, linked by `after`.
    free: Slot,
    in_bytes: bool,
    capacity: u64,
    used: u64,
    /// How many objects there are, where bytes are counted.
    objects: u64,
}

impl<I: Index> Store<I> {
    /// An empty store.
    pub(super) fn new(index: I, capacity: Capacity) -> Self {
        let in_bytes = matches!(capacity, Capacity::Bytes(_));
        let vacant = Node {
            link: Link::ALONE,
            key: I::Key::default(),
        };
        let len = index.fixed_slots() as usize;
        let at_start = if in_bytes {
            0
        } else {
            capacity.amount().min(AT_START)
        };
        let mut nodes = vec![vacant; len];
        if !I::HAS_FIXED_SLOTS {
            nodes.reserve(usize::try_from(at_start).unwrap_or_default());
        }
        Self {
            index,
            nodes,
            marks: vec![0; len],
            sizes: vec![0; if in_bytes { len } else { 0 }],
            free: NONE,
            in_bytes,
            capacity: capacity.amount(),
            used: 0,
            objects: 0,
        }
    }

    /// The same with room for everything.
    pub(super) fn without_limit(self) -> Self {
        Self {
            capacity: u64::MAX,
            ..self
        }
    }

    /// How many objects there will be at most, as far as is known: as many as there are now where bytes are counted.
    pub(super) fn expected_objects(&self) -> u64 {
        if self.in_bytes {
            self.objects
        } else {
            self.capacity
        }
    }

    pub(super) fn capacity(&self) -> u64 {
        self.capacity
    }

    pub(super) fn used(&self) -> u64 {
        self.used
    }

    pub(super) fn len(&self) -> u64 {
        if self.in_bytes {
            self.objects
        } else {
            self.used
        }
    }

    /// A share of the capacity, rounded down.
    pub(super) fn percent(&self, percent: u64) -> u64 {
        // The capacity is at most 2⁵³.
        self.capacity * percent / 100
    }

    #[inline(always)]
    pub(super) fn slots(&self) -> u32 {
        // Creation stops below 2³² slots.
        u32::try_from(self.nodes.len()).unwrap_or(NONE)
    }

    /// The slot of a key, object or ghost, or `NONE`.
    #[inline(always)]
    pub(super) fn find(&self, key: u64) -> Slot {
        self.index.find(key, &self.nodes, &self.marks)
    }

    #[inline(always)]
    pub(super) fn key(&self, slot: Slot) -> u64 {
        I::key(self.nodes[slot as usize].key, slot)
    }

    /// The policy's mark of what is in a slot.
    #[inline(always)]
    pub(super) fn mark(&self, slot: Slot) -> u8 {
        self.marks[slot as usize] & !IN_USE
    }

    /// Marks what is in a slot, with seven bits.
    #[inline(always)]
    pub(super) fn set_mark(&mut self, slot: Slot, mark: u8) {
        self.marks[slot as usize] = mark | IN_USE;
    }

    /// Whether there is an object or a ghost in a slot.
    pub(super) fn is_in_use(&self, slot: Slot) -> bool {
        self.marks[slot as usize] & IN_USE != 0
    }

    /// What an object of this size takes.
    #[inline(always)]
    pub(super) fn cost_of(&self, size: u32) -> u64 {
        if self.in_bytes {
            u64::from(size.max(1))
        } else {
            1
        }
    }

    /// What the object or ghost in a slot takes or took.
    #[inline(always)]
    pub(super) fn cost(&self, slot: Slot) -> u64 {
        if self.in_bytes {
            u64::from(self.sizes[slot as usize])
        } else {
            1
        }
    }

    /// Whether there is room for so much more.
    #[inline(always)]
    pub(super) fn fits(&self, cost: u64) -> bool {
        self.used + cost <= self.capacity
    }

    /// Whether more is taken than there is.
    #[inline(always)]
    pub(super) fn is_over(&self) -> bool {
        self.used > self.capacity
    }

    /// A slot for an object whose key is in none; its mark is 0.
    #[inline(always)]
    pub(super) fn create(&mut self, key: u64, size: u32) -> Slot {
        let slot = if I::HAS_FIXED_SLOTS {
            dense::slot(key)
        } else if self.free == NONE {
            return self.extend(key, size);
        } else {
            let node = &mut self.nodes[self.free as usize];
            node.key = self.index.set(key, self.free);
            std::mem::replace(&mut self.free, node.link.after)
        };
        self.set_mark(slot, 0);
        self.occupy(slot, size);
        slot
    }

    #[inline(never)]
    fn extend(&mut self, key: u64, size: u32) -> Slot {
        let slot = self.slots();
        assert!(slot < NONE - 1, "a cache of 2^32 objects");
        self.nodes.push(Node {
            link: Link::ALONE,
            key: self.index.set(key, slot),
        });
        self.marks.push(IN_USE);
        if self.in_bytes {
            self.sizes.push(0);
        }
        self.occupy(slot, size);
        slot
    }

    #[inline(always)]
    fn occupy(&mut self, slot: Slot, size: u32) {
        if self.in_bytes {
            self.sizes[slot as usize] = size.max(1);
            self.used += u64::from(size.max(1));
            self.objects += 1;
        } else {
            self.used += 1;
        }
    }

    #[inline(always)]
    fn vacate(&mut self, slot: Slot) {
        if self.in_bytes {
            self.used -= u64::from(self.sizes[slot as usize]);
            self.objects -= 1;
        } else {
            self.used -= 1;
        }
    }

    /// Forgets a resident object that is in no list.
    #[inline(always)]
    pub(super) fn release(&mut self, slot: Slot) {
        self.vacate(slot);
        self.forget(slot);
    }

    /// Makes a ghost of a resident object.
    #[inline(always)]
    pub(super) fn bury(&mut self, slot: Slot) {
        self.vacate(slot);
    }

    /// Makes a resident object of a ghost that is in no list.
    #[inline(always)]
    pub(super) fn revive(&mut self, slot: Slot, size: u32) {
        self.occupy(slot, size);
    }

    /// Forgets a ghost that is in no list.
    #[inline(always)]
    pub(super) fn forget(&mut self, slot: Slot) {
        self.marks[slot as usize] = 0;
        if !I::HAS_FIXED_SLOTS {
            let node = &mut self.nodes[slot as usize];
            node.link.after = self.free;
            self.free = slot;
            self.index.clear(node.key, slot);
        }
    }
}

/// A slot's entry in an array of a policy's own, which grows as slots do.
#[inline(always)]
pub(super) fn entry<T: Clone>(entries: &mut Vec<T>, slot: Slot, vacant: T) -> &mut T {
    let at = slot as usize;
    if entries.len() <= at {
        entries.resize(at + 1, vacant);
    }
    &mut entries[at]
}
