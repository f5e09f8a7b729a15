//! Which replications of which scenario are done, being done and still to do.
//!
//! The page wants some scenarios simulated: the reader's operating point first, then the points along the curve. Workers
//! take [`Errand`]s, a few replications of one scenario each, and bring back partial results in any order. Rounds grow, so
//! that every point shows early and all intervals tighten together. What is known about a scenario is kept while it is out of
//! sight, within bounds: dragging along a curve does not simulate the curve again.

use std::ops::Range;
use std::rc::Rc;

use sim_core::run::EXHIBIT_REPLICATIONS;
use sim_core::{InputError, Report, Scenario};
use sim_wasm_common::{Failure, pack};

use crate::books::{Books, Reader};

/// Replications of one errand: what one step of the simulator advances side by side.
const ERRAND: u64 = 4;
/// Replications after each round; the last number is where a scenario is done.
const ROUNDS: [u64; 6] = [4, 8, 16, 32, 64, REPLICATIONS];
/// Replications of a finished scenario.
pub(crate) const REPLICATIONS: u64 = EXHIBIT_REPLICATIONS;
/// Scenarios remembered beyond those in sight.
const REMEMBERED: usize = 96;

/// Some replications of one scenario, for a worker to do.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Errand {
    /// Number to bring the result back under.
    pub ticket: u32,
    /// What to simulate.
    pub scenario: Rc<Scenario>,
    /// The number of its account.
    account: u32,
    /// Which replications.
    pub range: Range<u64>,
}

/// How far the scenarios in sight have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Progress {
    /// Replications merged.
    pub done: u64,
    /// Replications wanted.
    pub wanted: u64,
    /// Requests simulated.
    pub requests: u64,
}

/// The books of one exhibit.
pub(crate) struct Ledger {
    /// Reads what workers found.
    read: Reader,
    /// Everything known, the longest out of sight first.
    accounts: Vec<Account>,
    /// How many of the last accounts are in sight, the operating point at the front of them.
    in_sight: usize,
    /// For each scenario wanted, its account among those in sight.
    order: Vec<usize>,
    /// Errands out with workers.
    out: Vec<Errand>,
    next_ticket: u32,
    next_account: u32,
}

/// What is known of one scenario.
struct Account {
    number: u32,
    scenario: Rc<Scenario>,
    /// The scenario, packed: equal ones are equal byte by byte. To compare all their fields would take more code.
    packed: Vec<u8>,
    /// Merged in the order of replications, from 0 without a gap.
    merged: Option<Box<dyn Books>>,
    /// Results that came before their turn, by first replication.
    early: Vec<(u64, Box<dyn Books>)>,
    report: Option<Report>,
    /// A scenario that cannot be run is not tried again.
    refused: bool,
}

impl Account {
    fn new(number: u32, scenario: Scenario, packed: Vec<u8>) -> Self {
        Self {
            number,
            scenario: Rc::new(scenario),
            packed,
            merged: None,
            early: Vec::new(),
            report: None,
            refused: false,
        }
    }

    fn replications(&self) -> u64 {
        self.merged.as_ref().map_or(0, |all| all.replications())
    }

    /// Books a result and everything that was waiting for it.
    fn book(&mut self, first: u64, found: Box<dyn Books>) -> Result<(), InputError> {
        self.early.push((first, found));
        let next = |account: &Self| {
            let turn = account.replications();
            account.early.iter().position(|(first, _)| *first == turn)
        };
        while let Some(at) = next(self) {
            let (_, next) = self.early.swap_remove(at);
            match &mut self.merged {
                Some(merged) => merged.merge(&*next)?,
                none => *none = Some(next),
            }
        }
        self.report = self.merged.as_ref().map(|all| all.report());
        Ok(())
    }
}

impl Ledger {
    /// Empty books, of what `read` can read.
    pub(crate) fn new(read: Reader) -> Self {
        Self {
            read,
            accounts: Vec::new(),
            in_sight: 0,
            order: Vec::new(),
            out: Vec::new(),
            next_ticket: 0,
            next_account: 0,
        }
    }

    /// Takes these scenarios into sight, the operating point first. Equal scenarios keep what is known of them, and share it.
    ///
    /// # Errors
    /// If a scenario cannot be packed.
    pub(crate) fn want(&mut self, scenarios: Vec<Scenario>) -> Result<(), Failure> {
        let mut wanted: Vec<Account> = Vec::with_capacity(scenarios.len());
        self.order.clear();
        for scenario in scenarios {
            let packed = pack(&scenario)?;
            let is_it = |account: &Account| account.packed == packed;
            if let Some(at) = wanted.iter().position(is_it) {
                self.order.push(at);
                continue;
            }
            self.order.push(wanted.len());
            let known = self.accounts.iter().position(is_it);
            wanted.push(match known {
                Some(at) => self.accounts.remove(at),
                None => self.account(scenario, packed),
            });
        }
        // What never got a result is not worth remembering.
        self.accounts.retain(|account| account.merged.is_some());
        let surplus = self.accounts.len().saturating_sub(REMEMBERED);
        self.accounts.drain(..surplus);
        self.in_sight = wanted.len();
        self.accounts.append(&mut wanted);
        Ok(())
    }

    /// A new account.
    fn account(&mut self, scenario: Scenario, packed: Vec<u8>) -> Account {
        let number = self.next_account;
        self.next_account = number.wrapping_add(1);
        Account::new(number, scenario, packed)
    }

    fn in_sight(&self) -> &[Account] {
        &self.accounts[self.accounts.len() - self.in_sight..]
    }

    /// The next errand, if anything in sight is neither done nor being done.
    pub(crate) fn next_errand(&mut self) -> Option<Errand> {
        let (scenario, account, first) = ROUNDS.iter().find_map(|&target| {
            self.in_sight().iter().find_map(|account| {
                let first = self.first_free(account, target)?;
                Some((Rc::clone(&account.scenario), account.number, first))
            })
        })?;
        let ticket = self.next_ticket;
        self.next_ticket = self.next_ticket.wrapping_add(1);
        let errand = Errand {
            ticket,
            scenario,
            account,
            range: first..first + ERRAND,
        };
        self.out.push(errand.clone());
        Some(errand)
    }

    /// Strikes an errand off the list of those that are out.
    fn returned(&mut self, ticket: u32) -> Option<Errand> {
        let at = self.out.iter().position(|errand| errand.ticket == ticket)?;
        Some(self.out.swap_remove(at))
    }

    /// The first replication of an errand below `target` that nobody has done or is doing.
    fn first_free(&self, account: &Account, target: u64) -> Option<u64> {
        let from = account.replications();
        let taken = |first: u64| {
            let early = account.early.iter().any(|(early, _)| *early == first);
            let is_it = |out: &Errand| out.range.start == first && out.account == account.number;
            early || self.out.iter().any(is_it)
        };
        (from..target)
            .step_by(usize::try_from(ERRAND).unwrap_or(1))
            .find(|&first| !account.refused && !taken(first))
    }

    /// Whether the result of an errand would still be used.
    pub(crate) fn is_wanted(&self, ticket: u32) -> bool {
        let mut out = self.out.iter();
        out.find(|errand| errand.ticket == ticket)
            .is_some_and(|errand| {
                let mut accounts = self.in_sight().iter();
                accounts.any(|account| account.number == errand.account)
            })
    }

    /// Takes an errand back that nobody will finish; somebody else may get it.
    pub(crate) fn abandon(&mut self, ticket: u32) {
        self.returned(ticket);
    }

    /// Takes an errand back whose scenario cannot be run; it is not handed out again.
    pub(crate) fn refuse(&mut self, ticket: u32) {
        if let Some(errand) = self.returned(ticket)
            && let Some(account) = self
                .accounts
                .iter_mut()
                .find(|account| account.number == errand.account)
        {
            account.refused = true;
        }
    }

    /// Books the result of an errand. True if something in sight changed.
    ///
    /// # Errors
    /// If the result does not belong to the errand; it is then not booked.
    pub(crate) fn accept(&mut self, ticket: u32, packed: &[u8]) -> Result<bool, Failure> {
        let Some(Errand {
            scenario,
            account: number,
            range,
            ..
        }) = self.returned(ticket)
        else {
            return Ok(false);
        };
        let found = (self.read)(&scenario, packed)?;
        if found.range().as_ref() != Some(&range) {
            let what = "another errand's result";
            return Err(InputError::malformed("partial", what, "the errand's result").into());
        }
        let Some(at) = self
            .accounts
            .iter()
            .position(|account| account.number == number)
        else {
            return Ok(false);
        };
        self.accounts[at].book(range.start, found)?;
        Ok(at >= self.accounts.len() - self.in_sight)
    }

    /// What is known of each scenario wanted, in their order.
    pub(crate) fn reports(&self) -> Vec<Option<Report>> {
        let account = |at: &usize| self.in_sight()[*at].report.clone();
        self.order.iter().map(account).collect()
    }

    /// How far the scenarios in sight have come.
    pub(crate) fn progress(&self) -> Progress {
        let sum = |of: fn(&Account) -> u64| self.in_sight().iter().map(of).sum();
        Progress {
            done: sum(Account::replications),
            wanted: sum(|account| if account.refused { 0 } else { REPLICATIONS }),
            requests: sum(|account| account.report.as_ref().map_or(0, |report| report.requests)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim_core::distribution::Distribution;
    use sim_core::run::{QueueJob, QueuePlan};
    use sim_core::scenario::Horizon;

    use crate::books::of_any;

    fn scenario(utilization: f64) -> Scenario {
        let mut scenario = Scenario::new(
            Distribution::exponential(1.0 / utilization),
            1,
            Distribution::exponential(1.0),
        );
        scenario.horizon = Horizon::Steady {
            requests: Some(500),
        };
        scenario
    }

    fn ledger() -> Ledger {
        Ledger::new(of_any)
    }

    fn result(errand: &Errand) -> Vec<u8> {
        let mut job = QueueJob::new(
            &QueuePlan::new(errand.scenario.queue().unwrap(), 1).unwrap(),
            errand.range.clone(),
        );
        while !job.step(1000) {}
        pack(&job.finish()).unwrap()
    }

    /// Does everything with some workers, the latest errand first.
    fn work(ledger: &mut Ledger, workers: usize, mut done: impl FnMut(&Errand)) {
        let mut out: Vec<Errand> = Vec::new();
        loop {
            while out.len() < workers
                && let Some(errand) = ledger.next_errand()
            {
                out.push(errand);
            }
            let Some(errand) = out.pop() else { return };
            done(&errand);
            assert!(ledger.accept(errand.ticket, &result(&errand)).unwrap());
        }
    }

    #[test]
    fn rounds_grow_with_the_operating_point_first() {
        let mut ledger = ledger();
        ledger
            .want(vec![scenario(0.8), scenario(0.2), scenario(0.5)])
            .unwrap();
        let mut order = Vec::new();
        work(&mut ledger, 1, |errand| {
            order.push((
                errand
                    .scenario
                    .queue()
                    .map_or(0.0, |queue| queue.utilization()),
                errand.range.start,
            ));
        });
        assert_eq!(
            order[..5],
            [(0.8, 0), (0.2, 0), (0.5, 0), (0.8, 4), (0.2, 4)]
        );
        assert_eq!(order.len() as u64, 3 * REPLICATIONS / ERRAND);
        let progress = ledger.progress();
        assert_eq!(
            (progress.done, progress.wanted, progress.requests),
            (3 * REPLICATIONS, 3 * REPLICATIONS, 1500 * REPLICATIONS)
        );
    }

    #[test]
    fn any_order_of_completion_gives_the_same_reports() {
        let reports = |workers| {
            let mut ledger = ledger();
            ledger.want(vec![scenario(0.8), scenario(0.2)]).unwrap();
            work(&mut ledger, workers, |_| {});
            ledger.reports()
        };
        assert_eq!(reports(1), reports(7));
        assert_eq!(reports(1)[0].as_ref().unwrap().replications, REPLICATIONS);
    }

    #[test]
    fn a_scenario_wanted_twice_is_done_once_and_shown_twice() {
        let mut ledger = ledger();
        ledger
            .want(vec![scenario(0.8), scenario(0.2), scenario(0.8)])
            .unwrap();
        let mut errands = 0;
        work(&mut ledger, 2, |_| errands += 1);
        assert_eq!(errands, 2 * REPLICATIONS / ERRAND);
        let reports = ledger.reports();
        assert_eq!((reports.len(), &reports[0]), (3, &reports[2]));
    }

    #[test]
    fn what_is_out_of_sight_is_remembered_and_what_is_unwanted_told() {
        let mut ledger = ledger();
        ledger.want(vec![scenario(0.8), scenario(0.2)]).unwrap();
        work(&mut ledger, 1, |_| {});
        ledger.want(vec![scenario(0.7), scenario(0.2)]).unwrap();
        let errand = ledger.next_errand().unwrap();
        assert_eq!(errand.scenario, scenario(0.7).into());
        ledger.want(vec![scenario(0.8), scenario(0.2)]).unwrap();
        assert!(ledger.next_errand().is_none());
        assert!(!ledger.is_wanted(errand.ticket));
        assert!(!ledger.accept(errand.ticket, &result(&errand)).unwrap());
        assert!(ledger.accounts.len() <= 3);
    }

    #[test]
    fn abandoned_errands_go_out_again_and_refused_ones_do_not() {
        let mut ledger = ledger();
        ledger.want(vec![scenario(0.8)]).unwrap();
        let errand = ledger.next_errand().unwrap();
        ledger.abandon(errand.ticket);
        let again = ledger.next_errand().unwrap();
        assert_eq!(again.range, errand.range);
        ledger.refuse(again.ticket);
        assert!(ledger.next_errand().is_none());
        assert_eq!(ledger.progress().wanted, 0);
    }

    #[test]
    fn a_wrong_result_is_not_booked() {
        let mut ledger = ledger();
        ledger.want(vec![scenario(0.8)]).unwrap();
        let errand = ledger.next_errand().unwrap();
        let other = Errand {
            range: 4..8,
            ..errand.clone()
        };
        assert!(ledger.accept(errand.ticket, &result(&other)).is_err());
        assert_eq!(ledger.progress().done, 0);
    }

    #[test]
    fn memory_is_bounded_however_long_somebody_drags() {
        let mut ledger = ledger();
        for step in 0..300 {
            ledger
                .want(vec![scenario(0.1 + f64::from(step) * 0.002)])
                .unwrap();
            let errand = ledger.next_errand().unwrap();
            ledger.accept(errand.ticket, &result(&errand)).unwrap();
        }
        assert!(ledger.accounts.len() <= REMEMBERED + 1);
    }
}
