//! Caches by number; look-ups and writes.

use super::super::program::{
    CacheSpec, CachingOp, Flush, Held, LookupSpec, NO_REGISTER, NONE, Op, SourceSpec, WriteSpec,
};
use super::{Compiler, narrow};
use crate::scenario::{Activity, Cache, Lookup, Path, Resource, Write, WritePolicy};
use crate::workload::Workload;

impl<'a> Compiler<'a> {
    pub(super) fn cache(&mut self, cache: &Cache) -> u32 {
        let group = cache.per.as_deref().map_or(NONE, |name| {
            let before = self.scenario.resources.iter().take_while(|it| it.0 != name);
            narrow(
                before
                    .filter(|it| matches!(it.1, Resource::Group(_)))
                    .count(),
            )
        });
        self.program.caches.push(CacheSpec {
            policy: cache.policy,
            capacity: cache.capacity,
            expiry: cache.expiry,
            group,
            count: narrow(cache.count(self.scenario)),
            objects: cache.capacity.amount(),
        });
        narrow(self.program.caches.len() - 1)
    }

    /// The key that the request is about from here on.
    pub(super) fn key(&mut self, workload: &Workload, place: &str) {
        if self.class.key == NO_REGISTER {
            self.class.key = self.register();
            // The next register keeps the version that the request carries.
            self.register();
        }
        let rate = self
            .scenario
            .classes
            .get(self.class.name)
            .and_then(|class| class.arrivals.rate());
        self.program.sources.push(SourceSpec {
            workload: workload.clone(),
            rate: rate.unwrap_or(1.0).max(f64::MIN_POSITIVE),
        });
        self.class.source = narrow(self.program.sources.len() - 1);
        let (register, source) = (self.class.key, self.class.source);
        self.op(Op::Caching(CachingOp::Key { register, source }), place);
    }

    /// The number of a cache, and the register with the server whose it is.
    fn cache_at_hand(&self, name: &str) -> (u32, u16) {
        let per = match self.scenario.resources.get(name) {
            Some(Resource::Cache(cache)) => cache.per.as_deref(),
            _ => None,
        };
        let chosen = per.and_then(|group| self.class.chosen.iter().rfind(|it| it.0 == group));
        (self.number_of(name), chosen.map_or(NO_REGISTER, |it| it.1))
    }

    pub(super) fn look_up(&mut self, lookup: &'a Lookup, place: &str) {
        let (cache, chosen) = self.cache_at_hand(&lookup.at);
        let number = narrow(self.program.lookups.len());
        let spec = LookupSpec {
            cache,
            chosen,
            key: self.class.key,
            since: self.register(),
            source: self.class.source,
            outer: self.class.missed.last().copied().unwrap_or(NONE),
            miss: NONE,
            refresh: NONE,
            early: lookup.early,
            chance: self.chance(),
            coalesce: lookup.coalesce,
            absent: lookup.absent,
            negative: lookup.negative,
        };
        self.program.lookups.push(spec);
        self.op(Op::Caching(CachingOp::LookUp { lookup: number }), place);
        self.path(&lookup.hit, &format!("{place}.hit"));
        let mut exits = vec![self.op(Op::End, place)];
        self.program.lookups[number as usize].miss = self.here();
        self.fetch(number, lookup, lookup.coalesce, place);
        if lookup.early > 0.0 {
            exits.push(self.op(Op::End, place));
            let outer = std::mem::replace(&mut self.class.scope, NONE);
            self.program.lookups[number as usize].refresh = self.here();
            self.fetch(number, lookup, true, place);
            self.op(Op::EndChild, place);
            self.class.scope = outer;
        }
        let target = self.here();
        for exit in exits {
            self.program.ops[exit] = Op::Jump { target };
        }
    }

    /// The path of a miss, at whose end the object goes into the cache.
    fn fetch(&mut self, number: u32, lookup: &'a Lookup, others_wait: bool, place: &str) {
        // An inner look-up says by itself what a request brings back.
        let reads = std::mem::replace(&mut self.class.reads, !looks_up(&lookup.miss));
        self.class.missed.push(number);
        self.read_store(place);
        let inner = format!("{place}.miss");
        if others_wait {
            self.scoped(Held::Fetch { lookup: number }, &lookup.miss, &inner);
        } else {
            self.path(&lookup.miss, &inner);
        }
        self.class.missed.pop();
        self.class.reads = reads;
        self.op(Op::Caching(CachingOp::Fill { lookup: number }), place);
    }

    /// What work has brought back from the store.
    pub(super) fn read_store(&mut self, place: &str) {
        if self.class.reads {
            let register = self.class.key;
            self.op(Op::Caching(CachingOp::ReadStore { register }), place);
        }
    }

    pub(super) fn write(&mut self, write: &'a Write, place: &str) {
        let reads = std::mem::take(&mut self.class.reads);
        let number = narrow(self.program.writes.len());
        let spec = WriteSpec {
            caches: write
                .caches
                .iter()
                .map(|name| self.cache_at_hand(name))
                .collect(),
            key: self.class.key,
            source: self.class.source,
            class: self.class.number.into(),
            how: write.how,
            forgotten: write.forgotten,
            chance: self.chance(),
            event: NONE,
            flush: None,
        };
        self.program.writes.push(spec);
        let inner = format!("{place}.path");
        if let WritePolicy::Behind(behind) = write.how {
            self.op(Op::Caching(CachingOp::Commit { write: number }), place);
            let entry = self.aside(place, |it| {
                it.path(&write.path, &inner);
                it.op(Op::Caching(CachingOp::Flushed { write: number }), place);
            });
            self.program.writes[number as usize].flush = Some(Flush {
                interval: behind.interval,
                batch: behind.batch,
                entry,
            });
        } else {
            self.path(&write.path, &inner);
            self.op(Op::Caching(CachingOp::Commit { write: number }), place);
        }
        if let Some(event) = &write.event {
            let draw = self.draw(&event.after);
            self.program.writes[number as usize].event = self.aside(place, |it| {
                it.op(Op::Delay { draw }, place);
                it.op(Op::Caching(CachingOp::Hear { write: number }), place);
            });
        }
        self.class.reads = reads;
    }

    /// What is done in the background, beside the request's own path; returns where it begins.
    fn aside(&mut self, place: &str, what: impl FnOnce(&mut Self)) -> u32 {
        let hole = self.op(Op::End, place);
        let outer = std::mem::replace(&mut self.class.scope, NONE);
        let entry = self.here();
        what(self);
        self.op(Op::EndChild, place);
        self.class.scope = outer;
        self.program.ops[hole] = Op::Jump {
            target: self.here(),
        };
        entry
    }
}

/// Whether there is a look-up on a path.
fn looks_up(path: &Path) -> bool {
    path.iter().any(|activity| {
        matches!(activity, Activity::Cache(_))
            || activity.inner().iter().any(|(_, inner)| looks_up(inner))
    })
}
