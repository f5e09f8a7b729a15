//! Prequal: servers are probed beside the requests, and a pool of recent answers tells where the next request goes.
//!
//! A probe answers with the requests in flight at the server (RIF) and an estimate of its response time. Each request, once
//! sent, causes so many probes of different servers drawn uniformly; a pool keeps the newest answer of a server, up to its
//! size, its age and its uses. A probe is *hot* if its RIF exceeds the q-quantile of the answers of late. Of the cold, the one
//! with the least estimate wins; if all are hot, the one with the least RIF. The probe's RIF grows by one with each use. Each
//! request also removes probes, in turn the worst (of the hot the highest RIF, else the highest estimate) and the oldest. With
//! pool size m and n servers a probe is used max(1, (1 + δ)/((1 − m/n)·probes − removals)) times, rounded at random to a
//! neighbouring whole number so that the mean is kept; where the denominator is not positive, without limit.
//!
//! Source: Wydrowski, Kleinberg, Rumble and Archer, "Load is not what you should balance: introducing Prequal" (NSDI 2024).
//!
//! Simplified: a probe takes no time and is never lost, and none is sent while no request comes. A server's estimate is the
//! smoothed response time, weight 1/8 for the newest, of the requests that *this* balancer sent it, not the median of
//! everybody's at a similar RIF; before the first response it is 0, so that an unknown server is tried. The quantile is taken
//! over the last 128 answers. The pool may be used down to its last probe; when it is empty a server is drawn uniformly.
//! Weights are not regarded.

mod pool;
mod window;

use serde::{Deserialize, Serialize};

use super::draw::{Distinct, any};
use super::kind::{Chooser, Kind, Parameters};
use super::{Client, Knows, Sight, Spread, View, policy};
use crate::error::{InputError, in_range};
use crate::random::Uniforms;
use pool::{Pool, Probe};
use window::Window;

/// Weight of the newest response in a server's estimate.
const NEWEST: f64 = 1.0 / 8.0;

/// Prequal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Prequal {
    /// Probes for each request, `0..=32`; a fraction accumulates.
    pub probes: f64,
    /// Probes removed for each request, `0..=32`; a fraction accumulates.
    pub removals: f64,
    /// The most probes kept, `1..=256`.
    pub pool_size: u32,
    /// The age at which a probe is forgotten, seconds, `1e-6..=1e6`.
    pub lifetime: f64,
    /// δ, by how many probes a request would let the pool grow, `0.001..=1000`: the more, the more often each is used.
    pub delta: f64,
    /// q, the quantile of requests in flight above which a server is hot, `0..=1`.
    pub hot_quantile: f64,
}

impl Default for Prequal {
    fn default() -> Self {
        Self {
            probes: 3.0,
            removals: 1.0,
            pool_size: 16,
            lifetime: 1.0,
            delta: 1.0,
            hot_quantile: 0.84,
        }
    }
}

impl Prequal {
    pub(super) fn validate(&self) -> Result<(), InputError> {
        in_range("probes", self.probes, 0.0, 32.0)?;
        in_range("removals", self.removals, 0.0, 32.0)?;
        policy::whole_in_range("pool_size", self.pool_size, 1, 256)?;
        in_range("lifetime", self.lifetime, 1e-6, 1e6)?;
        in_range("delta", self.delta, 0.001, 1000.0)?;
        in_range("hot_quantile", self.hot_quantile, 0.0, 1.0).map(|_| ())
    }

    /// How often a probe may be used on average; infinite where the pool does not fill.
    fn uses(&self, servers: usize) -> f64 {
        let fresh = 1.0 - f64::from(self.pool_size) / servers as f64;
        let net = fresh * self.probes - self.removals;
        if net > 0.0 {
            ((1.0 + self.delta) / net).max(1.0)
        } else {
            f64::INFINITY
        }
    }
}

impl Kind for Prequal {
    type State = Box<State>;

    const SPELLING: &'static str = "prequal";
    const NAME: &'static str = "Prequal";
    const TITLE: &'static str = "Prequal (Google)";
    const SENTENCE: &'static str = "By a pool of probes, as at Google.";
    const PARAMETERS: Option<Parameters<Self>> = Some(Parameters {
        main: "hot-quantile",
        value: |it| &mut it.hot_quantile,
        validate: Self::validate,
        examples: r#"{"probes": 3, "pool_size": 16, "lifetime": 1, "removals": 1, "hot_quantile": 0.84, "delta": 1}"#,
        brief: "{}",
    });
    const SEES: &'static [Sight] = &[Sight::InSystem, Sight::Responses];
    const KNOWS: Knows = Knows::Responses;
    const DRAWS: bool = true;

    fn spread(&self) -> Spread {
        Spread::ByServers { fair: false }
    }

    fn table(&self, _weights: f64) -> f64 {
        0.0
    }

    fn state(&self, weights: &[u32]) -> Self::State {
        Box::new(State::new(self, weights.len()))
    }
}

/// The pool, and what is known of the servers.
#[derive(Debug, Clone)]
pub(super) struct State {
    policy: Prequal,
    uses: f64,
    pool: Pool,
    answers: Window,
    /// Response time of each server, seconds; 0 where unknown.
    estimates: Vec<f64>,
    probes_due: f64,
    removals_due: f64,
    remove_worst: bool,
}

impl Chooser for Box<State> {
    #[inline(always)]
    fn pick(
        &mut self,
        view: &View<'_>,
        _client: &Client,
        now: f64,
        random: &mut Uniforms<1>,
    ) -> Option<u32> {
        self.choose(view, now, random)
    }

    #[inline]
    fn returned(&mut self, server: u32, _now: f64, response: f64) {
        self.as_mut().returned(server, response);
    }
}

impl State {
    pub(super) fn new(policy: &Prequal, servers: usize) -> Self {
        Self {
            policy: policy.clone(),
            uses: policy.uses(servers),
            pool: Pool::new(policy.pool_size),
            answers: Window::default(),
            estimates: vec![0.0; servers],
            probes_due: 0.0,
            removals_due: 0.0,
            remove_worst: true,
        }
    }

    pub(super) fn returned(&mut self, server: u32, response: f64) {
        let estimate = &mut self.estimates[server as usize];
        if *estimate == 0.0 {
            *estimate = response;
        } else {
            *estimate += NEWEST * (response - *estimate);
        }
    }

    pub(super) fn choose(
        &mut self,
        view: &View<'_>,
        now: f64,
        random: &mut Uniforms<1>,
    ) -> Option<u32> {
        self.pool.forget(now - self.policy.lifetime);
        let threshold = self.answers.quantile(self.policy.hot_quantile);
        let server = match self.pool.best(view, threshold) {
            Some(index) => self.pool.take(index),
            None => any(view, random)?,
        };
        self.remove(threshold);
        self.probe(server, view, now, random);
        Some(server)
    }

    fn remove(&mut self, threshold: u32) {
        self.removals_due += self.policy.removals;
        while self.removals_due >= 1.0 {
            self.removals_due -= 1.0;
            if self.remove_worst {
                self.pool.remove_worst(threshold);
            } else {
                self.pool.remove_oldest();
            }
            self.remove_worst = !self.remove_worst;
        }
    }

    /// Probes beside the request just sent to `sent`, which the view does not count yet.
    fn probe(&mut self, sent: u32, view: &View<'_>, now: f64, random: &mut Uniforms<1>) {
        self.probes_due += self.policy.probes;
        if self.probes_due < 1.0 {
            return;
        }
        let mut drawing = Distinct::new(view);
        while self.probes_due >= 1.0 {
            self.probes_due -= 1.0;
            let Some(server) = drawing.next(view, random) else {
                continue;
            };
            let in_flight = view.in_system[server as usize] + u32::from(server == sent);
            self.answers.push(in_flight);
            self.pool.insert(Probe {
                server,
                in_flight,
                estimate: self.estimates[server as usize],
                at: now,
                uses: rounded(self.uses, random),
            });
        }
    }
}

/// One of the whole numbers around `x`, such that the mean is `x`; no number of the stream is used where `x` is whole.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "positive, and what does not fit is as good as infinite"
)]
fn rounded(x: f64, random: &mut Uniforms<1>) -> u32 {
    let part = x - x.floor();
    let up = part > 0.0 && random.next_uniform()[0] <= part;
    (x.floor() as u32).saturating_add(u32::from(up))
}

#[cfg(test)]
mod tests;
