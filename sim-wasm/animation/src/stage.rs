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

/// What is watched.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) scenes: Vec<Scene>,
    /// By scene.
    pub(super) reels: Vec<Reel>,
    casts: Vec<Cast>,
    /// As wide as they were painted last.
    plan: Option<Plan>,
}

/// Where everything stands on a canvas.
#[derive(Debug)]
pub(super) struct Plan {
    width: f64,
    height: f64,
    /// By scene.
    pub(super) sets: Vec<Set>,
}

/// Where one scene stands.
#[derive(Debug)]
pub(super) struct Set {
    /// The foot of its name.
    name: Point,
    pub(super) frame: Frame,
    pub(super) floor: Floor,
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

    pub(super) fn plan(&self, width: f64) -> Plan {
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
