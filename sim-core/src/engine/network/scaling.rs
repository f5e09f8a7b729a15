//! Servers of a group that are added and removed with the load.

use super::Network;
use super::life::Life;
use super::program::GroupSpec;
use crate::autoscaling::{Controller, Seen};

/// The autoscaler of one group.
#[derive(Debug, Clone)]
pub(super) struct Scaler {
    controller: Controller,
    interval: f64,
    provisioning: f64,
    /// What each server was like when it last looked.
    servers: Vec<Looked>,
}

/// What was found of a server.
#[derive(Debug, Clone, Copy, Default)]
struct Looked {
    /// What it had worked and how long it had served until then, times its cores, seconds.
    worked: f64,
    served: f64,
    /// Whether it was up, and to stay.
    was_ready: bool,
}

/// The work of all servers since the last look, and how much it could have been.
#[derive(Debug, Clone, Copy, Default)]
struct Together {
    worked: f64,
    served: f64,
    /// Cores of the servers on their way.
    ordered: f64,
}

impl Scaler {
    /// The autoscaler of a group, if it has one.
    pub(super) fn of(spec: &GroupSpec) -> Option<Self> {
        let autoscaler = spec.autoscaler.as_ref()?;
        let server = |(i, _)| Looked {
            was_ready: i < autoscaler.at_start(),
            ..Looked::default()
        };
        Some(Self {
            controller: Controller::new(autoscaler),
            interval: autoscaler.interval,
            provisioning: autoscaler.provisioning,
            servers: (0..).zip(&spec.weights).map(server).collect(),
        })
    }
}

impl Network {
    /// An autoscaler looks at its group and acts; returns when it looks again, seconds from now.
    pub(super) fn scale(&mut self, group: u32) -> f64 {
        let Some(mut scaler) = self.scalers[group as usize].take() else {
            return f64::INFINITY;
        };
        let seen = self.look(group, &mut scaler);
        let wanted = scaler.controller.decide(self.now, &seen);
        let (interval, provisioning) = (scaler.interval, scaler.provisioning);
        self.scalers[group as usize] = Some(scaler);
        for _ in seen.present..wanted {
            self.switch_on_one(group, provisioning);
        }
        for _ in wanted..seen.present {
            self.switch_off_one(group);
        }
        interval
    }

    /// What an autoscaler sees of its servers now.
    fn look(&mut self, group: u32, scaler: &mut Scaler) -> Seen {
        let mut seen = Seen::default();
        let mut all = Together::default();
        for (station, before) in self.servers_of(group).zip(&mut scaler.servers) {
            self.pass_station(station);
            let cores = f64::from(self.stations[station as usize].servers);
            let Some(life) = self.life(station) else {
                continue;
            };
            let worked = life.worked_ever - before.worked;
            all.worked += worked;
            all.served += life.served_ever - before.served;
            let is_ready = life.is_up && life.is_to_stay();
            if life.is_to_stay() {
                seen.present += 1;
                if !life.is_up {
                    all.ordered += cores;
                }
                if is_ready && before.was_ready {
                    seen.measured += 1;
                    seen.usage += worked / (cores * scaler.interval);
                } else if is_ready || life.is_starting {
                    // One that is up was not when it was last looked at: it has not been measured for a whole interval.
                    seen.unready += 1;
                } else {
                    seen.missing += 1;
                }
            }
            *before = Looked {
                worked: life.worked_ever,
                served: life.served_ever,
                was_ready: is_ready,
            };
        }
        // Those on their way count as idle, lest more and more are ordered while the first ones start.
        let counted = all.served + all.ordered * scaler.interval;
        seen.mean = if counted > 0.0 {
            all.worked / counted
        } else {
            0.0
        };
        seen
    }

    fn servers_of(&self, group: u32) -> std::ops::Range<u32> {
        let it = &self.groups[group as usize];
        let count = u32::try_from(it.in_system.len()).expect("a group is small");
        it.first..it.first + count
    }

    /// Whether a server is there or on its way, and is to stay.
    fn is_present(&self, station: u32) -> bool {
        let life = self.stations[station as usize].life.as_deref();
        life.is_none_or(Life::is_to_stay)
    }

    /// The first server that is not there is ordered.
    fn switch_on_one(&mut self, group: u32, provisioning: f64) {
        let absent = self
            .servers_of(group)
            .find(|&station| !self.is_present(station));
        let Some(station) = absent else {
            return;
        };
        self.pass_station(station);
        let drains = match self.life(station) {
            Some(life) => {
                life.is_on = true;
                life.is_draining
            }
            None => return,
        };
        let cold_start = self.program.stations[station as usize].cold_start;
        // One that has not stopped yet just stays.
        let wait = if drains {
            0.0
        } else {
            provisioning + cold_start
        };
        self.start_in(station, wait);
    }

    /// The last server that is there takes no more requests.
    fn switch_off_one(&mut self, group: u32) {
        let last = self
            .servers_of(group)
            .rev()
            .find(|&station| self.is_present(station));
        let Some(station) = last else {
            return;
        };
        let Some(life) = self.life(station) else {
            return;
        };
        life.is_leaving = true;
        if life.is_up {
            return self.drain(station);
        }
        self.call_off_start(station);
        self.pass_station(station);
        if let Some(life) = self.life(station) {
            life.is_on = false;
        }
    }
}
