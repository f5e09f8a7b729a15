//! Servers of a group that are added and removed with the load.

use super::Network;
use super::life::Life;
use super::program::GroupSpec;
use crate::autoscaling::Controller;

/// The autoscaler of one group.
#[derive(Debug, Clone)]
pub(super) struct Scaler {
    controller: Controller,
    interval: f64,
    provisioning: f64,
    /// What all servers together had worked when it last looked, seconds.
    busy: f64,
    /// How many servers had served since then, times seconds.
    serving: f64,
}

impl Scaler {
    /// The autoscaler of a group, if it has one.
    pub(super) fn of(spec: &GroupSpec) -> Option<Self> {
        let autoscaler = spec.autoscaler.as_ref()?;
        Some(Self {
            controller: Controller::new(autoscaler),
            interval: autoscaler.interval,
            provisioning: autoscaler.provisioning,
            busy: 0.0,
            serving: 0.0,
        })
    }
}

impl Network {
    /// An autoscaler looks at its group and acts; returns when it looks again, seconds from now.
    pub(super) fn scale(&mut self, group: u32) -> f64 {
        let servers = self.servers_of(group);
        let (mut busy, mut serving, mut ordered) = (0.0, 0.0, 0.0);
        for station in servers.clone() {
            self.pass_station(station);
            let cores = f64::from(self.stations[station as usize].servers);
            if let Some(life) = self.life(station) {
                busy += life.worked_ever;
                serving += life.served_ever;
                if life.is_to_stay() && !life.is_up {
                    ordered += cores;
                }
            }
        }
        let present = servers
            .clone()
            .filter(|&station| self.is_present(station))
            .count();
        let Some(scaler) = self.scalers[group as usize].as_mut() else {
            return f64::INFINITY;
        };
        let passed = serving - std::mem::replace(&mut scaler.serving, serving);
        let worked = busy - std::mem::replace(&mut scaler.busy, busy);
        // Those on their way count as idle, lest more and more are ordered while the first ones start.
        let counted = passed + ordered * scaler.interval;
        let utilization = if counted > 0.0 { worked / counted } else { 0.0 };
        let present = u32::try_from(present).expect("a group is small");
        let wanted = scaler.controller.decide(self.now, present, utilization);
        let (interval, provisioning) = (scaler.interval, scaler.provisioning);
        for _ in present..wanted {
            self.switch_on_one(group, provisioning);
        }
        for _ in wanted..present {
            self.switch_off_one(group);
        }
        interval
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
