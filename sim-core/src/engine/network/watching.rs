//! What balancers believe of their servers, how they come to believe it, and how long that takes.

use super::Network;
use super::group::{Answer, Choice};
use super::log::Event;
use super::program::NONE;
use crate::balancing::health::Watch;

impl Network {
    /// A request comes back to its balancer.
    #[inline(always)]
    pub(super) fn answered(&mut self, group: u32, choice: Choice, response: f64, answer: Answer) {
        let it = &mut self.groups[group as usize];
        it.returned(choice, self.now, response, answer);
        if it.is_watched && answer != Answer::NotAwaited {
            let well = answer == Answer::Well;
            self.believe(group, choice.balancer, choice.server, |watch, now| {
                watch.answered(choice.server, now, well);
            });
        }
    }

    /// A balancer learns something about a server. Where it changes its mind about one that is down, the failure is detected.
    pub(super) fn believe(
        &mut self,
        group: u32,
        balancer: u32,
        server: u32,
        learn: impl FnOnce(&mut Watch, f64),
    ) {
        let now = self.now;
        let Some(watch) = self.groups[group as usize].watch(balancer) else {
            return;
        };
        let before = watch.believes_up(server, now);
        learn(watch, now);
        let up = watch.believes_up(server, now);
        if up == before {
            return;
        }
        self.note(|_| Event::Believed {
            group,
            balancer,
            server,
            up,
        });
        let station = self.groups[group as usize].first + server;
        let down_since = self.stations[station as usize]
            .life
            .as_ref()
            .and_then(|life| life.out_since());
        if let Some(since) = down_since.filter(|&since| !up && since >= self.window.start) {
            let is_first = self.groups[group as usize].notice(balancer, server, since);
            self.count_detection(group, now - since, is_first);
        }
    }

    /// A balancer found out that a server is down: for the first time in this outage, or once more after it had let it in again.
    fn count_detection(&mut self, group: u32, after: f64, is_first: bool) {
        let group = group as usize;
        if is_first && let Some(tally) = self.tally.detections.get_mut(group) {
            tally.count += 1;
            tally.sum += after;
        } else if let Some(count) = self.tally.repeated_detections.get_mut(group) {
            *count += 1;
        }
    }

    /// All balancers of a server are told that it takes requests, or does not.
    pub(super) fn tell_balancers(&mut self, station: u32, takes: bool) {
        let it = &self.stations[station as usize];
        if it.group == NONE {
            return;
        }
        let (group, member) = (it.group, it.member);
        for balancer in 0..self.groups[group as usize].balancers() {
            self.believe(group, balancer, member, |watch, now| {
                if takes {
                    watch.added(member, now);
                } else {
                    watch.removed(member);
                }
            });
        }
    }
}
