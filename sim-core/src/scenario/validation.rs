//! The one validation: it finds everything that is wrong, not the first thing alone.

use std::collections::BTreeSet;

use super::activity::{Activity, Branch, Set, When};
use super::keys;
use super::memory;
use super::misses::Misses;
use super::problems::Problems;
use super::resource::{MAX_SERVERS, Resource};
use super::script;
use super::{
    Class, Horizon, MAX_POPULATION, MAX_REQUESTS, MAX_SECONDS, Path, Queue, REQUEST, SERVER,
    Scenario, Write, WritePolicy,
};
use crate::error::InputError;

const MAX_CLASSES: usize = 64;
const MAX_RESOURCES: usize = 1_000;
const MAX_ACTIVITIES: usize = 10_000;
const MAX_DEPTH: usize = 32;
const MAX_REPEAT: u32 = 1_000_000;
const MAX_PATHS: usize = 1_000;
const MAX_CACHES: usize = 10_000;
const MAX_POINTS: u32 = 10_000;
const MAX_WITHIN: usize = 16;
const MAX_NUMBERS: u32 = 1_000;
/// With a histogram for each point.
const MAX_TAILS: u32 = 500;

/// Everything that is wrong with `scenario`.
pub(super) fn problems(scenario: &Scenario) -> Vec<InputError> {
    let mut found = Vec::new();
    let mut problems = Problems::new(&mut found);
    problems.length("classes", scenario.classes.len(), 1, MAX_CLASSES);
    problems.length("resources", scenario.resources.len(), 0, MAX_RESOURCES);
    problems.count(
        "limits.population",
        scenario.limits.population,
        1,
        MAX_POPULATION,
    );
    let most = if scenario.probes.tail {
        MAX_TAILS
    } else {
        MAX_POINTS
    };
    problems.count("probes.series", scenario.probes.series, 0, most);
    problems.length("probes.within", scenario.probes.within.len(), 0, MAX_WITHIN);
    for (i, &seconds) in scenario.probes.within.iter().enumerate() {
        problems.range(&format!("probes.within[{i}]"), seconds, 0.0, MAX_SECONDS);
    }
    problems.count("probes.numbers", scenario.probes.numbers, 0, MAX_NUMBERS);
    problems.range("warm_up", scenario.warm_up, 0.0, MAX_SECONDS);
    horizon(scenario, &mut problems);
    script::check(scenario, &mut problems);
    for (name, resource) in scenario.resources.iter() {
        resource.check(scenario, &mut problems.at("resources").at(name));
    }
    for (name, class) in scenario.classes.iter() {
        check_class(scenario, class, &mut problems.at("classes").at(name));
    }
    let shared = scenario
        .classes
        .iter()
        .any(|(_, class)| class.path.is_none());
    if shared && scenario.path.is_empty() {
        problems.missing("path", "what the requests do");
    }
    if caches(scenario) > MAX_CACHES {
        let allowed = format!("0..={MAX_CACHES} caches, those in each server counted apart");
        problems.refuse("resources", caches(scenario), allowed);
    }
    let mut walk = Walk::new(scenario);
    walk.path(&scenario.path, &mut problems.at("path"));
    for (name, class) in scenario.classes.iter() {
        if let Some(path) = &class.path {
            walk.path(path, &mut problems.at("classes").at(name).at("path"));
        }
    }
    if walk.activities > MAX_ACTIVITIES {
        let allowed = format!("1..={MAX_ACTIVITIES} activities in all");
        problems.refuse("path", walk.activities, allowed);
    }
    if walk.deepest <= MAX_DEPTH {
        keys::check(scenario, &mut problems);
    }
    if problems.is_empty() {
        memory::check(scenario, &mut problems);
    }
    if found.is_empty() {
        // Loads mean something only once everything else does.
        found.extend(unstable(scenario));
    }
    found
}

/// How many caches there are, those in each server of a group counted apart.
fn caches(scenario: &Scenario) -> usize {
    let caches = scenario.resources.iter().map(|(_, it)| match it {
        Resource::Cache(cache) => cache.count(scenario),
        _ => 0,
    });
    caches.sum()
}

/// Everything that is wrong with `queue`: what [`problems`] finds in the scenario that it is, without the code for others.
pub(super) fn problems_of_queue(queue: &Queue) -> Vec<InputError> {
    let mut found = Vec::new();
    let mut problems = Problems::new(&mut found);
    length(queue.horizon, &mut problems);
    let mut resources = problems.at("resources");
    let mut station = resources.at(SERVER);
    station.count("servers", queue.station.servers, 1, MAX_SERVERS);
    station.law("service", &queue.station.service);
    let interarrival = &queue.arrivals.interarrival;
    let mut classes = problems.at("classes");
    let mut class = classes.at(REQUEST);
    class.law("arrivals.renewal.interarrival", interarrival);
    let steady = matches!(queue.horizon, Horizon::Steady { .. });
    if found.is_empty() && steady && queue.utilization() >= 1.0 {
        found.push(InputError::unstable("utilization", queue.utilization()));
    }
    found
}

fn length(horizon: Horizon, problems: &mut Problems<'_>) {
    let (field, requests) = match horizon {
        Horizon::Steady { requests } => ("horizon.steady.requests", requests.unwrap_or(1)),
        Horizon::Transient { requests } => ("horizon.transient.requests", requests),
        Horizon::Span { seconds } => {
            problems.range("horizon.span.seconds", seconds, 1e-9, MAX_SECONDS);
            return;
        }
    };
    if !(1..=MAX_REQUESTS).contains(&requests) {
        problems.refuse(field, requests, format!("1..={MAX_REQUESTS}"));
    }
}

fn horizon(scenario: &Scenario, problems: &mut Problems<'_>) {
    length(scenario.horizon, problems);
    if matches!(scenario.horizon, Horizon::Steady { .. }) && !scenario.script.is_empty() {
        problems.missing(
            "horizon.span.seconds",
            "a span, since what happens by a script has no steady state",
        );
    }
    let changing = scenario
        .classes
        .iter()
        .find(|(_, class)| !class.arrivals.is_stationary());
    if let (Horizon::Steady { .. }, Some((name, _))) = (scenario.horizon, changing) {
        problems.missing(
            "horizon.span.seconds",
            &format!(
                "a span, since the arrivals of `{name}` change with time and have no steady state"
            ),
        );
    }
}

fn check_class(scenario: &Scenario, class: &Class, problems: &mut Problems<'_>) {
    class.arrivals.check(&mut problems.at("arrivals"));
    problems.count("clients.count", class.clients.count, 1, 1_000_000);
    problems.range("clients.skew", class.clients.skew, 0.0, 10.0);
    if class.path.as_ref().is_some_and(Vec::is_empty) {
        problems.missing("path", "what the requests do");
    }
    let users = matches!(&class.arrivals, super::Arrivals::Users(users) if users.think.is_none());
    if users && !takes_time(scenario, scenario.path_of(class)) {
        problems.missing(
            "arrivals.users.think",
            "a pause, since the path itself may take no time",
        );
    }
}

/// Whether every passage of a path takes time for certain.
fn takes_time(scenario: &Scenario, path: &Path) -> bool {
    path.iter().any(|activity| match activity {
        Activity::Delay(_) => true,
        Activity::Work(work) => work.times.is_none() && station_never_refuses(scenario, &work.at),
        Activity::Hold(_) | Activity::Balance(_) | Activity::Mark(_) => activity
            .inner()
            .iter()
            .any(|(_, path)| takes_time(scenario, path)),
        Activity::Repeat(repeat) => repeat.times > 0 && takes_time(scenario, &repeat.path),
        _ => false,
    })
}

fn station_never_refuses(scenario: &Scenario, name: &str) -> bool {
    match scenario.resources.get(name) {
        Some(Resource::Station(station)) => station.room.is_none(),
        Some(Resource::Group(group)) => group.station.room.is_none(),
        _ => false,
    }
}

/// A walk through all paths that looks at every activity once.
struct Walk<'a> {
    scenario: &'a Scenario,
    attributes: BTreeSet<&'a str>,
    /// Groups whose server has been chosen, the innermost last.
    chosen: Vec<&'a str>,
    /// Pools held.
    held: Vec<&'a str>,
    misses: Misses<'a>,
    depth: usize,
    deepest: usize,
    activities: usize,
}

impl<'a> Walk<'a> {
    fn new(scenario: &'a Scenario) -> Self {
        let mut attributes = BTreeSet::new();
        let own = scenario
            .classes
            .iter()
            .filter_map(|(_, class)| class.path.as_ref());
        for path in own.chain([&scenario.path]) {
            collect_attributes(path, &mut attributes);
        }
        Self {
            scenario,
            attributes,
            chosen: Vec::new(),
            held: Vec::new(),
            misses: Misses::default(),
            depth: 0,
            deepest: 0,
            activities: 0,
        }
    }

    fn path(&mut self, path: &'a Path, problems: &mut Problems<'_>) {
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        for (i, activity) in path.iter().enumerate() {
            self.activities += 1;
            let mut here = problems.at(&format!("[{i}]"));
            self.activity(activity, &mut here.at(activity.key()));
        }
        self.depth -= 1;
    }

    fn activity(&mut self, activity: &'a Activity, problems: &mut Problems<'_>) {
        match activity {
            Activity::Work(work) => {
                self.work(&work.at, work.demand.is_some(), problems);
                if let Some(demand) = &work.demand {
                    problems.law("demand", demand);
                }
                if let Some(attribute) = &work.times {
                    self.attribute("times", attribute, problems);
                }
            }
            Activity::Delay(law) => problems.law("", law),
            Activity::Hold(hold) => self.pool(&hold.pool, problems),
            Activity::Repeat(repeat) => problems.count("times", repeat.times, 0, MAX_REPEAT),
            Activity::Parallel(parallel) => {
                problems.length("paths", parallel.paths.len(), 1, MAX_PATHS);
                if let Some(first) = parallel.first {
                    let most = u32::try_from(parallel.paths.len()).unwrap_or(u32::MAX);
                    problems.count("first", first, 1, most.max(1));
                }
            }
            Activity::Choose(branches) => self.choose(branches, problems),
            Activity::Balance(balance) => self.group(&balance.over, problems),
            Activity::Attempt(attempt) => {
                if let Some(timeout) = attempt.timeout {
                    problems.duration("timeout", timeout);
                }
                problems.count("retries", attempt.retries, 0, MAX_REPEAT);
                if let Some(backoff) = &attempt.backoff {
                    let mut problems = problems.at("backoff");
                    problems.duration("base", backoff.base);
                    problems.range("factor", backoff.factor, 1.0, 1000.0);
                    problems.duration("most", backoff.most);
                    problems.range("jitter", backoff.jitter, 0.0, 1.0);
                }
            }
            Activity::Set(Set::Attribute { name, to }) => {
                problems.law("attribute.to", to);
                if name.is_empty() {
                    problems.missing("attribute.name", "a name");
                }
            }
            Activity::Set(Set::Priority(_)) => {}
            Activity::Set(Set::Key(workload)) => problems.take("key", workload.validate()),
            Activity::Cache(lookup) => {
                self.cache("at", &lookup.at, true, problems);
                self.misses.look_up(lookup, problems);
                lookup.check(problems);
            }
            Activity::Write(write) => {
                // Writes wait in the cache at hand; others are told, wherever they are.
                let asked = matches!(write.how, WritePolicy::Behind(_));
                for (i, cache) in write.caches.iter().enumerate() {
                    self.cache(&format!("caches[{i}]"), cache, asked, problems);
                }
                write.check(problems);
            }
            Activity::Mark(mark) => {
                if mark.span.is_empty() {
                    problems.missing("span", "a name");
                }
            }
        }
        self.inner(activity, problems);
    }

    fn inner(&mut self, activity: &'a Activity, problems: &mut Problems<'_>) {
        let inner = activity.inner();
        if self.depth >= MAX_DEPTH && !inner.is_empty() {
            problems.refuse(
                "",
                format!("nested {} deep", self.depth + 1),
                format!("1..={MAX_DEPTH}"),
            );
            self.deepest = self.depth + 1;
            return;
        }
        if let Activity::Write(write) = activity
            && matches!(write.how, WritePolicy::Behind(_))
        {
            return self.batch(write, problems);
        }
        match activity {
            Activity::Balance(balance) => self.chosen.push(&balance.over),
            Activity::Hold(hold) => self.held.push(&hold.pool),
            _ => {}
        }
        for (name, path) in inner {
            let missed = match activity {
                Activity::Cache(lookup) if name == "miss" => Some(lookup),
                _ => None,
            };
            missed.inspect(|it| self.misses.enter(it));
            self.path(path, &mut problems.at(&name));
            missed.inspect(|_| self.misses.leave());
        }
        match activity {
            Activity::Balance(_) => drop(self.chosen.pop()),
            Activity::Hold(_) => drop(self.held.pop()),
            _ => {}
        }
    }

    /// The path of a batch of writes: it holds nothing, fetches nothing, and is at no server but that of its cache.
    fn batch(&mut self, write: &'a Write, problems: &mut Problems<'_>) {
        let caches = write
            .caches
            .iter()
            .map(|it| self.scenario.resources.get(it));
        let groups: Vec<_> = caches
            .filter_map(|it| match it {
                Some(Resource::Cache(cache)) => cache.per.as_deref(),
                _ => None,
            })
            .collect();
        let mut chosen = self.chosen.clone();
        chosen.retain(|it| groups.contains(it));
        let chosen = std::mem::replace(&mut self.chosen, chosen);
        let held = std::mem::take(&mut self.held);
        let missed = self.misses.leave_all();
        self.path(&write.path, &mut problems.at("path"));
        self.misses.enter_all(missed);
        self.held = held;
        self.chosen = chosen;
    }

    fn work(&self, at: &str, has_demand: bool, problems: &mut Problems<'_>) {
        let own = match self.scenario.resources.get(at) {
            Some(Resource::Station(station)) => &station.service,
            Some(Resource::Group(group)) if self.chosen.contains(&at) => &group.station.service,
            _ => {
                problems.unknown("at", at, self.workplaces());
                return;
            }
        };
        if !has_demand && own.is_none() {
            problems.missing(
                "demand",
                &format!("a law, since `{at}` has no service of its own"),
            );
        }
    }

    /// Stations, and the groups of which a server has been chosen here.
    fn workplaces(&self) -> String {
        let open = |name: &str, resource: &Resource| match resource {
            Resource::Station(_) => true,
            Resource::Group(_) => self.chosen.contains(&name),
            Resource::Pool(_) | Resource::Cache(_) => false,
        };
        self.list(
            open,
            "there is no station here (work at a group goes inside a balance over it)",
        )
    }

    fn list(&self, is_one: impl Fn(&str, &Resource) -> bool, none: &str) -> String {
        let named: Vec<_> = self
            .scenario
            .resources
            .iter()
            .filter(|(name, resource)| is_one(name, resource))
            .map(|(name, _)| name)
            .collect();
        if named.is_empty() {
            none.into()
        } else {
            named.join(", ")
        }
    }

    fn pool(&self, name: &str, problems: &mut Problems<'_>) {
        if !matches!(self.scenario.resources.get(name), Some(Resource::Pool(_))) {
            let pools = self.list(|_, it| matches!(it, Resource::Pool(_)), "there is no pool");
            problems.unknown("pool", name, pools);
        }
        if self.held.contains(&name) {
            // Two requests with one place each would wait for each other for ever.
            problems.refuse(
                "pool",
                format!("`{name}` inside itself"),
                "pools not held already".into(),
            );
        }
    }

    fn group(&self, name: &str, problems: &mut Problems<'_>) {
        if !matches!(self.scenario.resources.get(name), Some(Resource::Group(_))) {
            let groups = self.list(
                |_, it| matches!(it, Resource::Group(_)),
                "there is no group",
            );
            problems.unknown("over", name, groups);
        }
        if self.chosen.contains(&name) {
            problems.refuse(
                "over",
                format!("`{name}` inside itself"),
                "groups not chosen from already".into(),
            );
        }
    }

    /// Checks the name of a cache; one in each server of a group can be asked only where a server has been chosen.
    fn cache(&self, field: &str, name: &str, asked: bool, problems: &mut Problems<'_>) {
        let open = |it: &Resource| match it {
            Resource::Cache(cache) => {
                let chosen = |group: &String| self.chosen.contains(&group.as_str());
                !asked || cache.per.as_ref().is_none_or(chosen)
            }
            _ => false,
        };
        if !self.scenario.resources.get(name).is_some_and(open) {
            let none = "there is no cache here (one in each server of a group goes inside a balance over it)";
            let caches = self.scenario.names_of(open).unwrap_or(none.into());
            problems.unknown(field, name, caches);
        }
    }

    fn attribute(&self, field: &str, name: &str, problems: &mut Problems<'_>) {
        if !self.attributes.contains(name) {
            let known: Vec<_> = self.attributes.iter().copied().collect();
            let known = if known.is_empty() {
                "there is no `set`".into()
            } else {
                known.join(", ")
            };
            problems.unknown(field, name, known);
        }
    }

    fn choose(&self, branches: &[Branch], problems: &mut Problems<'_>) {
        problems.length("", branches.len(), 1, MAX_PATHS);
        let mut sum = 0.0;
        let by_chance = branches
            .iter()
            .any(|branch| matches!(branch.when, When::Share(_)));
        for (i, branch) in branches.iter().enumerate() {
            let mut problems = problems.at(&format!("[{i}].when"));
            match &branch.when {
                When::Share(share) => {
                    problems.range("share", *share, 0.0, 1.0);
                    sum += share;
                }
                When::Class(name) if self.scenario.classes.get(name).is_none() => {
                    problems.unknown("class", name, self.scenario.classes.list());
                }
                When::Above { attribute, value } => {
                    self.attribute("above.attribute", attribute, &mut problems);
                    if !value.is_finite() {
                        problems.refuse("above.value", *value, "a finite number".into());
                    }
                }
                When::Class(_) | When::Otherwise => {}
            }
            let condition = matches!(branch.when, When::Class(_) | When::Above { .. });
            if by_chance && condition {
                problems.refuse("", "a condition", "shares, as in the other branches".into());
            }
        }
        if sum > 1.0 + 1e-9 {
            problems.refuse("", format!("shares of {sum} in all"), "0.0..=1.0".into());
        }
    }
}

fn collect_attributes<'a>(path: &'a Path, found: &mut BTreeSet<&'a str>) {
    for activity in path {
        if let Activity::Set(Set::Attribute { name, .. }) = activity {
            found.insert(name);
        }
        for (_, inner) in activity.inner() {
            collect_attributes(inner, found);
        }
    }
}

/// The overload that leaves no steady state to ask for.
fn unstable(scenario: &Scenario) -> Option<InputError> {
    if !matches!(scenario.horizon, Horizon::Steady { .. }) {
        return None;
    }
    if let Some(queue) = scenario.queue() {
        let utilization = queue.utilization();
        return (utilization >= 1.0).then(|| InputError::unstable("utilization", utilization));
    }
    let load = scenario.load();
    let (name, utilization) = load.certain_overload()?;
    Some(InputError::unstable(
        format!("resources.{name}"),
        utilization,
    ))
}
