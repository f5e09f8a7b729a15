//! Servers that serve one request each.

use super::Network;
use super::late::Served;
use super::log::Event;
use super::parts::UNCOUNTED;
use super::program::NONE;
use super::station::Station;
use super::tally::Outcome;
use super::token::State;
use crate::engine::calendar::Ticket;
use crate::scenario::Discipline;

/// Counts a wait for each of these limits that it does not exceed.
pub(super) fn count_within(counts: &mut [u64], limits: &[f64], wait: f64) {
    for (count, &limit) in counts.iter_mut().zip(limits) {
        *count += u64::from(wait <= limit);
    }
}

impl Network {
    /// Brings the integrals of a station up to now.
    #[inline(always)]
    pub(super) fn pass_station(&mut self, station: u32) {
        if self.series.is_some() {
            self.pass_station_series(station);
        }
        if !self.numbers.is_empty() {
            let it = &self.stations[station as usize];
            let (resource, present, changed) = (it.resource, it.present(), it.changed);
            self.pass_number(resource as usize, f64::from(present), self.now - changed);
        }
        self.stations[station as usize].pass(self.now);
    }

    #[inline(never)]
    fn pass_station_series(&mut self, station: u32) {
        let it = &self.stations[station as usize];
        if let Some(series) = &mut self.series {
            let counts = (f64::from(it.present()), f64::from(it.busy()));
            series.add(station as usize, counts, it.changed, self.now);
            if let Some(life) = &it.life {
                let up = if life.works() {
                    f64::from(it.servers)
                } else {
                    0.0
                };
                series.add_up(station as usize, up, it.changed, self.now);
            }
            // Of a station by itself the number is that of no group.
            if let Some(group) = self.groups.get_mut(it.group as usize) {
                series.add_group(it.group as usize, group.imbalance(), self.now);
            }
        }
    }

    /// A request comes to a station with this much work.
    #[inline(always)]
    pub(super) fn join_station(&mut self, number: u32, station: u32, work: f64) {
        self.pass_station(station);
        let it = &mut self.stations[station as usize];
        it.tally.arrived += 1;
        let (is_special, resource) = (it.is_special, it.resource);
        self.count_call(number, resource);
        if is_special {
            return self.join_special(number, station, work);
        }
        self.join_plain(number, station, work);
    }

    /// The same where there is nothing but waiting in line and being served.
    #[inline(always)]
    pub(super) fn join_plain(&mut self, number: u32, station: u32, work: f64) {
        self.admit(number, station, work);
        let it = &mut self.stations[station as usize];
        let token = &mut self.tokens[number];
        if it.serving < it.servers {
            it.begin(token, number, &mut self.calendar, self.now);
            self.note_start(number, station);
        } else {
            token.order = self.calendar.next_ticket(number);
            it.line_up(token);
            self.note_wait(number, station);
        }
    }

    /// Takes a token into a station: from now on it is one of those present.
    #[inline(always)]
    fn admit(&mut self, number: u32, station: u32, work: f64) {
        let it = &self.stations[station as usize];
        if it.group != NONE {
            self.groups[it.group as usize].came(it.member);
        }
        let token = &mut self.tokens[number];
        token.place = station;
        token.joined = self.now;
        token.demand = work;
        token.work = work;
    }

    /// The same where more is asked than to wait in line and be served.
    #[inline(never)]
    pub(super) fn join_special(&mut self, number: u32, station: u32, work: f64) {
        let it = &mut self.stations[station as usize];
        if !it.is_open() {
            return self.knock(number, station, work);
        }
        if it.present() >= it.room {
            it.tally.rejected += 1;
            self.note(|it| Event::Refused {
                request: it.tokens[number].request,
                token: number,
                station,
            });
            return self.fail(number, Outcome::Rejected);
        }
        self.admit(number, station, work);
        let it = &mut self.stations[station as usize];
        let token = &mut self.tokens[number];
        // An order from an earlier visit must not come back to life if this one has to yield.
        token.order = Ticket::NONE;
        if it.discipline == Discipline::ProcessorSharing {
            return self.join_shared(number, station);
        }
        if it.serving < it.servers && it.speed > 0.0 {
            return self.serve(number, station);
        }
        token.order = self.calendar.next_ticket(number);
        if it.is_preemptive() && it.speed > 0.0 && self.push_aside(number, station) {
            return;
        }
        self.wait(number, station);
        let patience = self.stations[station as usize].patience;
        if patience != NONE {
            let until = self.now + self.draws.draw(patience);
            self.tokens[number].timer = self.calendar.schedule(until, number);
        }
    }

    #[inline(always)]
    fn note_wait(&mut self, number: u32, station: u32) {
        self.note(|it| Event::Queued {
            request: it.tokens[number].request,
            token: number,
            station,
        });
    }

    #[inline(always)]
    fn note_start(&mut self, number: u32, station: u32) {
        self.note(|it| Event::Started {
            request: it.tokens[number].request,
            token: number,
            station,
            server: it.tokens[number].server,
            until: it.now + it.tokens[number].work * it.stations[station as usize].slowness,
        });
    }

    /// Puts a token into the line of a station where more is asked.
    fn wait(&mut self, number: u32, station: u32) {
        let it = &mut self.stations[station as usize];
        let token = &mut self.tokens[number];
        it.line_up(token);
        it.waiting_work += token.work;
        self.note_wait(number, station);
    }

    /// Gives a token a server. There must be an idle one.
    #[inline(always)]
    fn serve(&mut self, number: u32, station: u32) {
        let token = &mut self.tokens[number];
        self.stations[station as usize].begin(token, number, &mut self.calendar, self.now);
        self.note_start(number, station);
    }

    /// The next in line gets the server that is idle now.
    #[inline(always)]
    fn serve_next(&mut self, station: u32) {
        let it = &mut self.stations[station as usize];
        if it.waiting == 0 || it.speed <= 0.0 {
            return;
        }
        let Some(next) = it.line.pop(&self.tokens, &mut it.chance) else {
            return;
        };
        it.waiting -= 1;
        if it.is_special {
            it.waiting_work -= self.tokens[next].work;
            self.call_off(next);
        }
        self.serve(next, station);
    }

    /// Those in line get the servers that are idle now, as far as there are any.
    pub(super) fn fill_servers(&mut self, station: u32) {
        loop {
            let it = &self.stations[station as usize];
            if it.waiting == 0 || it.serving >= it.servers {
                return;
            }
            self.serve_next(station);
        }
    }

    /// A service ends: the next one begins, and the request goes on.
    #[inline(always)]
    pub(super) fn finish_service(&mut self, number: u32) {
        let station = self.tokens[number].place;
        self.pass_station(station);
        let it = &mut self.stations[station as usize];
        let token = &mut self.tokens[number];
        let stay = self.now - token.joined;
        let wait = it.wait_of(token, self.now);
        token.waited += wait;
        it.tally.serve(wait, stay);
        let (resource, joined) = (it.resource, token.joined);
        self.count_visit(resource, wait);
        if self.is_late(joined) {
            self.serve_late(Served {
                place: station as usize,
                resource,
                wait,
                stay,
            });
        }
        let it = &mut self.stations[station as usize];
        let token = &mut self.tokens[number];
        if it.discipline == Discipline::ProcessorSharing {
            self.finish_shared(number, station);
        } else {
            it.end(token);
            self.serve_next(station);
        }
        self.note(|it| Event::Finished {
            request: it.tokens[number].request,
            token: number,
            station,
        });
        self.leave_station(station);
        if self.stations[station as usize].is_special && self.finish_special(number, station) {
            return;
        }
        self.run(number);
    }

    /// What else follows from the end of a service; true if the answer cannot be heard.
    #[inline(never)]
    fn finish_special(&mut self, number: u32, station: u32) -> bool {
        self.stop_if_drained(station);
        self.goes_unheard(number, station)
    }

    /// Somebody has left the station: its group knows.
    #[inline(always)]
    fn leave_station(&mut self, station: u32) {
        let it = &self.stations[station as usize];
        if it.group == NONE {
            return;
        }
        let group = &mut self.groups[it.group as usize];
        let left = group.went(it.member);
        let serves = it.life.as_ref().is_none_or(|life| life.serves());
        if left == 0 && group.wants_idle_reports && serves {
            group.became_idle(it.member);
        }
    }

    /// A server that came back tells that it is idle.
    pub(super) fn report_idle(&mut self, station: u32) {
        let it = &self.stations[station as usize];
        if it.group != NONE && it.present() == 0 {
            let group = &mut self.groups[it.group as usize];
            if group.wants_idle_reports {
                group.became_idle(it.member);
            }
        }
    }

    /// Takes the place of whoever in service has the least right to it, if that is less than the newcomer's.
    fn push_aside(&mut self, number: u32, station: u32) -> bool {
        let it = &self.stations[station as usize];
        let newcomer = (it.key(&self.tokens[number]), self.tokens[number].order.0);
        let last = it
            .at_work
            .iter()
            .map(|&token| (self.right_of(it, token), token))
            .max_by(|a, b| a.0.0.total_cmp(&b.0.0).then(a.0.1.cmp(&b.0.1)));
        let Some((right, yielding)) = last.filter(|(right, _)| right.0 > newcomer.0) else {
            return false;
        };
        debug_assert!(right.0.is_finite());
        let left = self.work_left(it, yielding);
        self.call_off(yielding);
        self.tokens[yielding].work = left;
        self.stations[station as usize].end(&self.tokens[yielding]);
        if self.tokens[yielding].order == Ticket::NONE {
            self.tokens[yielding].order = self.calendar.next_ticket(yielding);
        }
        self.serve(number, station);
        self.wait(yielding, station);
        true
    }

    /// What counts when a token in service is compared with others: the smaller, the more right it has to stay.
    fn right_of(&self, station: &Station, number: u32) -> (f64, u64) {
        let token = &self.tokens[number];
        let key = match station.discipline {
            Discipline::ShortestRemaining => self.work_left(station, number),
            _ => station.key(token),
        };
        (key, token.order.0)
    }

    /// Work left of a token in service, seconds at speed 1.
    pub(super) fn work_left(&self, station: &Station, number: u32) -> f64 {
        let token = &self.tokens[number];
        (token.work - (self.now - token.since) * station.speed).max(0.0)
    }

    /// Somebody has waited long enough.
    pub(super) fn give_up_waiting(&mut self, number: u32) {
        let station = self.tokens[number].place;
        self.withdraw(number);
        self.stations[station as usize].tally.gave_up += 1;
        let joined = self.tokens[number].joined;
        self.end_late(station as usize, joined, |it| it.gave_up += 1);
        self.fail(number, Outcome::GaveUp);
    }

    /// Takes a token out of a station, wherever it is there.
    pub(super) fn withdraw(&mut self, number: u32) {
        let station = self.tokens[number].place;
        self.pass_station(station);
        self.call_off(number);
        self.tokens[number].waited += self.waiting_so_far(number);
        let it = &mut self.stations[station as usize];
        if it.discipline == Discipline::ProcessorSharing {
            self.finish_shared(number, station);
        } else if self.tokens[number].state == State::Serving {
            let (server, since) = (self.tokens[number].server, self.tokens[number].since);
            it.time_worked(server, since, self.now);
            it.end(&self.tokens[number]);
            self.serve_next(station);
        } else {
            self.tokens[number].turn = Ticket::NONE;
            it.waiting -= 1;
            if it.is_special {
                it.waiting_work -= self.tokens[number].work;
            }
            it.line.tidy(&self.tokens, it.waiting);
        }
        self.note(|it| Event::Withdrawn {
            request: it.tokens[number].request,
            token: number,
            station,
        });
        self.leave_station(station);
        self.stop_if_drained(station);
    }

    /// How long a token that is at a station has waited there, seconds: the time there during which nobody worked on it.
    fn waiting_at_station(&self, number: u32) -> f64 {
        let token = &self.tokens[number];
        let station = &self.stations[token.place as usize];
        let left = match token.state {
            State::Serving if station.discipline == Discipline::ProcessorSharing => {
                let shared = station.shared + (self.now - station.shared_at) * station.pace();
                token.work - shared
            }
            State::Serving => self.work_left(station, number),
            _ => token.work,
        };
        let worked = (token.demand - left).max(0.0) * station.slowness;
        let waited = self.now - token.joined - worked;
        if waited > 0.0 { waited } else { 0.0 }
    }

    /// How long a token has waited in the line in which it stands, seconds.
    pub(super) fn waiting_so_far(&self, number: u32) -> f64 {
        let token = &self.tokens[number];
        match token.state {
            State::Waiting | State::Serving => self.waiting_at_station(number),
            State::Pooled | State::Sharing => self.now - token.joined,
            _ => 0.0,
        }
    }

    /// Adds time with this number present.
    #[inline(never)]
    pub(super) fn pass_number(&mut self, resource: usize, present: f64, passed: f64) {
        if let Some(times) = self.numbers.get_mut(resource) {
            let last = times.len() - 1;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "casts saturate"
            )]
            let at = (present as usize).min(last);
            times[at] += passed;
        }
    }

    /// A visit is served after this wait.
    #[inline(always)]
    pub(super) fn count_visit(&mut self, resource: u32, wait: f64) {
        self.place_waits[resource as usize].add(wait);
        if !self.program.within.is_empty() {
            self.count_visit_within(resource, wait);
        }
    }

    #[inline(never)]
    fn count_visit_within(&mut self, resource: u32, wait: f64) {
        if let Some(counts) = self.within.get_mut(resource as usize) {
            count_within(counts, &self.program.within, wait);
        }
    }

    /// Counts a visit to a resource, for the request that pays it.
    #[inline(always)]
    pub(super) fn count_call(&mut self, number: u32, resource: u32) {
        let token = &self.tokens[number];
        if token.part != UNCOUNTED {
            let class = &mut self.tally.classes[usize::from(token.class)];
            class.calls[resource as usize] += 1;
        }
    }

    /// Fills in how many seconds of work each server of a group has.
    pub(super) fn look_at_work_left(&mut self, group: u32) {
        let first = self.groups[group as usize].first as usize;
        let count = self.groups[group as usize].in_system.len();
        for member in 0..count {
            let it = &self.stations[first + member];
            let at_work = it.at_work.iter().filter(|&&token| token != NONE);
            let in_service: f64 = if it.discipline == Discipline::ProcessorSharing {
                self.shared_work(it)
            } else {
                at_work.map(|&token| self.work_left(it, token)).sum()
            };
            let seconds =
                (in_service + it.waiting_work.max(0.0)) / (it.speed * f64::from(it.servers));
            self.groups[group as usize].work_left[member] = seconds;
        }
    }
}
