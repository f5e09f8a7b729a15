//! `run`: what its flags ask for, in the order in which it can fail.

use sim_core::document::Node;
use sim_core::scenario::Scenario;

use super::{difference, document, picture, shard, table};
use crate::common::failure::Failure;
use crate::common::output::{Format, print};
use crate::common::picture_file::Picture;
use crate::common::progress::Progress;
use crate::scenario::arguments::RunArguments;
use crate::scenario::changes::{Change, changed};
use crate::scenario::difference::Compared;
use crate::scenario::point::{SweptPoint, prepared, simulated};
use crate::scenario::range::Sweep;
use crate::scenario::source::{Named, read};

/// Does what the flags ask for.
pub(crate) fn run(arguments: &RunArguments) -> Result<(), Failure> {
    let named = source(arguments, &arguments.scenario)?;
    if let Some(share) = arguments.shard {
        return shard::run(arguments, share, &named);
    }
    if let Some(other) = &arguments.compare {
        let other = source(arguments, other)?;
        let found = difference::run(arguments, named, other)?;
        return print(&compared(arguments, &found));
    }
    match &arguments.sweep {
        Some(sweep) => swept(arguments, sweep, &named.name, &named.scenario),
        None => single(arguments, &named),
    }
}

/// A scenario with what `--set` changes in it.
fn source(arguments: &RunArguments, path: &std::path::Path) -> Result<Named, Failure> {
    let mut named = read(path)?;
    if !arguments.changes.is_empty() {
        let wrong = |problem| Failure::Input(format!("--set: {}: {problem}", named.name));
        named.scenario = changed(&named.scenario, &arguments.changes).map_err(wrong)?;
        named.document = None;
    }
    if !arguments.within.is_empty() {
        let within = &mut named.scenario.probes.within;
        within.extend(&arguments.within);
        within.sort_by(f64::total_cmp);
        within.dedup();
    }
    Ok(named)
}

fn single(arguments: &RunArguments, named: &Named) -> Result<(), Failure> {
    let name = named.name.as_str();
    let scenario = prepared(named, &arguments.effort)?;
    if arguments.plot.is_some() && scenario.queue().is_some() {
        return Err(Failure::Input(
            "--plot: a single station is drawn as a curve; add --sweep, or use the example mm1"
                .into(),
        ));
    }
    let picture = prepared_picture(arguments)?;
    let progress = Progress::new(1);
    let point = simulated(
        scenario,
        &arguments.effort,
        &progress.point(0, name.to_owned()),
    )?;
    drop(progress);
    if let Some(picture) = picture {
        picture.write(&picture::single(name, &point.report))?;
    }
    let (seed, precision) = (arguments.effort.seed, arguments.effort.stopping().precision);
    print(&match arguments.format {
        Format::Table => table::single(name, seed, precision, &point),
        Format::Csv => document::csv(None, [(&Node::Null, &point)]),
        Format::Json => document::single(seed, &point),
    })
}

fn swept(
    arguments: &RunArguments,
    sweep: &Sweep,
    name: &str,
    base: &Scenario,
) -> Result<(), Failure> {
    let effort = &arguments.effort;
    let field = sweep.address.to_string();
    let at = |value: &Node| {
        let change = Change {
            address: sweep.address.clone(),
            value: value.clone(),
        };
        let wrong = |problem| Failure::Input(format!("--sweep: {name}: {problem}"));
        changed(base, &[change]).map_err(wrong)
    };
    let tasks = sweep
        .values
        .iter()
        .map(|value| {
            let named = Named {
                name: format!("{name}, {field} = {value}"),
                scenario: at(value)?,
                document: None,
            };
            Ok((value, prepared(&named, effort)?))
        })
        .collect::<Result<Vec<_>, Failure>>()?;
    let values = sweep.values.iter().map(Node::as_number);
    let values: Option<Vec<f64>> = values.collect();
    if arguments.plot.is_some() && values.as_ref().is_none_or(|values| values.len() < 2) {
        return Err(Failure::Input(
            "--plot: a curve needs a sweep over at least two numbers".into(),
        ));
    }
    let picture = prepared_picture(arguments)?;
    let progress = Progress::new(tasks.len());
    let mut points = Vec::with_capacity(tasks.len());
    for (number, (value, scenario)) in tasks.into_iter().enumerate() {
        let progress = progress.point(number, format!("{field} = {value}"));
        points.push(SweptPoint {
            value: value.clone(),
            point: simulated(scenario, effort, &progress)?,
        });
    }
    drop(progress);
    if let (Some(picture), Some(values)) = (picture, values) {
        picture.write(&picture::sweep(&field, &values, &points))?;
    }
    let rows = || points.iter().map(|it| (&it.value, &it.point));
    print(&match arguments.format {
        Format::Table => table::sweep(
            name,
            &field,
            effort.seed,
            effort.stopping().precision,
            &points,
        ),
        Format::Csv => document::csv(Some(&field), rows()),
        Format::Json => document::sweep(effort.seed, base, &field, &points),
    })
}

fn compared(arguments: &RunArguments, found: &Compared) -> String {
    let seed = arguments.effort.seed;
    match arguments.format {
        Format::Table => difference::table(seed, found),
        Format::Csv => difference::csv(found),
        Format::Json => document::comparison(seed, found),
    }
}

fn prepared_picture(arguments: &RunArguments) -> Result<Option<Picture>, Failure> {
    arguments.plot.as_deref().map(Picture::prepare).transpose()
}
