//! Stack distances: how large an LRU cache would have to be for a request to be a hit.
//!
//! The distance of a request is the size of all distinct objects asked for since its object was last asked for, itself included:
//! an LRU cache holds it still exactly if it has that much room (Mattson, Gecsei, Slutz and Traiger, "Evaluation techniques for
//! storage hierarchies", IBM Systems Journal 9, 1970). In bytes this is true as long as every object fits into the cache, and keeps
//! its size.
//!
//! Each object has a place in the order of last requests; a sum over the places after its own is the distance (Bennett and
//! Kruskal, "LRU stack processing", IBM Journal of Research and Development 19, 1975). Places that have been left are closed up
//! when they are as many as the others, so that memory grows with distinct objects only.

use super::fenwick::Fenwick;

/// No place, no object.
const NONE: u32 = u32::MAX;
/// The fewest places.
const FEWEST: usize = 1024;

/// The order of last requests, of objects numbered densely from 0.
#[derive(Debug, Clone, Default)]
pub struct StackDistances {
    /// The place of each object.
    places: Vec<u32>,
    sizes: Vec<u32>,
    /// The object at each place in use so far.
    objects: Vec<u32>,
    /// The size at each place.
    tree: Fenwick,
    distinct: usize,
    total: u64,
}

impl StackDistances {
    /// How many distinct objects have been asked for.
    pub fn distinct(&self) -> u64 {
        self.distinct as u64
    }

    /// The distance of the next request, in the unit of `size` (1 for a distance in objects); `None` where the object is asked for
    /// for the first time. The size of an object is that of its first request.
    ///
    /// # Panics
    /// If the object's number is 2³² − 1.
    #[inline]
    pub fn request(&mut self, object: u32, size: u32) -> Option<u64> {
        assert!(object != NONE, "objects are numbered densely from 0");
        let index = object as usize;
        if index >= self.places.len() {
            self.places.resize(index + 1, NONE);
            self.sizes.resize(index + 1, 0);
        }
        if self.objects.len() == self.tree.len() {
            self.close_up();
        }
        let distance = match self.places[index] {
            NONE => {
                self.sizes[index] = size;
                self.total += u64::from(size);
                self.distinct += 1;
                None
            }
            place => {
                let own = u64::from(self.sizes[index]);
                let before = self.tree.sum(place as usize);
                self.objects[place as usize] = NONE;
                self.tree.take(place as usize, own);
                Some(self.total - before)
            }
        };
        let last = self.objects.len();
        self.places[index] = number(last);
        self.objects.push(object);
        self.tree.add(last, u64::from(self.sizes[index]));
        distance
    }

    /// Moves all objects to the first places, in order, and makes room for as many more.
    #[cold]
    fn close_up(&mut self) {
        self.objects.retain(|&object| object != NONE);
        for (place, &object) in self.objects.iter().enumerate() {
            self.places[object as usize] = number(place);
        }
        let sizes = self
            .objects
            .iter()
            .map(|&object| u64::from(self.sizes[object as usize]));
        self.tree = Fenwick::new(sizes, (2 * self.objects.len()).max(FEWEST));
    }
}

/// A place as a number of 32 bits: there are at most twice as many places as objects.
fn number(place: usize) -> u32 {
    u32::try_from(place).expect("fewer than 2³¹ distinct objects")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::hash;

    #[test]
    fn distances_by_hand() {
        let mut stack = StackDistances::default();
        let requests = [0, 1, 0, 0, 2, 1, 0];
        let found = requests.map(|object| stack.request(object, 1));
        assert_eq!(
            found,
            [None, None, Some(2), Some(1), None, Some(3), Some(3)]
        );
        let mut stack = StackDistances::default();
        let found = requests.map(|object| stack.request(object, 10 << object));
        assert_eq!(
            found,
            [None, None, Some(30), Some(10), None, Some(70), Some(70)]
        );
    }

    #[test]
    fn distances_are_those_of_a_list_that_is_searched() {
        let mut stack = StackDistances::default();
        let mut list: Vec<u32> = Vec::new();
        for n in 0..40_000_u64 {
            let spread = 1 + hash(n) % 700;
            let object = u32::try_from(hash(n + 1_000_000) % spread).unwrap();
            let size = 1 + object % 5;
            let at = list.iter().rev().position(|&it| it == object);
            let expected = at.map(|at| {
                let above = &list[list.len() - 1 - at..];
                above.iter().map(|it| u64::from(1 + it % 5)).sum()
            });
            list.retain(|&it| it != object);
            list.push(object);
            assert_eq!(stack.request(object, size), expected, "request {n}");
        }
        assert_eq!(stack.distinct(), list.len() as u64);
        assert!(stack.tree.len() < 2 * FEWEST);
    }
}
