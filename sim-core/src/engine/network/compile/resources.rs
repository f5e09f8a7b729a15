//! Resources by number: stations, servers of groups, pools.

use super::super::program::{GroupSpec, NONE, PoolSpec, StationSpec};
use super::{Compiler, narrow};
use crate::distribution::Distribution;
use crate::random::Purpose;
use crate::scenario::{Group, Resource, Station};

impl Compiler<'_> {
    pub(super) fn resources(&mut self) {
        self.visited = 0;
        for (number, (_, resource)) in self.scenario.resources.iter().enumerate() {
            let number = narrow(number);
            let at = match resource {
                Resource::Station(station) => self.station(number, station, (NONE, 0), 1.0),
                Resource::Group(group) => self.group(number, group),
                Resource::Cache(cache) => self.cache(cache),
                Resource::Pool(pool) => {
                    let patience = self.patience(number, pool.patience.as_ref());
                    self.program.pools.push(PoolSpec {
                        resource: self.visited,
                        size: pool.size,
                        queue: pool.queue.unwrap_or(NONE),
                        patience,
                    });
                    narrow(self.program.pools.len() - 1)
                }
            };
            self.visited += u32::from(!matches!(resource, Resource::Cache(_)));
            self.numbers.push(at);
        }
    }

    pub(super) fn station(
        &mut self,
        resource: u32,
        station: &Station,
        member: (u32, u32),
        speed: f64,
    ) -> u32 {
        let patience = self.patience(resource, station.patience.as_ref());
        self.program.stations.push(StationSpec {
            servers: station.servers,
            speed: station.server_speed() * speed,
            discipline: station.discipline,
            room: station.room.unwrap_or(NONE),
            patience,
            resource: self.visited,
            group: member.0,
            member: member.1,
            is_mortal: station.failures.is_some(),
            is_absent: false,
            failures: station.failures.clone(),
            cold_start: station.cold_start,
        });
        narrow(self.program.stations.len() - 1)
    }

    pub(super) fn group(&mut self, resource: u32, group: &Group) -> u32 {
        let number = narrow(self.program.groups.len());
        let first = narrow(self.program.stations.len());
        for (i, member) in group.servers().enumerate() {
            self.station(
                resource,
                &group.station,
                (number, narrow(i)),
                member.speed * group.efficiency(),
            );
        }
        self.program.groups.push(GroupSpec {
            first,
            weights: group.servers().map(|it| it.weight).collect(),
            policy: group.policy.clone(),
            balancers: group.balancers,
            backups: group.servers().map(|it| it.backup).collect(),
            health: group.health.clone(),
            autoscaler: group.autoscaler.clone(),
            is_mortal: group.station.failures.is_some() || group.autoscaler.is_some(),
            resource,
        });
        if let Some(autoscaler) = &group.autoscaler {
            let servers = self.program.stations[first as usize..].iter_mut();
            for (i, server) in (0..).zip(servers) {
                server.is_mortal = true;
                server.is_absent = i >= autoscaler.at_start();
            }
        }
        number
    }

    pub(super) fn patience(&mut self, resource: u32, law: Option<&Distribution>) -> u32 {
        let Some(law) = law else {
            return NONE;
        };
        let purpose =
            Purpose::Patience(u16::try_from(resource).expect("at most a thousand resources"));
        self.draw_for(law, purpose)
    }
}
