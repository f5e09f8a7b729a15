//! Caches by number; look-ups and writes.

use super::super::program::{
    CacheSpec, CachingOp, Flush, Held, LookupSpec, NO_REGISTER, NONE, Op, SourceSpec, Turn,
    WriteSpec,
};
use super::{Compiler, narrow};
use crate::scenario::activity::Set;
use crate::scenario::{Activity, Behind, Cache, Lookup, Path, Resource, Write, WritePolicy};
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
            self.class.key = self.key_registers();
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

    /// A block of registers: a key, the version that the request carries of its object, and where the key comes from.
    fn key_registers(&mut self) -> u16 {
        let key = self.register();
        self.register();
        self.register();
        key
    }

    /// Inside the path of a batch of writes, what is about a key is done for each of its keys in turn.
    pub(super) fn for_each_key(&mut self, place: &str, what: impl FnOnce(&mut Self)) {
        let Some((write, batch)) = self.class.batch.take() else {
            return what(self);
        };
        let done = self.register();
        self.op(
            Op::Load {
                register: done,
                value: 0,
            },
            place,
        );
        let turn = narrow(self.program.turns.len());
        self.program.turns.push(Turn {
            write,
            batch,
            done,
            key: self.class.key,
            after: NONE,
        });
        let target = self.here();
        self.op(Op::Caching(CachingOp::NextKey { turn }), place);
        what(self);
        self.op(Op::Jump { target }, place);
        self.program.turns[turn as usize].after = self.here();
        self.class.batch = Some((write, batch));
    }

    /// A path after which the request is about the key that it was about before, whatever it sets meanwhile. Returns the register
    /// that has this key all the time.
    fn restored(&mut self, path: &Path, place: &str, what: impl FnOnce(&mut Self)) -> u16 {
        let key = self.class.key;
        if !path.iter().any(sets_key) {
            what(self);
            return key;
        }
        let kept = self.key_registers();
        let keep = CachingOp::Keep {
            from: key,
            to: kept,
        };
        self.op(Op::Caching(keep), place);
        let source = self.class.source;
        what(self);
        self.class.source = source;
        let restore = CachingOp::Restore {
            from: kept,
            to: key,
        };
        self.op(Op::Caching(restore), place);
        kept
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
            fetched: self.class.key,
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
        if others_wait {
            let held = Held::Fetch { lookup: number };
            self.scoped(held, |it| it.bring(number, lookup, place));
        } else {
            self.bring(number, lookup, place);
        }
        self.class.missed.pop();
        self.class.reads = reads;
    }

    /// What a miss does, and what it brings back.
    fn bring(&mut self, number: u32, lookup: &'a Lookup, place: &str) {
        let fetched = self.restored(&lookup.miss, place, |it| {
            it.path(&lookup.miss, &format!("{place}.miss"));
        });
        self.program.lookups[number as usize].fetched = fetched;
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
            self.flush(number, behind, &write.path, place);
        } else {
            self.restored(&write.path, place, |it| it.path(&write.path, &inner));
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

    /// The path of batches of writes. A batch knows its keys, and the server in whose cache they waited; of what the requests knew
    /// that wrote, of other servers and of their tries, it knows nothing.
    fn flush(&mut self, write: u32, behind: Behind, path: &'a Path, place: &str) {
        let batch = self.register();
        let waited_at = self.program.writes[write as usize].caches.first();
        let register = waited_at.map_or(NO_REGISTER, |it| it.1);
        let mut chosen = self.class.chosen.clone();
        chosen.retain(|it| it.1 == register);
        let chosen = std::mem::replace(&mut self.class.chosen, chosen);
        let tried = std::mem::take(&mut self.class.tried);
        let outer = self.class.batch.replace((write, batch));
        let entry = self.aside(place, |it| {
            it.scoped(Held::Batch { write }, |it| {
                it.path(path, &format!("{place}.path"));
                it.op(Op::Caching(CachingOp::Flushed { write }), place);
            });
        });
        self.class.batch = outer;
        self.class.tried = tried;
        self.class.chosen = chosen;
        self.program.writes[write as usize].flush = Some(Flush {
            interval: behind.interval,
            batch: behind.batch,
            entry,
            number: batch,
        });
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

/// Whether a request is about another key after an activity, or inside it.
fn sets_key(activity: &Activity) -> bool {
    matches!(activity, Activity::Set(Set::Key(_)))
        || activity
            .inner()
            .iter()
            .any(|(_, inner)| inner.iter().any(sets_key))
}

/// Whether there is a look-up on a path.
fn looks_up(path: &Path) -> bool {
    path.iter().any(|activity| {
        matches!(activity, Activity::Cache(_))
            || activity.inner().iter().any(|(_, inner)| looks_up(inner))
    })
}
