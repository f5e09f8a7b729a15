//! One of several paths: by chance, or by a condition.

use super::super::layout::open_to;
use super::super::program::{ForkTable, NONE, Op};
use super::{Compiler, narrow};
use crate::scenario::activity::{Branch, When};

impl<'a> Compiler<'a> {
    pub(super) fn choose(&mut self, branches: &'a [Branch], place: &str) {
        if branches
            .iter()
            .any(|branch| matches!(branch.when, When::Share(_)))
        {
            self.choose_by_chance(branches, place);
        } else {
            self.choose_by_condition(branches, place);
        }
    }

    pub(super) fn choose_by_chance(&mut self, branches: &'a [Branch], place: &str) {
        let chance = self.chance();
        let table = narrow(self.program.forks.len());
        self.program.forks.push(ForkTable {
            shares: Vec::new(),
            otherwise: NONE,
        });
        self.op(Op::Fork { chance, table }, place);
        let (mut sum, mut shares, mut otherwise, mut exits) = (0.0, Vec::new(), NONE, Vec::new());
        for (i, branch) in branches.iter().enumerate() {
            match branch.when {
                When::Share(share) => {
                    sum += share;
                    shares.push((sum, self.here()));
                }
                _ => otherwise = self.here(),
            }
            self.path(&branch.path, &format!("{place}[{i}].path"));
            exits.push(self.op(Op::End, place));
        }
        // Shares that add up to one but for rounding leave no gap.
        if let Some(last) = shares.last_mut().filter(|last| last.0 > 1.0 - 1e-9) {
            last.0 = 1.0;
        }
        let end = self.here();
        for exit in exits {
            self.program.ops[exit] = Op::Jump { target: end };
        }
        let otherwise = if otherwise == NONE { end } else { otherwise };
        self.program.forks[table as usize] = ForkTable { shares, otherwise };
    }

    pub(super) fn choose_by_condition(&mut self, branches: &'a [Branch], place: &str) {
        let mut exits = Vec::new();
        let open = open_to(branches, self.class.name);
        for (i, branch) in branches.iter().enumerate() {
            // Whose path this is, is known already.
            if !open.iter().any(|it| std::ptr::eq(*it, branch)) {
                continue;
            }
            let hole = match &branch.when {
                When::Above { attribute, .. } => {
                    self.attribute(attribute);
                    Some(self.op(Op::End, place))
                }
                _ => None,
            };
            self.path(&branch.path, &format!("{place}[{i}].path"));
            exits.push(self.op(Op::End, place));
            let (Some(hole), When::Above { attribute, value }) = (hole, &branch.when) else {
                continue;
            };
            self.program.ops[hole] = Op::UnlessAbove {
                register: self.attribute(attribute),
                constant: self.constant(*value),
                target: self.here(),
            };
        }
        let end = self.here();
        for exit in exits {
            self.program.ops[exit] = Op::Jump { target: end };
        }
    }
}
