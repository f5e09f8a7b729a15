//! What is known of one scenario: the findings of workers, merged, behind one type. A module of the page that knows single
//! stations alone reads findings with [`of_station`] and carries the code of nothing else.

use std::any::Any;
use std::ops::Range;

use sim_core::run::report::Stopped;
use sim_core::run::{Findings, Found, QueueResults, Results};
use sim_core::{InputError, Report, Scenario};
use sim_wasm_common::{Failure, unpack};

/// Relative half-width that counts as converged on the page.
const PRECISION: f64 = 0.05;

/// Findings that merge and read as a report.
pub trait Books {
    /// Number of replications merged so far.
    fn replications(&self) -> u64;
    /// The replications in it, where they follow each other without a gap.
    fn range(&self) -> Option<Range<u64>>;
    /// Adds those of another part of the same run.
    ///
    /// # Errors
    /// If it is none.
    fn merge(&mut self, other: &dyn Books) -> Result<(), InputError>;
    /// What they say.
    fn report(&self) -> Report;
    /// Itself, to be told apart.
    fn as_any(&self) -> &dyn Any;
}

/// Reads what a worker found about a scenario, and checks it.
pub type Reader = fn(&Scenario, &[u8]) -> Result<Box<dyn Books>, Failure>;

/// Findings about a single station.
///
/// # Errors
/// If they do not read as such, or the scenario is no single station.
pub fn of_station(scenario: &Scenario, packed: &[u8]) -> Result<Box<dyn Books>, Failure> {
    let queue = scenario
        .queue()
        .ok_or_else(|| Failure("only single stations are known here".into()))?;
    Book::<QueueResults>::read(queue, packed)
}

/// Findings about anything.
///
/// # Errors
/// If they do not read as such.
pub fn of_any(scenario: &Scenario, packed: &[u8]) -> Result<Box<dyn Books>, Failure> {
    if scenario.queue().is_some() {
        return of_station(scenario, packed);
    }
    Book::<Results>::read(scenario.clone(), packed)
}

/// Findings of one kind beside what they are about.
struct Book<R: Found> {
    of: R::Of,
    findings: Findings<R>,
}

impl<R> Book<R>
where
    R: Found + serde::de::DeserializeOwned + 'static,
{
    fn read(of: R::Of, packed: &[u8]) -> Result<Box<dyn Books>, Failure> {
        let findings: Findings<R> = unpack(packed)?;
        findings.check(&of)?;
        Ok(Box::new(Self { of, findings }))
    }
}

impl<R: Found + 'static> Books for Book<R> {
    fn replications(&self) -> u64 {
        self.findings.replications()
    }

    fn range(&self) -> Option<Range<u64>> {
        self.findings.range()
    }

    fn merge(&mut self, other: &dyn Books) -> Result<(), InputError> {
        match other.as_any().downcast_ref::<Self>() {
            Some(other) => self.findings.merge(&other.findings),
            None => Err(InputError::malformed(
                "partial",
                "of another kind",
                "the result of a part of the same run",
            )),
        }
    }

    fn report(&self) -> Report {
        self.findings.report(&self.of, PRECISION, Stopped::Budget)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
