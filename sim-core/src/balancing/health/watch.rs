//! One balancer's belief.

use super::backups::Candidate;
use super::{Health, active, outlier, panic, passive, slow_start};

/// Who may be chosen, and with which weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Selection<'a> {
    /// One flag a server; `None` if all may be chosen. All flags are down if nobody may be.
    pub eligible: Option<&'a [bool]>,
    /// One weight a server: as given to [`Watch::new`], or sixteenths of that if there is a slow start.
    pub weights: &'a [u32],
}

/// What one balancer believes of its servers, numbered from 0. Time is in seconds, comes in with each call and never goes back.
///
/// ```
/// use sim_core::balancing::health::{Health, MaxFails, Watch};
/// let health = Health { passive: Some(MaxFails::default()), ..Health::default() };
/// let mut watch = Watch::new(&health, &[1, 1], &[false, false]);
/// assert_eq!(watch.select(0.0, &[]).eligible, None);
/// watch.answered(0, 1.0, false);
/// assert_eq!(watch.select(2.0, &[]).eligible, Some([false, true].as_slice()));
/// assert!(watch.believes_up(0, 11.5));
/// ```
#[derive(Debug, Clone)]
pub struct Watch {
    health: Health,
    active: Option<active::Counters>,
    passive: Option<passive::Accounts>,
    outlier: Option<outlier::Detector>,
    servers: Vec<Server>,
    present: u32,
    /// What was last found out, true until `stale_at` if nothing happens.
    weights: Vec<u32>,
    eligible: Vec<bool>,
    all_eligible: bool,
    in_panic: bool,
    stale_at: f64,
    /// Eligible for one request that has tried servers before.
    untried: Vec<bool>,
}

/// What is known of a server beside the mechanisms' own accounts.
#[derive(Debug, Clone, Copy)]
struct Server {
    weight: u32,
    is_backup: bool,
    is_present: bool,
    /// Whether it was believed up when the selection was made.
    is_up: bool,
    /// When it came back, while its weight may still rise.
    came_back: Option<f64>,
}

impl Watch {
    /// A balancer that follows `health`, which is valid, for servers of these weights, all present and believed up.
    ///
    /// # Panics
    /// If there are not as many flags as weights.
    pub fn new(health: &Health, weights: &[u32], backups: &[bool]) -> Self {
        assert_eq!(weights.len(), backups.len(), "one flag for each weight");
        let servers = weights.len();
        Self {
            active: health
                .active
                .as_ref()
                .map(|rule| active::Counters::new(rule, servers)),
            passive: health
                .passive
                .as_ref()
                .map(|rule| passive::Accounts::new(rule, servers)),
            outlier: health
                .outlier
                .as_ref()
                .map(|rule| outlier::Detector::new(rule, servers)),
            servers: weights
                .iter()
                .zip(backups)
                .map(|(&weight, &is_backup)| Server {
                    weight,
                    is_backup,
                    is_present: true,
                    is_up: true,
                    came_back: None,
                })
                .collect(),
            present: super::super::number(servers),
            weights: weights
                .iter()
                .map(|weight| weight * scale(health))
                .collect(),
            eligible: vec![true; servers],
            all_eligible: true,
            in_panic: false,
            stale_at: f64::NEG_INFINITY,
            untried: Vec::new(),
            health: health.clone(),
        }
    }

    /// An active check of `server` ended at `now`.
    pub fn checked(&mut self, server: u32, now: f64, well: bool) {
        let index = server as usize;
        let Some(active) = &mut self.active else {
            return;
        };
        if !self.servers[index].is_present {
            return;
        }
        let before = active.is_up(index);
        active.checked(index, well);
        let is_up = active.is_up(index);
        if let Some(outlier) = &mut self.outlier {
            let came_back =
                outlier.sweep(now) | (well && is_up && outlier.checked_well(index, now));
            if came_back {
                self.forget_selection();
            }
        }
        if is_up && !before {
            self.servers[index].came_back = Some(now);
        }
        if is_up != before {
            self.forget_selection();
        }
    }

    /// A request to `server` came back at `now`, well or not, or was given up.
    pub fn answered(&mut self, server: u32, now: f64, well: bool) {
        let index = server as usize;
        if !self.servers[index].is_present {
            return;
        }
        let mut changed = false;
        if let Some(passive) = &mut self.passive
            && self.present > 1
        {
            changed |= passive.answered(index, now, well);
        }
        if let Some(outlier) = &mut self.outlier {
            changed |= outlier.sweep(now);
            changed |= outlier.answered(index, now, well, self.present);
        }
        if changed {
            self.forget_selection();
        }
    }

    /// A request goes to `server` at `now`.
    pub fn chosen(&mut self, server: u32, now: f64) {
        let Some(passive) = &mut self.passive else {
            return;
        };
        if self.present > 1 && passive.chosen(server as usize, now) {
            self.forget_selection();
        }
    }

    /// `server` is there from `now` on, new, with nothing held against it. Its weight rises if there is a slow start.
    pub fn added(&mut self, server: u32, now: f64) {
        let index = server as usize;
        self.present += u32::from(!self.servers[index].is_present);
        self.servers[index].is_present = true;
        self.servers[index].came_back = Some(now);
        self.reset(index);
    }

    /// `server` is not there until it is added.
    pub fn removed(&mut self, server: u32) {
        let index = server as usize;
        self.present -= u32::from(self.servers[index].is_present);
        self.servers[index].is_present = false;
        self.servers[index].came_back = None;
        self.weights[index] = self.servers[index].weight * scale(&self.health);
        self.reset(index);
    }

    fn reset(&mut self, index: usize) {
        if let Some(active) = &mut self.active {
            active.reset(index);
        }
        if let Some(passive) = &mut self.passive {
            passive.reset(index);
        }
        if let Some(outlier) = &mut self.outlier {
            outlier.reset(index);
        }
        self.forget_selection();
    }

    /// Whether nothing speaks against `server` at `now`.
    pub fn believes_up(&self, server: u32, now: f64) -> bool {
        let index = server as usize;
        let by_active = |active: &active::Counters| active.is_up(index);
        let by_passive =
            |passive: &passive::Accounts| self.present <= 1 || passive.is_up(index, now);
        let by_outlier = |outlier: &outlier::Detector| outlier.is_up(index, now);
        self.servers[index].is_present
            && self.active.as_ref().is_none_or(by_active)
            && self.passive.as_ref().is_none_or(by_passive)
            && self.outlier.as_ref().is_none_or(by_outlier)
    }

    /// Whether all servers are used at `now` because too few are believed up.
    pub fn panics(&mut self, now: f64) -> bool {
        self.refresh(now);
        self.in_panic
    }

    /// Who may be chosen at `now` by a request that has `tried` these servers: one flag each, or an empty slice for nobody. A
    /// server that was tried may be chosen again only if there is no other.
    #[inline]
    pub fn select(&mut self, now: f64, tried: &[bool]) -> Selection<'_> {
        self.refresh(now);
        let eligible = if tried.contains(&true) {
            self.mark_untried(tried);
            Some(self.untried.as_slice())
        } else if self.all_eligible {
            None
        } else {
            Some(self.eligible.as_slice())
        };
        Selection {
            eligible,
            weights: &self.weights,
        }
    }

    #[inline(always)]
    fn refresh(&mut self, now: f64) {
        if now >= self.stale_at {
            self.find_out(now);
        }
    }

    fn forget_selection(&mut self) {
        self.stale_at = f64::NEG_INFINITY;
    }

    /// Who may be chosen, and with which weight, and until when that holds.
    fn find_out(&mut self, now: f64) {
        if let Some(outlier) = &mut self.outlier {
            outlier.sweep(now);
        }
        let mut stale_at = f64::INFINITY;
        if let Some(outlier) = &self.outlier {
            stale_at = outlier.next_return();
        }
        for index in 0..self.servers.len() {
            let is_up = self.believes_up(super::super::number(index), now);
            if let Some(passive) = &self.passive
                && !passive.is_up(index, now)
            {
                stale_at = stale_at.min(passive.returns_at(index));
            }
            stale_at = stale_at.min(self.weigh(index, now));
            self.servers[index].is_up = is_up;
        }
        self.in_panic = self.is_in_panic();
        let mut eligible = std::mem::take(&mut self.eligible);
        self.mark(&[], &mut eligible);
        self.all_eligible = !eligible.contains(&false);
        self.eligible = eligible;
        self.stale_at = stale_at;
    }

    /// Sets a server's weight; the time at which it rises next.
    fn weigh(&mut self, index: usize, now: f64) -> f64 {
        let length = self.health.slow_start;
        let server = &mut self.servers[index];
        let Some(came_back) = server.came_back.filter(|_| length > 0.0) else {
            return f64::INFINITY;
        };
        let elapsed = now - came_back;
        self.weights[index] = slow_start::ramped(server.weight, length, elapsed);
        let next = slow_start::next_step(length, elapsed);
        if next == f64::INFINITY {
            server.came_back = None;
        }
        came_back + next
    }

    fn is_in_panic(&self) -> bool {
        let count = |wanted: &dyn Fn(&&Server) -> bool| {
            super::super::number(self.servers.iter().filter(wanted).count())
        };
        let present = count(&|server| server.is_present && !server.is_backup);
        let up = count(&|server| server.is_up && !server.is_backup);
        let backup = count(&|server| server.is_up && server.is_backup);
        backup == 0 && panic::panics(self.health.panic_threshold, up, present)
    }

    fn mark(&self, tried: &[bool], eligible: &mut [bool]) {
        let candidate = |index: usize| {
            let server = &self.servers[index];
            Candidate {
                is_up: server.is_up || (self.in_panic && server.is_present && !server.is_backup),
                is_backup: server.is_backup,
                is_tried: tried.get(index).is_some_and(|&tried| tried),
            }
        };
        self.health.backups.mark(candidate, eligible);
    }

    fn mark_untried(&mut self, tried: &[bool]) {
        let mut untried = std::mem::take(&mut self.untried);
        untried.resize(self.servers.len(), false);
        self.mark(tried, &mut untried);
        self.untried = untried;
    }
}

/// What the weights are counted in.
fn scale(health: &Health) -> u32 {
    if health.slow_start > 0.0 {
        slow_start::STEPS
    } else {
        1
    }
}
