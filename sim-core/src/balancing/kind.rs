//! What every policy says of itself, and what it does. Nothing here has a usual value that could be wrong for a policy: what one
//! forgets to say does not compile.

use std::fmt::Display;
use std::str::FromStr;

use super::{Client, Knows, Sight, Spread, View};
use crate::error::InputError;
use crate::random::Uniforms;

/// A policy with its parameters. The table of policies makes everything else of it.
pub(super) trait Kind: Sized {
    /// What it remembers: one for each balancer.
    type State: Chooser;

    /// Its name on the command line, such as `least-connections`; in files the same with underscores.
    const SPELLING: &'static str;
    /// The name for people within a sentence, such as `least connections`.
    const NAME: &'static str;
    /// The same where its parameters are the usual ones and the name tells one of them.
    const USUAL_NAME: &'static str = Self::NAME;
    /// What a list of choices calls it: the name as a title, and whose it is.
    const TITLE: &'static str;
    /// How it chooses, in one sentence of which the server is the subject.
    const SENTENCE: &'static str;
    /// Its parameters; `None` where it has none.
    const PARAMETERS: Option<Parameters<Self>>;
    /// What it looks at.
    const SEES: &'static [Sight];
    /// How much it knows, for the order of lists.
    const KNOWS: Knows;
    /// Whether it ever uses a random number.
    const DRAWS: bool;
    /// Whether it looks at the queues and at nothing else.
    const POLLS: bool = matches!(Self::SEES, [Sight::InSystem]);

    /// How it spreads requests.
    fn spread(&self) -> Spread;
    /// What a balancer keeps beside a few numbers for each server, bytes, where the servers' weights have this sum.
    fn table(&self, weights: f64) -> f64;
    /// The state of a new balancer, for servers of these weights.
    fn state(&self, weights: &[u32]) -> Self::State;
}

/// A policy at work.
pub(super) trait Chooser {
    /// See [`Balancer::choose`](super::Balancer::choose).
    fn pick(
        &mut self,
        view: &View<'_>,
        client: &Client,
        now: f64,
        random: &mut Uniforms<1>,
    ) -> Option<u32>;

    /// See [`Balancer::returned`](super::Balancer::returned): for a policy that sees [`Sight::Responses`].
    #[inline(always)]
    fn returned(&mut self, _server: u32, _now: f64, _response: f64) {}

    /// See [`Balancer::failed`](super::Balancer::failed): for a policy that is nginx's. `weight` is the server's.
    #[inline(always)]
    fn failed(&mut self, _server: u32, _weight: u32, _max_fails: u32) {}

    /// See [`Balancer::became_idle`](super::Balancer::became_idle): for a policy that sees [`Sight::IdleReports`].
    #[inline(always)]
    fn became_idle(&mut self, _server: u32) {}
}

/// The parameters of a policy.
pub(super) struct Parameters<P> {
    /// What may follow the name and a colon on the command line: the main one, such as `table-size`.
    pub(super) main: &'static str,
    /// Its value.
    pub(super) value: fn(&mut P) -> &mut dyn Number,
    /// Checks all of them; names the parameter, its value and what is allowed.
    pub(super) validate: fn(&P) -> Result<(), InputError>,
    /// An example of each, as an object in JSON, for messages.
    pub(super) examples: &'static str,
    /// What an example of the policy has of them.
    pub(super) brief: &'static str,
}

/// A number that is read and written on the command line.
pub(super) trait Number {
    /// As text.
    fn text(&self) -> String;
    /// Takes the value of a text; `None`, and no change, where that is no such number.
    fn set(&mut self, text: &str) -> Option<()>;
}

impl<T: FromStr + Display> Number for T {
    fn text(&self) -> String {
        self.to_string()
    }

    fn set(&mut self, text: &str) -> Option<()> {
        *self = text.parse().ok()?;
        Some(())
    }
}

/// A policy of the table, without its type.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    /// See [`Kind::SPELLING`].
    pub(crate) spelling: &'static str,
    /// See [`Kind::TITLE`].
    pub(crate) title: &'static str,
    /// See [`Kind::KNOWS`].
    pub(crate) knows: Knows,
    /// See [`Kind::PARAMETERS`].
    pub(crate) parameters: Option<Examples>,
}

/// Examples of a policy's parameters, for messages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Examples {
    /// The type that is read from a document.
    pub(crate) name: &'static str,
    /// See [`Parameters::main`].
    pub(crate) main: &'static str,
    /// See [`Parameters::examples`].
    pub(crate) all: &'static str,
    /// See [`Parameters::brief`].
    pub(crate) brief: &'static str,
}

impl Entry {
    /// What the table knows of a policy whose type has this name.
    pub(super) const fn of<P: Kind>(name: &'static str) -> Self {
        let parameters = match &P::PARAMETERS {
            None => None,
            Some(it) => Some(Examples {
                name,
                main: it.main,
                all: it.examples,
                brief: it.brief,
            }),
        };
        Self {
            spelling: P::SPELLING,
            title: P::TITLE,
            knows: P::KNOWS,
            parameters,
        }
    }
}
