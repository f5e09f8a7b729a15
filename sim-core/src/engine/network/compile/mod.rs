//! From a validated scenario to a program.

mod caching;
mod children;
mod choice;
mod resources;
mod script;

use super::layout::Layout;
use super::program::{ClassSpec, DrawSpec, Held, NO_REGISTER, NONE, Op, Program, Scope};
use crate::balancing::Sight;
use crate::distribution::Distribution;
use crate::error::InputError;
use crate::random::Purpose;
use crate::scenario::activity::{Activity, Set, Work};
use crate::scenario::arrivals::Arrivals;
use crate::scenario::{Class, Horizon, Path, Resource, Scenario};

impl Program {
    /// Compiles `scenario`.
    ///
    /// # Errors
    /// What [`Scenario::validate`] finds.
    pub fn new(scenario: &Scenario) -> Result<Self, InputError> {
        scenario.validate()?;
        let mut compiler = Compiler::new(scenario);
        compiler.resources();
        compiler.script();
        for (number, (name, class)) in scenario.classes.iter().enumerate() {
            compiler.class(narrow(number), name, class);
        }
        Ok(compiler.program)
    }
}

/// Counts that the validation keeps far below 2³².
fn narrow(count: usize) -> u32 {
    u32::try_from(count).expect("a validated scenario is small")
}

/// The class whose path is being compiled.
struct Current<'a> {
    number: u8,
    name: &'a str,
    /// Uses of chance so far.
    draws: u16,
    scope: u32,
    /// Attributes and their registers.
    attributes: Vec<(&'a str, u16)>,
    /// Groups chosen from, and the registers that say what was chosen.
    chosen: Vec<(&'a str, u16)>,
    /// Registers that say which servers of a group the tries of an attempt went to, the innermost attempt last.
    tried: Vec<(u32, u16)>,
    registers: u16,
    client: u16,
    /// The register of the key that the request is about, and where that comes from.
    key: u16,
    source: u32,
    /// Look-ups in whose misses this is, the innermost last.
    missed: Vec<u32>,
    /// Whether work here reads the store.
    reads: bool,
    /// The write whose batches take this path, and the register with the number of the batch.
    batch: Option<(u32, u16)>,
}

impl<'a> Current<'a> {
    /// Nothing of its path compiled yet.
    fn new(number: u8, name: &'a str) -> Self {
        Self {
            number,
            name,
            draws: 0,
            scope: NONE,
            attributes: Vec::new(),
            chosen: Vec::new(),
            tried: Vec::new(),
            registers: 0,
            client: NO_REGISTER,
            key: NO_REGISTER,
            source: NONE,
            missed: Vec::new(),
            reads: false,
            batch: None,
        }
    }
}

struct Compiler<'a> {
    scenario: &'a Scenario,
    program: Program,
    /// Number of each resource among the stations, pools or groups.
    numbers: Vec<u32>,
    /// Stations, groups and pools so far.
    visited: u32,
    class: Current<'a>,
}

impl<'a> Compiler<'a> {
    fn new(scenario: &'a Scenario) -> Self {
        let program = Program {
            ops: Vec::new(),
            scopes_of: Vec::new(),
            places: Vec::new(),
            scopes: Vec::new(),
            draws: Vec::new(),
            chances: Vec::new(),
            forks: Vec::new(),
            constants: Vec::new(),
            attempts: Vec::new(),
            parallels: Vec::new(),
            stations: Vec::new(),
            pools: Vec::new(),
            groups: Vec::new(),
            classes: Vec::new(),
            caches: Vec::new(),
            sources: Vec::new(),
            lookups: Vec::new(),
            writes: Vec::new(),
            turns: Vec::new(),
            script: Vec::new(),
            registers: 0,
            population: scenario.limits.population,
            series: scenario.probes.series,
            tail: scenario.probes.tail,
            within: scenario.probes.within.clone(),
            numbers: scenario.probes.numbers,
            is_cache_alone: scenario.cache_alone().is_some(),
            is_steady: matches!(scenario.horizon, Horizon::Steady { .. }),
            layout: Layout::of(scenario),
        };
        Self {
            scenario,
            program,
            numbers: Vec::new(),
            visited: 0,
            class: Current::new(0, ""),
        }
    }

    fn draw_for(&mut self, law: &Distribution, purpose: Purpose) -> u32 {
        self.program.draws.push(DrawSpec {
            law: law.clone(),
            purpose,
        });
        narrow(self.program.draws.len() - 1)
    }

    fn class(&mut self, number: u32, name: &'a str, class: &'a Class) {
        let scenario = self.scenario;
        let own = class.path.is_some();
        let number = u8::try_from(number).expect("at most 64 classes");
        self.class = Current::new(number, name);
        let entry = self.here();
        let place = if own {
            format!("classes.{name}.path")
        } else {
            "path".into()
        };
        self.path(scenario.path_of(class), &place);
        self.op(Op::End, &place);
        let think = match &class.arrivals {
            Arrivals::Users(users) => users.think.as_ref(),
            _ => None,
        };
        let think = think.map_or(NONE, |law| {
            self.draw_for(law, Purpose::Think(self.class.number))
        });
        self.program.registers = self.program.registers.max(self.class.registers);
        self.program.classes.push(ClassSpec {
            arrivals: class.arrivals.clone(),
            priority: class.priority,
            entry,
            clients: class.clients,
            client: self.class.client,
            key: self.class.key,
            closed: matches!(class.arrivals, Arrivals::Users(_)),
            attributes: !self.class.attributes.is_empty() || self.class.key != NO_REGISTER,
            think,
        });
    }

    fn here(&self) -> u32 {
        narrow(self.program.ops.len())
    }

    fn op(&mut self, op: Op, place: &str) -> usize {
        self.program.ops.push(op);
        self.program.scopes_of.push(self.class.scope);
        self.program.places.push(place.into());
        self.program.ops.len() - 1
    }

    fn register(&mut self) -> u16 {
        self.class.registers += 1;
        self.class.registers - 1
    }

    fn purpose(&mut self) -> Purpose {
        let purpose = Purpose::Activity(self.class.number, self.class.draws);
        self.class.draws += 1;
        purpose
    }

    fn draw(&mut self, law: &Distribution) -> u32 {
        let purpose = self.purpose();
        self.draw_for(law, purpose)
    }

    fn chance(&mut self) -> u32 {
        let purpose = self.purpose();
        self.program.chances.push(purpose);
        narrow(self.program.chances.len() - 1)
    }

    fn constant(&mut self, value: f64) -> u32 {
        self.program.constants.push(value);
        narrow(self.program.constants.len() - 1)
    }

    fn attribute(&mut self, name: &'a str) -> u16 {
        if let Some((_, register)) = self.class.attributes.iter().find(|it| it.0 == name) {
            return *register;
        }
        let register = self.register();
        self.class.attributes.push((name, register));
        register
    }

    /// Number of a resource among those of its kind.
    fn number_of(&self, name: &str) -> u32 {
        let at = self
            .scenario
            .resources
            .position(name)
            .expect("names were checked");
        self.numbers[at]
    }

    fn path(&mut self, path: &'a Path, place: &str) {
        for (i, activity) in path.iter().enumerate() {
            self.activity(activity, &format!("{place}[{i}].{}", activity.key()));
        }
    }

    fn activity(&mut self, activity: &'a Activity, place: &str) {
        match activity {
            Activity::Work(work) => self.work(work, place),
            Activity::Delay(law) => {
                let draw = self.draw(law);
                self.op(Op::Delay { draw }, place);
            }
            Activity::Hold(hold) => {
                let pool = self.number_of(&hold.pool);
                self.op(Op::Acquire { pool }, place);
                self.scoped(Held::Pool(pool), |it| {
                    it.path(&hold.path, &format!("{place}.path"));
                    it.op(Op::Release { pool }, place);
                });
            }
            Activity::Repeat(repeat) => {
                if repeat.times > 0 {
                    self.repeat(repeat.times, &repeat.path, place);
                }
            }
            Activity::Parallel(parallel) => self.parallel(parallel, place),
            Activity::Choose(branches) => self.choose(branches, place),
            Activity::Balance(balance) => {
                let group = self.number_of(&balance.over);
                let register = self.register();
                // The next register keeps the moment.
                self.register();
                let policy = &self.program.groups[group as usize].policy;
                if policy.looks_at(Sight::Client) && self.class.client == NO_REGISTER {
                    self.class.client = self.register();
                }
                let tried = self.tried_register(group);
                self.op(
                    Op::Balance {
                        group,
                        register,
                        tried,
                    },
                    place,
                );
                self.class.chosen.push((&balance.over, register));
                let held = Held::Connection { group, register };
                self.scoped(held, |it| {
                    it.path(&balance.path, &format!("{place}.path"));
                    it.op(Op::Return { group, register }, place);
                });
                self.class.chosen.pop();
            }
            Activity::Attempt(attempt) => self.attempt(attempt, place),
            Activity::Set(Set::Priority(priority)) => {
                self.op(
                    Op::Priority {
                        priority: *priority,
                    },
                    place,
                );
            }
            Activity::Set(Set::Key(workload)) => self.key(workload, place),
            Activity::Cache(lookup) => self.for_each_key(place, |it| it.look_up(lookup, place)),
            Activity::Write(write) => self.for_each_key(place, |it| it.write(write, place)),
            Activity::Set(Set::Attribute { name, to }) => {
                let register = self.attribute(name);
                let draw = self.draw(to);
                self.op(Op::Draw { register, draw }, place);
            }
            Activity::Mark(mark) => {
                let span = self.span(&mark.span);
                let register = self.register();
                self.op(Op::Start { register }, place);
                self.path(&mark.path, &format!("{place}.path"));
                self.op(Op::Stop { register, span }, place);
            }
        }
    }

    fn span(&self, name: &str) -> u32 {
        let number = self.program.layout.span(name);
        narrow(number.expect("the layout has every mark that is compiled"))
    }

    fn work(&mut self, work: &'a Work, place: &str) {
        let resource = self
            .scenario
            .resources
            .get(&work.at)
            .expect("names were checked");
        let station = match resource {
            Resource::Group(group) => &group.station,
            Resource::Station(station) => station,
            Resource::Pool(_) | Resource::Cache(_) => unreachable!("checked to be a station"),
        };
        let law = work
            .demand
            .as_ref()
            .or(station.service.as_ref())
            .expect("checked to be there");
        let draw = self.draw(law);
        let times = work
            .times
            .as_ref()
            .map_or(NO_REGISTER, |name| self.attribute(name));
        let number = self.number_of(&work.at);
        let op = if let Resource::Group(_) = resource {
            let chosen = self.class.chosen.iter().rfind(|it| it.0 == work.at);
            let register = chosen.expect("checked to be inside a balance").1;
            Op::WorkAtChosen {
                first: self.program.groups[number as usize].first,
                register,
                draw,
                times,
            }
        } else {
            Op::Work {
                station: number,
                draw,
                times,
            }
        };
        self.op(op, place);
        self.read_store(place);
    }

    /// What is done while something is held, up to the operation that gives it back: a request that is stopped before that
    /// operation still holds it.
    fn scoped(&mut self, held: Held, what: impl FnOnce(&mut Self)) {
        let outer = self.class.scope;
        self.program.scopes.push(Scope { held, outer });
        self.class.scope = narrow(self.program.scopes.len() - 1);
        what(self);
        self.class.scope = outer;
    }

    fn repeat(&mut self, times: u32, path: &'a Path, place: &str) {
        let register = self.register();
        self.op(Op::Load { register, value: 0 }, place);
        let target = self.here();
        self.path(path, &format!("{place}.path"));
        let limit = times;
        self.op(
            Op::Loop {
                register,
                limit,
                target,
            },
            place,
        );
    }
}
