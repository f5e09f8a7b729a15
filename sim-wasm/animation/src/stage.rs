//! Networks watched together: one alone, or several on one clock, side by side where there is room and else one below the
//! other, each under its name.

use sim_core::InputError;
use sim_core::exhibits::Scene;
use sim_core::scenario::Scenario;
use wasm_bindgen::JsValue;

use super::abreast::{BEYOND, Columns};
use super::cast::Cast;
use super::floor::Floor;
use super::lane::{Frame, Point};
use super::paint::Painter;
use super::reel::{self, Reel};

/// Room for a name.
const NAME: f64 = 26.0;

/// The most servers that can be killed by hand.
const MOST_MORTALS: usize = 24;

/// What is watched.
#[derive(Debug)]
pub(super) struct Stage {
    scenes: Vec<Scene>,
    /// By scene.
    reels: Vec<Reel>,
    casts: Vec<Cast>,
    /// As wide as they were painted last.
    plan: Option<Plan>,
}

/// Where everything stands on a canvas.
#[derive(Debug)]
struct Plan {
    width: f64,
    height: f64,
    /// By scene.
    sets: Vec<Set>,
}

/// Where one scene stands.
#[derive(Debug)]
struct Set {
    /// The foot of its name.
    name: Point,
    frame: Frame,
    floor: Floor,
}

impl Stage {
    /// All scenes at their level.
    pub(super) fn new(scenes: Vec<Scene>, seed: u64, speed: f64) -> Result<Self, InputError> {
        if scenes.is_empty() {
            return Err(InputError::malformed(
                "scenes",
                "none",
                "at least one scene",
            ));
        }
        let scenarios: Vec<&Scenario> = scenes.iter().map(|it| &it.scenario).collect();
        let reels = Reel::together(&scenarios, seed)?;
        let mut stage = Self {
            casts: reels.iter().map(|_| Cast::default()).collect(),
            reels,
            scenes,
            plan: None,
        };
        stage.set_speed(speed);
        Ok(stage)
    }

    /// Goes on with other scenes. Who is at a place there was before comes from where others were.
    pub(super) fn change(
        &mut self,
        scenes: Vec<Scene>,
        seed: u64,
        speed: f64,
    ) -> Result<(), InputError> {
        if scenes == self.scenes {
            return Ok(());
        }
        let fresh = Self::new(scenes, seed, speed)?;
        let mut old = std::mem::replace(self, fresh);
        if old.casts.len() == self.casts.len() {
            self.casts = old.casts;
            let reels = old.reels.iter_mut().zip(&self.reels);
            for (cast, (old, fresh)) in self.casts.iter_mut().zip(reels) {
                if old.layout == fresh.layout {
                    cast.recast(old);
                } else {
                    cast.scatter(old);
                }
            }
        }
        Ok(())
    }

    pub(super) fn set_speed(&mut self, speed: f64) {
        self.reels.iter_mut().for_each(|it| it.speed = speed);
    }

    /// Lets `seconds` of the viewer pass.
    pub(super) fn play(&mut self, seconds: f64) {
        reel::play(&mut self.reels, seconds);
    }

    /// Lets one mean service time pass at once.
    pub(super) fn step(&mut self) {
        reel::step(&mut self.reels);
    }

    /// Time of the networks per time of the viewer.
    pub(super) fn pace(&self) -> f64 {
        self.reels.first().map_or(1.0, Reel::pace)
    }

    /// Servers that can be killed by hand, by scene and place. Where all scenes have the same servers, they die together, and
    /// those of the first stand for all.
    fn mortals(&self) -> Vec<(usize, usize)> {
        let reels = if self.are_alike() {
            &self.reels[..1]
        } else {
            &self.reels
        };
        let of = |(scene, reel): (usize, &Reel)| {
            let places = reel.mortals().into_iter();
            places.map(move |place| (scene, place)).collect::<Vec<_>>()
        };
        let all = reels.iter().enumerate().flat_map(of);
        all.take(MOST_MORTALS).collect()
    }

    fn are_alike(&self) -> bool {
        let mut pairs = self.reels.windows(2);
        pairs.all(|pair| pair[0].layout == pair[1].layout)
    }

    /// What can be done to each server that can be killed, in words: `Server 3: up. Kill it`.
    pub(super) fn servers(&self) -> Vec<String> {
        let alike = self.are_alike();
        let words = |(scene, place): (usize, usize)| {
            let mut text = String::new();
            if !alike && self.has_namesake(scene, place) {
                let it = &self.scenes[scene];
                text += if it.letter.is_empty() {
                    &it.name
                } else {
                    &it.letter
                };
                text += ", ";
            }
            let reel = &self.reels[scene];
            text += &named(&reel.layout.places[place].name);
            text += if reel.is_up(place) == Some(true) {
                ": up. Kill it"
            } else {
                ": down. Revive it"
            };
            text
        };
        self.mortals().into_iter().map(words).collect()
    }

    /// Whether a server of another scene has the same name.
    fn has_namesake(&self, scene: usize, place: usize) -> bool {
        let name = &self.reels[scene].layout.places[place].name;
        let others = self.reels.iter().enumerate().filter(|(it, _)| *it != scene);
        let mut places = others.flat_map(|(_, reel)| &reel.layout.places);
        places.any(|it| it.name == *name)
    }

    /// Kills the server of this number in that list, or revives it.
    pub(super) fn toggle(&mut self, number: usize) {
        let Some(&(scene, place)) = self.mortals().get(number) else {
            return;
        };
        let up = self.reels[scene].is_up(place) != Some(true);
        if self.are_alike() {
            self.reels.iter_mut().for_each(|it| it.set_up(place, up));
        } else {
            self.reels[scene].set_up(place, up);
        }
    }

    /// The number in that list of the server that is drawn there, if there is one.
    pub(super) fn server_at(&self, at: Point, width: f64) -> Option<usize> {
        let plan = self.plan(width);
        let alike = self.are_alike();
        let mut scenes = plan.sets.iter().enumerate();
        let found = scenes.find_map(|(scene, set)| {
            let within = Point {
                x: at.x - set.frame.left,
                y: at.y - set.frame.top,
            };
            Some((scene, set.floor.server_at(within)?))
        });
        let (scene, place) = found?;
        let listed = (if alike { 0 } else { scene }, place);
        self.mortals().iter().position(|it| *it == listed)
    }

    /// Whether there is more somewhere than can be watched; then all stand still.
    pub(super) fn is_full(&self) -> bool {
        self.reels.iter().any(Reel::is_full)
    }

    /// Who is there, in words: a line for each scene.
    pub(super) fn tell(&self, text: &mut String) {
        let alone = self.scenes.len() == 1;
        for (scene, reel) in self.scenes.iter().zip(&self.reels) {
            if !text.is_empty() {
                *text += "\n";
            }
            if !alone {
                *text += if scene.letter.is_empty() {
                    &scene.name
                } else {
                    &scene.letter
                };
                *text += ": ";
            }
            reel.tell(text);
        }
    }

    /// Forgets where everyone was.
    pub(super) fn scatter(&mut self) {
        for (cast, reel) in self.casts.iter_mut().zip(&mut self.reels) {
            cast.scatter(reel);
        }
    }

    /// The height that shows everything at this width.
    pub(super) fn height(&self, width: f64) -> f64 {
        self.plan(width).height
    }

    fn plan(&self, width: f64) -> Plan {
        let number = self.reels.len();
        let columns = Columns::new(width, number);
        let name = if number == 1 { 0.0 } else { NAME };
        let floors = self
            .reels
            .iter()
            .map(|it| Floor::new(&it.scenario, &it.layout, columns.width));
        let floors: Vec<Floor> = floors.collect();
        let heights: Vec<f64> = floors.iter().map(|it| name + it.height).collect();
        let (frames, height) = columns.arrange(&heights);
        let sets = frames.into_iter().zip(floors).map(|(whole, floor)| Set {
            name: Point {
                x: whole.left + 2.0,
                y: whole.top + NAME - 10.0,
            },
            frame: Frame {
                top: whole.top + name + (whole.height - name - floor.height) / 2.0,
                height: floor.height,
                ..whole
            },
            floor,
        });
        Plan {
            width,
            height,
            sets: sets.collect(),
        }
    }

    /// Moves everyone on by `seconds` of the viewer and paints them.
    pub(super) fn paint(
        &mut self,
        painter: &Painter,
        width: f64,
        seconds: f64,
    ) -> Result<(), JsValue> {
        let plan = match self.plan.take() {
            Some(it) if it.width == width => it,
            _ => self.plan(width),
        };
        let played = self.reels.iter_mut().zip(&mut self.casts);
        for ((set, scene), (reel, cast)) in plan.sets.iter().zip(&self.scenes).zip(played) {
            cast.follow(reel, &set.floor, seconds);
            let paint = || painter.network(reel, cast, &set.floor);
            if plan.sets.len() == 1 {
                paint()?;
            } else {
                painter.name(&scene.name, scene.role, set.name)?;
                painter.within(set.frame, BEYOND, paint)?;
            }
        }
        self.plan = Some(plan);
        Ok(())
    }
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
        assert_eq!(stage.servers().len(), 4);
        assert_eq!(stage.servers()[2], "Web 3: up. Kill it");
        for width in [354.0, 1100.0] {
            let plan = stage.plan(width);
            let stand = plan.sets[0].floor.stands[2].as_ref().unwrap();
            assert_eq!(stage.server_at(stand.lane.server(0), width), Some(2));
            assert_eq!(stage.server_at(Point { x: 60.0, y: 60.0 }, width), None);
        }
        stage.toggle(2);
        assert_eq!(stage.servers()[2], "Web 3: down. Revive it");
        stage.toggle(2);
        assert_eq!(stage.servers()[2], "Web 3: up. Kill it");
        stage.toggle(99);
    }

    #[test]
    fn equal_scenes_share_their_deaths_and_others_do_not() {
        let mut alike = Stage::new(vec![scene("A", 3), scene("B", 3)], 1, 1.0).unwrap();
        assert_eq!(alike.servers().len(), 3);
        alike.toggle(1);
        assert!(alike.reels.iter().all(|it| it.is_up(1) == Some(false)));
        let mut apart = Stage::new(vec![scene("A", 2), scene("B", 3)], 1, 1.0).unwrap();
        assert_eq!(apart.servers()[2], "B, Web 1: up. Kill it");
        apart.toggle(2);
        assert_eq!(apart.reels[0].is_up(0), Some(true));
        assert_eq!(apart.reels[1].is_up(0), Some(false));
        let plan = apart.plan(1100.0);
        let set = &plan.sets[1];
        let at = set.floor.stands[0].as_ref().unwrap().lane.server(0);
        let at = Point {
            x: at.x + set.frame.left,
            y: at.y + set.frame.top,
        };
        assert_eq!(apart.server_at(at, 1100.0), Some(2));
    }
}
