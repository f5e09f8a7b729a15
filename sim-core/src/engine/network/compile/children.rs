//! Paths that run in children: tries of an attempt, branches of a parallel path.

use super::super::program::{AttemptSpec, NO_REGISTER, NONE, Op, ParallelSpec};
use super::{Compiler, narrow};
use crate::scenario::Path;
use crate::scenario::activity::{Activity, Attempt, Parallel};

impl<'a> Compiler<'a> {
    /// The path of a child, after a jump over it has been written at `hole`.
    pub(super) fn child(&mut self, path: &'a Path, place: &str) -> u32 {
        let outer = std::mem::replace(&mut self.class.scope, NONE);
        let entry = self.here();
        self.path(path, place);
        self.op(Op::EndChild, place);
        self.class.scope = outer;
        entry
    }

    pub(super) fn attempt(&mut self, attempt: &'a Attempt, place: &str) {
        let (register, chance) = (self.register(), self.chance());
        self.op(Op::Load { register, value: 0 }, place);
        let outer = self.class.tried.len();
        if attempt.retries > 0 {
            self.remember_tries(outer, &attempt.path, place);
        }
        let hole = self.op(Op::End, place);
        let entry = self.child(&attempt.path, &format!("{place}.path"));
        let tried = self.class.tried.split_off(outer);
        let otherwise = match &attempt.otherwise {
            Some(path) => {
                let entry = self.here();
                self.path(path, &format!("{place}.otherwise"));
                entry
            }
            None => NONE,
        };
        let number = self.program.layout.attempt(place);
        self.program.attempts.push(AttemptSpec {
            number: narrow(number.expect("the layout has every attempt")),
            otherwise,
            tried: tried.into_iter().map(|it| it.1).collect(),
            timeout: attempt.timeout,
            retries: attempt.retries,
            backoff: attempt.backoff,
            chance,
            abandoned: attempt.abandoned,
            entry,
        });
        self.program.ops[hole] = Op::Attempt {
            attempt: narrow(self.program.attempts.len() - 1),
            register,
            after: self.here(),
        };
    }

    /// Registers for the servers that tries went to, of every group with health checks that a path balances over: another try
    /// goes elsewhere.
    fn remember_tries(&mut self, outer: usize, path: &'a Path, place: &str) {
        for activity in path {
            if let Activity::Balance(balance) = activity {
                let group = self.number_of(&balance.over);
                let is_new = self.class.tried[outer..].iter().all(|it| it.0 != group);
                if self.program.groups[group as usize].health.is_some() && is_new {
                    let register = self.register();
                    self.op(Op::Load { register, value: 0 }, place);
                    self.class.tried.push((group, register));
                }
            }
            for (_, inner) in activity.inner() {
                self.remember_tries(outer, inner, place);
            }
        }
    }

    /// The register with the servers of a group that were tried, or [`NO_REGISTER`].
    pub(super) fn tried_register(&self, group: u32) -> u16 {
        let known = self.class.tried.iter().rfind(|it| it.0 == group);
        known.map_or(NO_REGISTER, |it| it.1)
    }

    pub(super) fn parallel(&mut self, parallel: &'a Parallel, place: &str) {
        let hole = self.op(Op::End, place);
        let entries: Vec<u32> = parallel
            .paths
            .iter()
            .enumerate()
            .map(|(i, path)| self.child(path, &format!("{place}.paths[{i}]")))
            .collect();
        self.program.parallels.push(ParallelSpec {
            needed: parallel.first.unwrap_or(narrow(entries.len())),
            entries,
            rest: parallel.rest,
        });
        self.program.ops[hole] = Op::Parallel {
            parallel: narrow(self.program.parallels.len() - 1),
            after: self.here(),
        };
    }
}
