//! What whoever watches can do by hand: kill and revive servers that can fail, and empty caches.

use sim_core::scenario::{Incident, Resource, Scenario};

use super::lane::Point;
use super::reel::Reel;
use super::stage::Stage;

/// The most that can be done by hand.
const MOST_DEEDS: usize = 24;

/// Something that can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    /// To the server at this place.
    Server(usize),
    /// To the cache of this number.
    Cache(usize),
}

impl Reel {
    /// Servers that can be killed and revived, and caches that can be emptied.
    fn deeds(&self) -> Vec<Deed> {
        let servers = self.mortals().into_iter().map(Deed::Server);
        let caches = (0..self.layout.caches.len()).map(Deed::Cache);
        servers.chain(caches).collect()
    }

    /// Servers that can be killed and revived by hand, by place.
    pub(super) fn mortals(&self) -> Vec<usize> {
        // Servers that an autoscaler switches are not killed by hand.
        let some = can_fail(&self.scenario);
        (0..self.stations)
            .filter(|&place| some && self.is_up(place).is_some())
            .collect()
    }

    /// Whether a server is up, as the engine has it, a little ahead of what is seen; `None` where nothing can happen to it.
    pub(super) fn is_up(&self, place: usize) -> Option<bool> {
        self.network.is_up(u32::try_from(place).ok()?)
    }

    /// Kills a server, in the way in which servers die in this scenario, or revives it.
    pub(super) fn set_up(&mut self, place: usize, up: bool) {
        let Ok(station) = u32::try_from(place) else {
            return;
        };
        if up {
            self.network.revive_now(station);
        } else {
            let is_silent = dies_silently(&self.scenario);
            self.network.kill_now(station, is_silent);
        }
    }

    /// Throws away what a cache holds.
    pub(super) fn flush(&mut self, cache: usize) {
        if let Ok(cache) = u32::try_from(cache) {
            self.network.empty_now(cache);
        }
    }

    /// What can be done to what is drawn at a place.
    fn deed_at(&self, place: usize) -> Deed {
        match place.checked_sub(self.layout.places.len()) {
            Some(cache) => Deed::Cache(cache),
            None => Deed::Server(place),
        }
    }

    fn name(&self, deed: Deed) -> &str {
        match deed {
            Deed::Server(place) => &self.layout.places[place].name,
            Deed::Cache(cache) => &self.layout.caches[cache],
        }
    }

    /// What it is now, and what can be done: `Web 3: up. Kill it`; or only that: `Empty the cache`.
    fn tell_deed(&self, deed: Deed, text: &mut String) {
        match deed {
            Deed::Server(place) => {
                *text += &named(self.name(deed));
                *text += if self.is_up(place) == Some(true) {
                    ": up. Kill it"
                } else {
                    ": down. Revive it"
                };
            }
            Deed::Cache(_) => {
                *text += "Empty the cache";
                if self.layout.caches.len() > 1 {
                    *text += " ";
                    *text += self.name(deed);
                }
            }
        }
    }
}

impl Stage {
    /// What can be done by hand, by scene. Where all scenes have the same places, it is done in all, and the first stands for all.
    fn deeds(&self) -> Vec<(usize, Deed)> {
        let reels = if self.are_alike() {
            &self.reels[..1]
        } else {
            &self.reels
        };
        let of = |(scene, reel): (usize, &Reel)| {
            let deeds = reel.deeds().into_iter();
            deeds.map(move |deed| (scene, deed)).collect::<Vec<_>>()
        };
        let all = reels.iter().enumerate().flat_map(of);
        all.take(MOST_DEEDS).collect()
    }

    fn are_alike(&self) -> bool {
        let mut pairs = self.reels.windows(2);
        pairs.all(|pair| pair[0].layout == pair[1].layout)
    }

    /// What can be done by hand, in words.
    pub(super) fn tell_deeds(&self) -> Vec<String> {
        let alike = self.are_alike();
        let words = |(scene, deed): (usize, Deed)| {
            let mut text = String::new();
            if !alike && self.has_namesake(scene, deed) {
                let it = &self.scenes[scene];
                text += if it.letter.is_empty() {
                    &it.name
                } else {
                    &it.letter
                };
                text += ", ";
            }
            self.reels[scene].tell_deed(deed, &mut text);
            text
        };
        self.deeds().into_iter().map(words).collect()
    }

    /// Whether something in another scene has the same name.
    fn has_namesake(&self, scene: usize, deed: Deed) -> bool {
        let name = self.reels[scene].name(deed);
        let others = self.reels.iter().enumerate().filter(|(it, _)| *it != scene);
        let mut deeds = others.flat_map(|(_, reel)| {
            let deeds = reel.deeds().into_iter();
            deeds.map(|deed| reel.name(deed))
        });
        deeds.any(|it| it == name)
    }

    /// Does what has this number in that list.
    pub(super) fn act(&mut self, number: usize) {
        let Some(&(scene, deed)) = self.deeds().get(number) else {
            return;
        };
        let up =
            matches!(deed, Deed::Server(place) if self.reels[scene].is_up(place) != Some(true));
        let reels = if self.are_alike() {
            &mut self.reels[..]
        } else {
            &mut self.reels[scene..=scene]
        };
        for it in reels {
            match deed {
                Deed::Server(place) => it.set_up(place, up),
                Deed::Cache(cache) => it.flush(cache),
            }
        }
    }

    /// The number in that list of what can be done to what is drawn there, if anything.
    pub(super) fn deed_at(&self, at: Point, width: f64) -> Option<usize> {
        let plan = self.plan(width);
        let mut scenes = plan.sets.iter().enumerate();
        let found = scenes.find_map(|(scene, set)| {
            let within = Point {
                x: at.x - set.frame.left,
                y: at.y - set.frame.top,
            };
            Some((scene, set.floor.place_at(within)?))
        });
        let (scene, place) = found?;
        let deed = self.reels[scene].deed_at(place);
        let listed = (if self.are_alike() { 0 } else { scene }, deed);
        self.deeds().iter().position(|it| *it == listed)
    }
}

/// Whether servers may be killed by hand: where the scenario is about servers that can fail.
pub(super) fn can_fail(scenario: &Scenario) -> bool {
    let fails = |resource: &Resource| match resource {
        Resource::Station(it) => it.failures.is_some(),
        Resource::Group(it) => it.health.is_some() || it.station.failures.is_some(),
        Resource::Pool(_) | Resource::Cache(_) => false,
    };
    let mut script = scenario.script.iter();
    script.any(|incident| incident.cache().is_none())
        || scenario.resources.iter().any(|(_, it)| fails(it))
}

/// Whether dead servers do not answer rather than refuse.
fn dies_silently(scenario: &Scenario) -> bool {
    let silent = |incident: &Incident| matches!(incident, Incident::Kill(it) if it.silent);
    scenario.script.iter().any(silent)
}

/// A place as people count: `web[2]` is the third one.
fn named(place: &str) -> String {
    let numbered = place.strip_suffix(']').and_then(|it| it.split_once('['));
    let (name, number) = match numbered {
        Some((name, number)) => (name, number.parse::<u32>().ok()),
        None => (place, None),
    };
    let mut letters = name.chars();
    let mut text: String = letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default();
    if let Some(number) = number {
        text += " ";
        text += &(number + 1).to_string();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::reel::tests::group;
    use super::*;
    use sim_core::balancing::health::Health;
    use sim_core::exhibits::Scene;
    use sim_core::figure::Role;
    use sim_core::scenario::Resource;

    fn scene(letter: &str, servers: u32) -> Scene {
        let mut scenario = group(servers, 0.5);
        if let Some(Resource::Group(it)) = scenario.resources.get_mut("web") {
            it.health = Some(Health::default());
        }
        Scene {
            letter: letter.into(),
            name: letter.into(),
            role: Role::Simulation,
            scenario,
        }
    }

    #[test]
    fn servers_are_found_where_they_are_drawn_and_named_as_people_count() {
        let mut stage = Stage::new(vec![scene("", 4)], 1, 1.0).unwrap();
        assert_eq!(stage.tell_deeds().len(), 4);
        assert_eq!(stage.tell_deeds()[2], "Web 3: up. Kill it");
        for width in [354.0, 1100.0] {
            let plan = stage.plan(width);
            let stand = plan.sets[0].floor.stands[2].as_ref().unwrap();
            assert_eq!(stage.deed_at(stand.lane.server(0), width), Some(2));
            assert_eq!(stage.deed_at(Point { x: 60.0, y: 60.0 }, width), None);
        }
        stage.act(2);
        assert_eq!(stage.tell_deeds()[2], "Web 3: down. Revive it");
        stage.act(2);
        assert_eq!(stage.tell_deeds()[2], "Web 3: up. Kill it");
        stage.act(99);
    }

    #[test]
    fn equal_scenes_share_their_deaths_and_others_do_not() {
        let mut alike = Stage::new(vec![scene("A", 3), scene("B", 3)], 1, 1.0).unwrap();
        assert_eq!(alike.tell_deeds().len(), 3);
        alike.act(1);
        assert!(alike.reels.iter().all(|it| it.is_up(1) == Some(false)));
        let mut apart = Stage::new(vec![scene("A", 2), scene("B", 3)], 1, 1.0).unwrap();
        assert_eq!(apart.tell_deeds()[2], "B, Web 1: up. Kill it");
        apart.act(2);
        assert_eq!(apart.reels[0].is_up(0), Some(true));
        assert_eq!(apart.reels[1].is_up(0), Some(false));
        let plan = apart.plan(1100.0);
        let set = &plan.sets[1];
        let at = set.floor.stands[0].as_ref().unwrap().lane.server(0);
        let at = Point {
            x: at.x + set.frame.left,
            y: at.y + set.frame.top,
        };
        assert_eq!(apart.deed_at(at, 1100.0), Some(2));
    }
}
