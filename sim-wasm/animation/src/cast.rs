//! Where everyone in a network is drawn: each on its way to where it belongs, under its own name.

use std::collections::VecDeque;

use sim_core::math;

use super::crowd::Dot;
use super::floor::{Floor, Look, Stand};
use super::house::{Body, Fate, Guest, Room, Spot, Start};
use super::lane::{Lane, Point};
use super::reel::{AHEAD, Coming, Goal, Reel};
use super::stock::Stock;

/// Time constant with which a request moves, in seconds of the viewer.
const MOVE: f64 = 0.09;
/// Time constant with which a cache fills and empties, in seconds of the viewer.
const POUR: f64 = 0.15;
/// How long one that goes is seen, and how far it falls.
const FADE: f64 = 0.6;
const FALL: f64 = 46.0;
/// Most that go drawn at once.
const MOST_GOING: usize = 96;
/// Where requests come in.
const DOOR: f64 = -10.0;

/// One that goes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Going {
    pub(super) dot: Dot,
    from: Point,
    pub(super) fate: Fate,
    age: f64,
}

impl Going {
    /// 1 at first, 0 when it is gone.
    pub(super) fn presence(&self) -> f64 {
        (1.0 - self.age / FADE).clamp(0.0, 1.0)
    }
}

/// Everyone drawn.
#[derive(Debug, Default)]
pub(super) struct Cast {
    /// Those who are there.
    pub(super) dots: Vec<Dot>,
    /// Those whom nobody waits for any more.
    pub(super) lost: Vec<Dot>,
    pub(super) going: VecDeque<Going>,
    /// Rows that the line of each place is folded into, on the way to a whole number.
    rows: Vec<f64>,
    /// How full each cache is, on the way to what it is, by place.
    pub(super) levels: Vec<f64>,
    /// Where those were who were there before everything changed, by place.
    before: Vec<Vec<Point>>,
}

impl Cast {
    /// Remembers where everyone is: who comes to be at a place takes over from who was there.
    pub(super) fn recast(&mut self, reel: &Reel) {
        self.before = vec![Vec::new(); reel.house.rooms.len()];
        for guest in &reel.house.guests {
            if let (Some(body), Spot::Line(room) | Spot::Served(room, _)) = (guest.body, guest.spot)
            {
                self.before[room].push(body.at);
            }
        }
    }

    /// Moves everyone on by `seconds` of the viewer; at once where that is infinite.
    pub(super) fn follow(&mut self, reel: &mut Reel, floor: &Floor, seconds: f64) {
        self.see_off(reel, floor, seconds);
        let stay = math::exp(-seconds / MOVE);
        let house = &mut reel.house;
        self.rows.resize(house.rooms.len(), 0.0);
        self.pour(&house.rooms, seconds);
        for (number, room) in house.rooms.iter().enumerate() {
            for (rank, &token) in room.line.iter().enumerate() {
                house.guests[token as usize].rank = rank;
            }
            if let Some(stand) = &floor.stands[number] {
                let (wanted, rows) = (stand.lane.rows(room.line.len()), &mut self.rows[number]);
                let stay = if *rows == 0.0 { 0.0 } else { stay };
                *rows = wanted + (*rows - wanted) * stay;
            }
        }
        self.dots.clear();
        self.lost.clear();
        for (number, guest) in house.guests.iter_mut().enumerate() {
            let Some(drawn) = self.draw(number, guest, floor, stay) else {
                guest.body = None;
                continue;
            };
            let dot = Dot {
                at: guest.body.map_or(Point::default(), |body| body.at),
                waited: guest.waited(reel.now) / reel.service,
            };
            if drawn && !guest.hidden {
                if guest.lost {
                    &mut self.lost
                } else {
                    &mut self.dots
                }
                .push(dot);
            }
        }
        self.before.clear();
        for it in &reel.coming {
            if let Some(at) = approach(it, reel, floor, &self.rows) {
                self.dots.push(Dot { at, waited: 0.0 });
            }
        }
    }

    /// Caches fill and empty.
    fn pour(&mut self, rooms: &[Room], seconds: f64) {
        let level = |room: &Room| room.stock.as_ref().map_or(0.0, Stock::level);
        if self.levels.len() != rooms.len() {
            self.levels = rooms.iter().map(level).collect();
        }
        let stay = math::exp(-seconds / POUR);
        for (shown, room) in self.levels.iter_mut().zip(rooms) {
            *shown = level(room) + (*shown - level(room)) * stay;
        }
    }

    /// Moves a guest. None where there is nothing to be seen of it, false where others stand for it.
    fn draw(&mut self, number: usize, guest: &mut Guest, floor: &Floor, stay: f64) -> Option<bool> {
        let stand = |room: usize| floor.stands.get(room)?.as_ref();
        let mut shown = true;
        // A line moves up along itself; everything else goes straight.
        let (place, along) = match guest.spot {
            Spot::Away => return None,
            Spot::Between(None) => (doorway(number, guest.class, floor), 0.0),
            Spot::Between(room) => (lobby(number, room.and_then(stand), floor), 0.0),
            Spot::Served(room, server) => {
                let it = stand(room)?;
                shown = it.look != Look::Bar;
                (it.lane.server(server), 0.0)
            }
            Spot::Slot(room, slot) => (stand(room)?.lane.server(slot), 0.0),
            Spot::Line(room) => {
                let it = stand(room)?;
                shown = it.look != Look::Bar;
                if guest.rank >= it.lane.places() {
                    return None;
                }
                let wanted = Lane::place(guest.rank);
                let along = match guest.body {
                    Some(body) if body.spot == guest.spot => wanted + (body.along - wanted) * stay,
                    _ => wanted,
                };
                (it.lane.point(along.max(0.0), self.rows[room]), along)
            }
        };
        let away = |from: Point| Point {
            x: from.x - place.x,
            y: from.y - place.y,
        };
        let mut off = match guest.body {
            Some(body) if body.spot == guest.spot => body.off,
            Some(body) => away(body.at),
            None => away(self.start(number, guest, place, floor)),
        };
        guest.start = Start::There;
        off = Point {
            x: off.x * stay,
            y: off.y * stay,
        };
        guest.body = Some(Body {
            at: Point {
                x: place.x + off.x,
                y: place.y + off.y,
            },
            off,
            along,
            spot: guest.spot,
        });
        Some(shown)
    }

    /// Where a guest is seen first.
    fn start(&mut self, number: usize, guest: &Guest, place: Point, floor: &Floor) -> Point {
        if let Spot::Line(room) | Spot::Served(room, _) = guest.spot
            && let Some(at) = self.before.get_mut(room).and_then(Vec::pop)
        {
            return at;
        }
        match guest.start {
            Start::There => place,
            Start::Door => Point {
                x: DOOR,
                y: place.y,
            },
            Start::At(at) => at,
            Start::Mouth(room) => mouth(number, room, floor).unwrap_or(place),
        }
    }

    fn see_off(&mut self, reel: &mut Reel, floor: &Floor, seconds: f64) {
        for (number, guest, fate) in reel.house.gone.drain(..) {
            let at = match (guest.body, guest.start) {
                (Some(body), _) => Some(body.at),
                (None, Start::Mouth(room)) => mouth(number as usize, room, floor),
                _ => None,
            };
            let Some(from) = at else { continue };
            self.going.push_back(Going {
                dot: Dot {
                    at: from,
                    waited: guest.waited(reel.now) / reel.service,
                },
                from,
                fate,
                age: 0.0,
            });
            if self.going.len() > MOST_GOING {
                self.going.pop_front();
            }
        }
        for it in &mut self.going {
            it.age += seconds;
            let way = (it.age / FADE).min(1.0);
            match it.fate {
                Fate::Done => it.dot.at.x = it.from.x + (floor.width + 12.0 - it.from.x) * way,
                Fate::Failed => it.dot.at.y = it.from.y + FALL * way * way,
                Fate::Merged => {}
            }
        }
        self.going.retain(|it| it.age < FADE);
    }

    /// Forgets where everyone was, after the canvas changed its shape.
    pub(super) fn scatter(&mut self, reel: &mut Reel) {
        reel.house.guests.iter_mut().for_each(|it| it.body = None);
        self.before.clear();
        self.going.clear();
        self.rows.clear();
        self.levels.clear();
    }
}

/// Where a guest stands that is in no room: behind the one it was in last, not all in one point.
fn lobby(number: usize, stand: Option<&Stand>, floor: &Floor) -> Point {
    let aside = aside(number);
    match stand {
        Some(it) if it.vessel.is_some() => before(number, it),
        Some(it) => Point {
            x: it.lane.server(0).x + it.lane.radius + 12.0 + aside * 6.0,
            y: it.frame.top + it.frame.height * (0.5 + aside * 0.8),
        },
        None => Point {
            x: 8.0,
            y: floor.height * (0.5 + aside * 0.5),
        },
    }
}

/// Where one is whose look-up has begun, or who has looked: before the cache.
fn before(number: usize, stand: &Stand) -> Point {
    let mouth = stand
        .vessel
        .as_ref()
        .map_or(Point::default(), |it| it.mouth);
    let aside = aside(number);
    Point {
        x: mouth.x - 4.0 + (number * 5 % 7) as f64,
        y: mouth.y + aside * 30.0,
    }
}

fn mouth(number: usize, room: usize, floor: &Floor) -> Option<Point> {
    Some(before(number, floor.stands.get(room)?.as_ref()?))
}

/// Where one stands who has come, and has not been anywhere.
fn doorway(number: usize, class: u16, floor: &Floor) -> Point {
    let entrance = floor.entrances.get(class as usize).copied().flatten();
    let at = entrance.and_then(|room| mouth(number, room, floor));
    at.unwrap_or_else(|| lobby(number, None, floor))
}

/// From -½ to ½, by number: not all in one point.
fn aside(number: usize) -> f64 {
    (number * 7 % 11) as f64 / 10.0 - 0.5
}

/// Where a request is that has not come yet.
fn approach(it: &Coming, reel: &Reel, floor: &Floor, rows: &[f64]) -> Option<Point> {
    let left = (it.time - reel.now) / (AHEAD * reel.pace());
    if left > 1.0 {
        return None;
    }
    let way = 1.0 - left.max(0.0);
    let to = match it.goal {
        None => doorway(it.token as usize, it.class, floor),
        Some(Goal::Cache(room)) => mouth(it.token as usize, room, floor)?,
        Some(Goal::Server(room, server)) => floor.stands[room].as_ref()?.lane.server(server),
        Some(Goal::Slot(room)) => floor.stands[room].as_ref()?.lane.server(0),
        Some(Goal::Line(room)) => {
            let lane = &floor.stands[room].as_ref()?.lane;
            let line = reel.house.rooms[room].line.len().min(lane.places() - 1);
            lane.point(Lane::place(line), rows[room].max(1.0))
        }
    };
    let gate = it.through.and_then(|(group, balancer)| {
        let gate = floor.gates.iter().find(|gate| gate.group == group)?;
        Some((
            gate.balancers.get(balancer).or(gate.balancers.last())?,
            gate.rail.0,
        ))
    });
    let mix = |from: Point, to: Point, way: f64| Point {
        x: from.x + (to.x - from.x) * way,
        y: from.y + (to.y - from.y) * way,
    };
    let Some((balancer, rail)) = gate else {
        return Some(mix(Point { x: DOOR, y: to.y }, to, way));
    };
    // Through the balancer, up or down along the rail, and along the lane.
    let corners = [
        Point {
            x: DOOR,
            y: balancer.y,
        },
        Point {
            x: rail,
            y: balancer.y,
        },
        Point { x: rail, y: to.y },
        to,
    ];
    let turns = [0.0, 0.2, 0.45, 1.0];
    let leg = (0..2).find(|&leg| way <= turns[leg + 1]).unwrap_or(2);
    let within = (way - turns[leg]) / (turns[leg + 1] - turns[leg]);
    Some(mix(corners[leg], corners[leg + 1], within))
}
