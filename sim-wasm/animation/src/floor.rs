//! Where the stations, groups and pools of a network stand: columns in the order in which requests come to them, each server
//! of a group in a lane of its own; on a narrow canvas the columns follow each other downwards. A cache has a storey to itself, above
//! what it spares.

use sim_core::caching::Capacity;
use sim_core::engine::network::layout::Layout;
use sim_core::scenario::{Activity, Resource, Scenario};

use super::lane::{Frame, Lane, Point};
use super::vessel::{STOREY, Vessel};

/// More lanes than this in a column are drawn as thin bars.
const DRAWN_SINGLY: usize = 12;
/// The most bars of one group.
const MOST_BARS: usize = 60;
/// Least width of a column.
const COLUMN: f64 = 210.0;
/// Height of a label.
const LABEL: f64 = 20.0;
/// Room left of a group for its balancers, right of each column, and at the right edge.
const BALANCERS: f64 = 44.0;
const PASSAGE: f64 = 20.0;
const EXIT: f64 = 44.0;
/// How far left of a server one may click it.
const REACH: f64 = 10.0;
/// Above and below everything.
const MARGIN: f64 = 4.0;

/// How a place is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// Servers with a line.
    Servers,
    /// Servers shared by all.
    Shared,
    /// Places of a pool with a line.
    Pool,
    /// A bar.
    Bar,
    /// A cache.
    Vessel,
}

/// A place on the floor.
#[derive(Debug, Clone)]
pub(super) struct Stand {
    pub(super) look: Look,
    pub(super) lane: Lane,
    pub(super) frame: Frame,
    /// Its cells, if it is a cache.
    pub(super) vessel: Option<Vessel>,
}

/// Balancers in front of a group.
#[derive(Debug, Clone)]
pub(super) struct Gate {
    /// The number of the group.
    pub(super) group: usize,
    pub(super) balancers: Vec<Point>,
    /// Where the ways to the servers part, and how high and low they reach.
    pub(super) rail: (f64, f64, f64),
}

/// A resource on the floor.
#[derive(Debug, Clone)]
struct Block {
    column: usize,
    /// Its first place, and how many there are of it.
    first: usize,
    count: usize,
    look: Look,
    servers: usize,
    /// Its number among the groups, if it is one.
    group: usize,
    balancers: usize,
    /// How much it holds, if it is a cache.
    capacity: Option<Capacity>,
}

/// The floor of a canvas.
#[derive(Debug, Clone)]
pub(super) struct Floor {
    pub(super) width: f64,
    pub(super) height: f64,
    /// By number of the place; none for a server beyond those drawn, and where nobody goes.
    pub(super) stands: Vec<Option<Stand>>,
    pub(super) gates: Vec<Gate>,
    /// The cache that requests of each class come to first, if it is one.
    pub(super) entrances: Vec<Option<usize>>,
    /// Resources by number with the places of their names, and how many servers are not drawn.
    pub(super) labels: Vec<(usize, Point, usize)>,
}

impl Floor {
    /// The floor for a canvas this wide.
    pub(super) fn new(scenario: &Scenario, layout: &Layout, width: f64) -> Self {
        let blocks = blocks(scenario, layout);
        let mut floor = Self {
            width,
            height: MARGIN,
            stands: vec![None; layout.places.len() + layout.caches.len()],
            gates: Vec::new(),
            entrances: entrances(scenario, layout),
            labels: Vec::new(),
        };
        let used = |column: usize| blocks.iter().flatten().any(|it| it.column == column);
        let most = blocks.len();
        let columns: Vec<usize> = (0..most).filter(|&column| used(column)).collect();
        let is_storey = |column: usize| {
            let mut vessels = blocks.iter().flatten().filter(|it| it.capacity.is_some());
            vessels.any(|it| it.column == column)
        };
        let has_storeys = columns.iter().any(|&it| is_storey(it));
        for band in bands(&columns, width, &is_storey) {
            let room = width / band.len() as f64;
            let within = |column: usize| {
                let it = blocks.iter().enumerate();
                it.filter_map(|(number, block)| Some((number, block.as_ref()?)))
                    .filter(move |(_, block)| block.column == column)
            };
            let alone = blocks.len() == 1;
            let label = if alone { 0.0 } else { LABEL };
            // How high each lane is, and then the column.
            let heights = |column: usize| {
                let lanes = within(column).map(|(_, it)| it.drawn()).sum::<usize>();
                let lane: f64 = match lanes {
                    0 | 1 if is_storey(column) => STOREY,
                    0 | 1 if alone || has_storeys => 124.0,
                    0 | 1 => 60.0,
                    2..=4 => 46.0,
                    5..=DRAWN_SINGLY => 27.0,
                    _ => 5.0,
                };
                let whole = within(column)
                    .map(|(_, it)| label + 6.0 + it.drawn() as f64 * lane.max(it.least()));
                (lane, whole.sum::<f64>())
            };
            let highest = band.iter().map(|&it| heights(it).1).fold(0.0, f64::max);
            for (at, &column) in band.iter().enumerate() {
                let (lane, whole) = heights(column);
                let mut top = floor.height + (highest - whole) / 2.0;
                let exit = if at + 1 == band.len() { EXIT } else { PASSAGE };
                for (number, block) in within(column) {
                    let frame = Frame {
                        left: room * at as f64,
                        top: top + label,
                        width: room,
                        height: lane.max(block.least()),
                    };
                    floor.place(number, block, frame, exit, !alone);
                    top += label + 6.0 + block.drawn() as f64 * frame.height;
                }
            }
            floor.height += highest;
        }
        floor.height += MARGIN;
        floor
    }

    /// The place whose servers are drawn there, or the cache.
    pub(super) fn place_at(&self, at: Point) -> Option<usize> {
        let hit = |stand: &Stand| {
            if let Some(vessel) = &stand.vessel {
                return vessel.holds(at);
            }
            let Frame {
                left,
                top,
                width,
                height,
            } = stand.frame;
            let first = stand.lane.server(0).x - stand.lane.radius - REACH;
            (first..left + width).contains(&at.x) && (top..top + height).contains(&at.y)
        };
        let mut stands = self.stands.iter();
        stands.position(|stand| stand.as_ref().is_some_and(hit))
    }

    /// Puts a resource down; `frame` is that of its first lane.
    fn place(&mut self, number: usize, block: &Block, frame: Frame, exit: f64, named: bool) {
        let mut lane = frame;
        if block.balancers > 0 {
            lane.left += BALANCERS;
            lane.width -= BALANCERS;
        }
        for at in 0..block.drawn() {
            let frame = Frame {
                top: frame.top + at as f64 * frame.height,
                ..lane
            };
            self.stands[block.first + at] = Some(Stand {
                look: block.look(),
                lane: match block.capacity {
                    Some(_) => Vessel::lane(frame),
                    None => Lane::within(frame, exit, block.servers),
                },
                frame,
                vessel: block.capacity.map(|it| Vessel::within(frame, it)),
            });
        }
        let high = frame.top + frame.height / 2.0;
        let low = high + (block.drawn() - 1) as f64 * frame.height;
        if block.balancers > 0 {
            let step = ((low - high) / block.balancers as f64).min(22.0);
            let first = f64::midpoint(high, low) - step * (block.balancers - 1) as f64 / 2.0;
            let balancers = (0..block.balancers).map(|at| Point {
                x: frame.left + 13.0,
                y: first + step * at as f64,
            });
            self.gates.push(Gate {
                group: block.group,
                balancers: balancers.collect(),
                rail: (frame.left + 32.0, high, low),
            });
        }
        if named {
            let at = Point {
                x: frame.left + 2.0,
                y: frame.top - 6.0,
            };
            self.labels.push((number, at, block.count - block.drawn()));
        }
    }
}

impl Block {
    /// Lanes that are drawn.
    fn drawn(&self) -> usize {
        self.count.min(MOST_BARS)
    }

    fn look(&self) -> Look {
        if self.count > DRAWN_SINGLY {
            Look::Bar
        } else {
            self.look
        }
    }

    /// Least height of one of its lanes.
    fn least(&self) -> f64 {
        match (self.look(), self.servers) {
            (Look::Bar, _) => 5.0,
            (Look::Vessel, _) => STOREY,
            (_, 1) => 27.0,
            _ => 32.0,
        }
    }
}

/// Columns that stand side by side, as far as there is room; each with a cache is a storey of its own.
fn bands<'a>(
    columns: &'a [usize],
    width: f64,
    is_storey: &impl Fn(usize) -> bool,
) -> Vec<&'a [usize]> {
    let together = columns.chunk_by(|&a, &b| !is_storey(a) && !is_storey(b));
    let within = |columns: &'a [usize]| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "casts saturate"
        )]
        let abreast = ((width / COLUMN) as usize).clamp(1, columns.len());
        let bands = columns.len().div_ceil(abreast);
        columns.chunks(columns.len().div_ceil(bands))
    };
    together.flat_map(within).collect()
}

/// The room of a cache that all share.
fn vessel(scenario: &Scenario, layout: &Layout, name: &str) -> Option<usize> {
    match scenario.resources.get(name) {
        Some(Resource::Cache(cache)) if cache.per.is_none() => {
            let number = layout.caches.iter().position(|it| it == name)?;
            Some(layout.places.len() + number)
        }
        _ => None,
    }
}

/// The cache that requests of each class come to first.
fn entrances(scenario: &Scenario, layout: &Layout) -> Vec<Option<usize>> {
    let classes = scenario.classes.iter();
    let first = classes.map(|(_, class)| first(scenario.path_of(class)));
    first.map(|name| vessel(scenario, layout, name?)).collect()
}

/// The first resource on a path.
fn first(path: &[Activity]) -> Option<&str> {
    path.iter().find_map(|activity| {
        let mut inner = activity.inner().into_iter();
        resource(activity).or_else(|| inner.find_map(|(_, path)| first(path)))
    })
}

/// The resource that an activity is about.
fn resource(activity: &Activity) -> Option<&str> {
    match activity {
        Activity::Work(it) => Some(&it.at),
        Activity::Hold(it) => Some(&it.pool),
        Activity::Balance(it) => Some(&it.over),
        Activity::Cache(it) => Some(&it.at),
        _ => None,
    }
}

/// Every resource that somebody comes to.
fn blocks(scenario: &Scenario, layout: &Layout) -> Vec<Option<Block>> {
    let mut columns = vec![None; scenario.resources.len()];
    for (_, class) in scenario.classes.iter() {
        walk(scenario, scenario.path_of(class), 0, &mut columns);
    }
    let resources = scenario.resources.iter().zip(columns);
    let mut groups = 0;
    let block = |((name, resource), column): ((&str, &Resource), Option<usize>)| {
        if let Resource::Cache(cache) = resource {
            return Some(Block {
                column: column?,
                group: 0,
                first: vessel(scenario, layout, name)?,
                count: 1,
                look: Look::Vessel,
                servers: 1,
                balancers: 0,
                capacity: Some(cache.capacity),
            });
        }
        let first = layout.places.iter().position(|it| it.resource == name)?;
        let (look, balancers) = match resource {
            Resource::Cache(_) => return None,
            Resource::Pool(_) => (Look::Pool, 0),
            Resource::Station(it) => (look(it), 0),
            Resource::Group(it) => (look(&it.station), it.balancers.clamp(1, 5) as usize),
        };
        let group = groups;
        groups += usize::from(balancers > 0);
        Some(Block {
            column: column?,
            group,
            first,
            count: layout
                .places
                .iter()
                .filter(|it| it.resource == name)
                .count(),
            look,
            servers: layout.places[first].servers as usize,
            balancers,
            capacity: None,
        })
    };
    resources.map(block).collect()
}

fn look(station: &sim_core::scenario::Station) -> Look {
    if station.discipline == sim_core::scenario::Discipline::ProcessorSharing {
        Look::Shared
    } else {
        Look::Servers
    }
}

/// Gives every resource on a path a column, from `depth` on; returns the one after the last.
fn walk(
    scenario: &Scenario,
    path: &[Activity],
    mut depth: usize,
    columns: &mut [Option<usize>],
) -> usize {
    for activity in path {
        if let Some(at) = resource(activity).and_then(|name| scenario.resources.position(name)) {
            depth = depth.max(*columns[at].get_or_insert(depth) + 1);
        }
        let side_by_side = matches!(
            activity,
            Activity::Parallel(_) | Activity::Choose(_) | Activity::Cache(_)
        );
        let mut furthest = depth;
        for (_, inner) in activity.inner() {
            let from = if side_by_side { depth } else { furthest };
            furthest = furthest.max(walk(scenario, inner, from, columns));
        }
        depth = furthest;
    }
    depth
}

#[cfg(test)]
mod tests {
    use super::super::reel::tests::{group, page};
    use super::*;

    fn floor(scenario: &Scenario, width: f64) -> Floor {
        Floor::new(scenario, &Layout::of(scenario), width)
    }

    fn check(floor: &Floor) {
        let stands: Vec<&Stand> = floor.stands.iter().flatten().collect();
        for (i, a) in stands.iter().enumerate() {
            let it = a.frame;
            assert!(it.left >= 0.0 && it.left + it.width <= floor.width + 1e-9);
            assert!(
                it.top >= 0.0 && it.top + it.height <= floor.height,
                "{it:?}"
            );
            let server = a.lane.server(0);
            assert!(server.x > it.left && server.x < it.left + it.width);
            for b in &stands[..i] {
                let apart = |a: (f64, f64), b: (f64, f64)| {
                    a.0 + a.1 <= b.0 + 1e-9 || b.0 + b.1 <= a.0 + 1e-9
                };
                let (a, b) = (a.frame, b.frame);
                assert!(
                    apart((a.left, a.width), (b.left, b.width))
                        || apart((a.top, a.height), (b.top, b.height)),
                    "{a:?} {b:?}"
                );
            }
        }
    }

    #[test]
    fn a_group_is_a_column_of_lanes_and_many_are_bars() {
        for width in [354.0, 1100.0] {
            let few = floor(&group(10, 0.9), width);
            check(&few);
            assert_eq!(few.stands.iter().flatten().count(), 10);
            assert!(
                few.stands
                    .iter()
                    .flatten()
                    .all(|it| it.look == Look::Servers)
            );
            let many = floor(&group(50, 0.9), width);
            check(&many);
            assert_eq!(many.stands.iter().flatten().count(), 50);
            assert!(many.stands.iter().flatten().all(|it| it.look == Look::Bar));
            assert!(many.height < 400.0 && few.height < 400.0);
            let legion = floor(&group(500, 0.9), width);
            assert_eq!(legion.stands.iter().flatten().count(), MOST_BARS);
        }
    }

    #[test]
    fn a_path_goes_from_left_to_right_and_downwards_where_it_is_narrow() {
        let wide = floor(&page(), 1100.0);
        check(&wide);
        let lefts: Vec<f64> = [0, 2, 1]
            .map(|place| {
                // Stations come first, pools after them.
                wide.stands[place].as_ref().unwrap().frame.left
            })
            .to_vec();
        assert!(lefts.is_sorted_by(|a, b| a < b), "{lefts:?}");
        let narrow = floor(&page(), 354.0);
        check(&narrow);
        assert!(narrow.height > wide.height);
        assert_eq!(narrow.labels.len(), 3);
    }

    #[test]
    fn one_station_has_the_floor_to_itself() {
        let mut single = page();
        single.path.truncate(1);
        single.resources = sim_core::scenario::Table::default();
        let single = single.with_resource("web", sim_core::scenario::Station::new(2));
        let floor = floor(&single, 800.0);
        check(&floor);
        assert_eq!((floor.stands.len(), floor.labels.len()), (1, 0));
    }
}
