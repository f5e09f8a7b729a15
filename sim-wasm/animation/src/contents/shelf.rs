//! One cache with the tiles that stand for what is in it.

use std::collections::{BTreeMap, VecDeque};

use sim_core::InputError;
use sim_core::caching::{self, Chance, Outcome, Policy, Queue, Spec};
use sim_core::figure::Unit;
use sim_core::figure::format;
use sim_core::math;
use sim_core::scenario;

use super::super::lane::Point;
use super::super::latest::{Latest, remember};
use super::rows::Rows;
use super::tiles::{FADE, FLIGHT, Fallen, Flight, Tile};

/// Time constant with which a tile moves, in seconds of the viewer.
const MOVE: f64 = 0.16;
/// Most tiles that fall at once.
const MOST_FALLING: usize = 24;

/// A cache that is watched.
#[derive(Debug)]
pub(super) struct Shelf {
    cache: Box<dyn caching::Cache>,
    picture: Picture,
}

/// What is seen of it.
#[derive(Debug, Clone)]
pub(super) struct Picture {
    pub(super) policy: Policy,
    /// By key.
    pub(super) tiles: BTreeMap<u64, Tile>,
    pub(super) fallen: VecDeque<Fallen>,
    pub(super) flights: VecDeque<Flight>,
    pub(super) latest: Latest,
    /// The latest request, and whether it was a hit.
    pub(super) last: Option<(u64, bool)>,
    /// How many are in each queue, in the policy's order.
    sizes: Vec<(Queue, usize)>,
    pub(super) names: Vec<Name>,
    /// Time there of the latest request, seconds.
    now: f64,
    objects: u64,
}

/// The name of a queue, as it is drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Name {
    queue: Queue,
    /// What it is.
    pub(super) words: &'static str,
    pub(super) top: f64,
    /// How many of the queue's tiles find no room.
    pub(super) hidden: usize,
}

impl Shelf {
    pub(super) fn new(cache: &scenario::Cache, seed: u64) -> Result<Self, InputError> {
        let chance = Chance {
            seed,
            replication: 0,
            cache: 0,
        };
        let spec = Spec {
            expiry: cache.expiry,
            chance,
            ..Spec::new(cache.policy, cache.capacity)
        };
        Ok(Self {
            cache: caching::build(&spec)?,
            picture: Picture {
                policy: cache.policy,
                tiles: BTreeMap::new(),
                fallen: VecDeque::new(),
                flights: VecDeque::new(),
                latest: Latest::default(),
                last: None,
                sizes: Vec::new(),
                names: Vec::new(),
                now: 0.0,
                objects: 0,
            },
        })
    }

    pub(super) fn policy(&self) -> Policy {
        self.picture.policy
    }

    pub(super) fn capacity(&self) -> u64 {
        self.cache.capacity()
    }

    pub(super) fn picture(&self) -> &Picture {
        &self.picture
    }

    /// Looks a key up, and puts the object in if it is not there.
    pub(super) fn ask(&mut self, key: u64, size: u32, now: f64) {
        let hit = self.cache.on_request(key, size, now) == Outcome::Hit;
        let picture = &mut self.picture;
        picture.now = now;
        picture.last = Some((key, hit));
        picture.latest.add(hit);
        let flight = Flight { key, hit, age: 0.0 };
        remember(&mut picture.flights, flight, MOST_FALLING);
    }

    /// Takes every tile to where its object is now; what is no longer there falls.
    pub(super) fn find_places(&mut self) {
        let Self { cache, picture } = self;
        picture.tiles.values_mut().for_each(|it| it.present = false);
        let queues = picture.policy.queues();
        picture.sizes = queues.iter().map(|it| (it.0, 0)).collect();
        picture.objects = cache.len();
        let now = picture.now;
        cache.contents(&mut |seen| {
            let tile = picture.tiles.entry(seen.key).or_insert(Tile {
                queue: seen.queue,
                position: 0,
                uses: 0,
                hand: false,
                fresh: true,
                present: true,
                at: None,
            });
            *tile = Tile {
                queue: seen.queue,
                position: seen.position as usize,
                uses: seen.frequency,
                hand: seen.hand,
                fresh: seen.queue.is_ghost() || cache.expires(seen.slot) > now,
                present: true,
                at: tile.at,
            };
            if let Some(it) = picture.sizes.iter_mut().find(|it| it.0 == seen.queue) {
                it.1 += 1;
            }
        });
        let fallen = &mut picture.fallen;
        picture.tiles.retain(|&key, tile| {
            if let (false, Some(from)) = (tile.present, tile.at) {
                let it = Fallen {
                    key,
                    from,
                    age: 0.0,
                };
                remember(fallen, it, MOST_FALLING);
            }
            tile.present
        });
    }

    /// Moves everything on by `seconds` of the viewer; at once where that is infinite.
    pub(super) fn follow(&mut self, rows: &Rows, seconds: f64) {
        let picture = &mut self.picture;
        let stay = math::exp(-seconds / MOVE);
        let blocks = rows.blocks(&picture.sizes);
        let before = std::mem::take(&mut picture.names);
        let queues = picture.policy.queues().iter();
        for ((block, &(_, size)), &(queue, words)) in blocks.iter().zip(&picture.sizes).zip(queues)
        {
            let was = before.iter().find(|it| it.queue == queue);
            let top = was.map_or(block.top, |was| block.top + (was.top - block.top) * stay);
            picture.names.push(Name {
                queue,
                words,
                top,
                hidden: size - block.drawn,
            });
        }
        for tile in picture.tiles.values_mut() {
            let Some(block) = blocks.iter().find(|it| it.queue == tile.queue) else {
                continue;
            };
            if tile.position >= block.drawn {
                tile.at = None;
                continue;
            }
            let wanted = rows.tile(block.top, tile.position);
            let was = tile.at.unwrap_or_else(|| rows.database());
            tile.at = Some(Point {
                x: wanted.x + (was.x - wanted.x) * stay,
                y: wanted.y + (was.y - wanted.y) * stay,
            });
        }
        picture.fallen.iter_mut().for_each(|it| it.age += seconds);
        picture.fallen.retain(|it| it.age < FADE);
        picture.flights.iter_mut().for_each(|it| it.age += seconds);
        picture.flights.retain(|it| it.age < FLIGHT);
    }

    /// Goes on from where the tiles of another cache are drawn.
    pub(super) fn take_over(&mut self, old: &Self) {
        let picture = &mut self.picture;
        for (key, tile) in &mut picture.tiles {
            let old = old.picture.tiles.get(key);
            tile.at = old.and_then(|it| it.at);
        }
        picture.flights.clear();
    }

    /// What is in it, in words.
    pub(super) fn tell(&self, items: u64) -> String {
        let picture = &self.picture;
        let count = |number: usize| format::value(number as f64, Unit::Count);
        [
            &format::value(picture.objects as f64, Unit::Count),
            " of ",
            &format::value(items as f64, Unit::Count),
            " items; ",
            &count(picture.latest.hits()),
            " of the last ",
            &count(picture.latest.len()),
            " requests hit",
        ]
        .concat()
    }
}

#[cfg(test)]
impl Shelf {
    /// Every object has a tile of its own, in its place and inside.
    pub(super) fn check(&self, rows: &Rows) {
        let picture = &self.picture;
        let objects = picture.tiles.values().filter(|it| !it.queue.is_ghost());
        assert_eq!(objects.count() as u64, self.cache.len());
        let mut places: Vec<_> = picture
            .tiles
            .values()
            .filter_map(|it| it.at)
            .map(|at| (at.x.to_bits(), at.y.to_bits()))
            .collect();
        let drawn = places.len();
        places.sort_unstable();
        places.dedup();
        assert_eq!(places.len(), drawn, "two tiles in one place");
        let hidden: usize = picture.names.iter().map(|it| it.hidden).sum();
        assert_eq!(drawn + hidden, picture.tiles.len());
        for tile in picture.tiles.values() {
            if let Some(at) = tile.at {
                assert!(at.x > 0.0 && at.x < rows.width && at.y < rows.height);
            }
        }
    }

    /// How many tiles are where they were.
    pub(super) fn shares_places_with(&self, old: &Picture) -> usize {
        let same = |(key, tile): (&u64, &Tile)| {
            let old = old.tiles.get(key);
            tile.at.is_some() && old.is_some_and(|it| it.at == tile.at)
        };
        self.picture.tiles.iter().filter(|&it| same(it)).count()
    }
}
