//! `list` and `exhibit`: what the page shows, in batch.

use serde::Serialize;
use serde_json::{Map, Value};
use sim_core::Report;
use sim_core::exhibits::{ControlKind, Readout, Setting, find, registry};
use sim_core::figure::{Figure, Table};
use sim_core::run::{Plan, Stopping};
use sim_core::scenario::Scenario;
use sim_core::wording::number;

use crate::common::columns::{Align, Columns};
use crate::common::csv_text::{Cells, text};
use crate::common::effort::PRECISION;
use crate::common::failure::Failure;
use crate::common::number_text::{counted, percent, plain};
use crate::common::output::{Format, json, print};
use crate::common::picture_file::Picture;
use crate::common::progress::Progress;
use crate::common::report_cells::cells;
use crate::common::threads::threads;
use crate::scenario::arguments::ExhibitArguments;
use crate::scenario::point::{Point, run_plan};

/// Every exhibit with what can be set.
pub(crate) fn list() -> String {
    let mut lines = Vec::new();
    for entry in registry() {
        let card = entry.card();
        lines.push(format!("{}: {}\n  {}", card.id, card.title, card.blurb));
        for control in entry.controls() {
            let values = match control.kind {
                ControlKind::Number { min, max, unit, .. } => {
                    if unit == "%" {
                        format!("{} to {}", percent(min), percent(max))
                    } else {
                        format!("{} to {} {unit}", number(min), number(max))
                    }
                }
                ControlKind::Choice { options } => {
                    let names: Vec<_> = options.iter().map(|it| it.0).collect();
                    names.join(", ")
                }
            };
            lines.push(format!(
                "  --set {}=…   {}: {}",
                control.key,
                control.label,
                values.trim_end()
            ));
        }
        lines.push(String::new());
    }
    lines.join("\n")
}

/// Runs an exhibit at some values and prints what it shows.
pub(crate) fn run(arguments: &ExhibitArguments) -> Result<(), Failure> {
    let entry = find(&arguments.id)?;
    let (setting, errors) = entry.open(&pairs(&arguments.values)?);
    if !errors.is_empty() {
        let lines: Vec<_> = errors
            .iter()
            .map(|error| format!("--set {error}"))
            .collect();
        return Err(Failure::Input(lines.join("\n       ")));
    }
    let scenarios = setting.scenarios()?;
    let picture = arguments
        .plot
        .as_deref()
        .map(Picture::prepare)
        .transpose()?;
    let reports = reports(arguments, &scenarios);
    let figures = setting.figures(&reports);
    if let Some(picture) = picture {
        let first = figures.first();
        let none = || Failure::Input(format!("--plot: {} has no figure", arguments.id));
        picture.write(first.ok_or_else(none)?)?;
    }
    let shown = Shown {
        title: entry.card().title,
        setting: setting.as_ref(),
        scenarios,
        reports,
        figures,
    };
    print(&match arguments.format {
        Format::Table => shown.table(arguments),
        Format::Csv => shown.csv(),
        Format::Json => shown.json(arguments),
    })
}

fn pairs(values: &[String]) -> Result<Vec<(String, String)>, Failure> {
    let pair = |text: &String| match text.split_once('=') {
        Some((key, value)) => Ok((key.trim().to_owned(), value.trim().to_owned())),
        None => Err(Failure::Input(format!(
            "--set {text}: it must be written as key=value, such as utilization=0.9"
        ))),
    };
    values.iter().map(pair).collect()
}

/// A report for each scenario; none, as on the page, for one that cannot be run. Equal scenarios are run once.
fn reports(arguments: &ExhibitArguments, scenarios: &[Scenario]) -> Vec<Option<Report>> {
    let stopping = Stopping {
        precision: PRECISION,
        replications: arguments.replications,
        early: false,
    };
    let progress = Progress::new(scenarios.len());
    let mut reports: Vec<Option<Report>> = Vec::with_capacity(scenarios.len());
    for (number, scenario) in scenarios.iter().enumerate() {
        let progress = progress.point(number, format!("{} {}", arguments.id, number + 1));
        let known = scenarios[..number].iter().position(|it| it == scenario);
        reports.push(match known {
            Some(before) => reports[before].clone(),
            None => Plan::new(scenario, arguments.seed)
                .ok()
                .map(|plan| run_plan(&plan, &stopping, threads(arguments.threads), &progress)),
        });
    }
    reports
}

/// What an exhibit shows.
struct Shown<'a> {
    title: &'static str,
    setting: &'a dyn Setting,
    scenarios: Vec<Scenario>,
    reports: Vec<Option<Report>>,
    figures: Vec<Figure>,
}

#[derive(Serialize)]
struct Document<'a> {
    version: &'static str,
    seed: u64,
    exhibit: &'a str,
    values: Map<String, Value>,
    scenarios: &'a [Scenario],
    reports: Vec<Option<Report>>,
    readouts: Vec<String>,
    figures: Vec<Described<'a>>,
}

/// A figure in words and numbers.
#[derive(Serialize)]
struct Described<'a> {
    id: &'a str,
    title: &'a str,
    description: &'a str,
    notes: &'a [String],
    tables: Vec<Table>,
}

impl Shown<'_> {
    fn sentences(&self) -> Vec<String> {
        let readouts = self.setting.readouts(&self.reports);
        readouts.iter().map(sentence).collect()
    }

    fn table(&self, arguments: &ExhibitArguments) -> String {
        let values = self.setting.values();
        let values: Vec<_> = values
            .iter()
            .map(|(key, value)| {
                format!(
                    "{key}={}",
                    value.as_str().map_or_else(|| value.to_string(), Into::into)
                )
            })
            .collect();
        let mut parts = vec![format!("{}\n{}\n", self.title, values.join("  "))];
        parts.extend(self.sentences().iter().map(|it| format!("{it}\n")));
        for figure in &self.figures {
            for table in figure.tables() {
                parts.push(format!("\n{}\n{}", table.caption, columns(&table)));
            }
            parts.extend(figure.notes.iter().map(|note| format!("{note}\n")));
        }
        if !self.scenarios.is_empty() {
            parts.push(format!(
                "\nSeed {}; {}, {} of each.\n",
                arguments.seed,
                counted(self.scenarios.len() as u64, "scenario"),
                counted(arguments.replications, "replication")
            ));
        }
        plain(&parts.concat())
    }

    /// A line for each scenario that was run.
    fn csv(&self) -> String {
        let line = |(number, report): (usize, &Report)| {
            let number = ("scenario".to_owned(), (number + 1).to_string());
            [vec![number], cells(report)].concat()
        };
        let done = self.beside_theory();
        let done = done.iter().enumerate();
        let lines: Vec<Cells> = done
            .filter_map(|(number, report)| Some(line((number, report.as_ref()?))))
            .collect();
        text(&lines)
    }

    fn json(&self, arguments: &ExhibitArguments) -> String {
        json(&Document {
            version: env!("CARGO_PKG_VERSION"),
            seed: arguments.seed,
            exhibit: &arguments.id,
            values: self.setting.values(),
            scenarios: &self.scenarios,
            reports: self.beside_theory(),
            readouts: self.sentences(),
            figures: self.figures.iter().map(Described::new).collect(),
        })
    }

    fn beside_theory(&self) -> Vec<Option<Report>> {
        let pairs = self.scenarios.iter().zip(&self.reports);
        pairs
            .map(|(scenario, report)| {
                let report = report.clone()?;
                Some(Point::new(scenario.clone(), report).report)
            })
            .collect()
    }
}

impl<'a> Described<'a> {
    fn new(figure: &'a Figure) -> Self {
        Self {
            id: figure.id,
            title: &figure.title,
            description: &figure.description,
            notes: &figure.notes,
            tables: figure.tables(),
        }
    }
}

fn columns(table: &Table) -> String {
    let header: Vec<_> = table
        .columns
        .iter()
        .map(|name| (name.as_str(), Align::Left))
        .collect();
    let mut columns = Columns::new(&header);
    for row in &table.rows {
        columns.row(row.clone());
    }
    columns.text()
}

fn sentence(readout: &Readout) -> String {
    plain(&readout.text())
}
