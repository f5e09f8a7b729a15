//! What happens to servers at given moments, with stations by number, in the order of time.

use super::super::program::{Act, ScriptLine};
use super::{Compiler, narrow};
use crate::scenario::{Incident, Resource, script};

impl Compiler<'_> {
    pub(super) fn script(&mut self) {
        let mut lines: Vec<ScriptLine> = self
            .scenario
            .script
            .iter()
            .map(|it| self.line(it))
            .collect();
        // Of several incidents at one moment the first one written happens first.
        lines.sort_by(|a, b| a.at.total_cmp(&b.at));
        for line in &lines {
            for station in line.stations.clone() {
                let it = &mut self.program.stations[station as usize];
                it.is_mortal = true;
                if let Some(group) = self.program.groups.get_mut(it.group as usize) {
                    group.is_mortal = true;
                }
            }
        }
        self.program.script = lines;
    }

    fn line(&self, incident: &Incident) -> ScriptLine {
        let act = match incident {
            Incident::Kill(kill) => Act::Kill {
                silent: kill.silent,
            },
            Incident::Drain(_) => Act::Drain,
            Incident::Pause(_) => Act::Pause,
            Incident::Revive(_) => Act::Revive,
            Incident::Slow(slow) => Act::Slow(slow.factor),
            Incident::Partition(_) => Act::CutOff,
            Incident::Heal(_) => Act::Heal,
            Incident::Flush(loss) | Incident::Crash(loss) => {
                return ScriptLine {
                    at: loss.at,
                    stations: 0..0,
                    act: Act::Empty {
                        cache: self.number_of(&loss.cache),
                        crash: matches!(incident, Incident::Crash(_)),
                    },
                };
            }
        };
        let (resource, member) =
            script::find(self.scenario, incident.server()).expect("names were checked");
        let number = self.number_of(resource);
        let stations = match self.scenario.resources.get(resource) {
            Some(Resource::Group(group)) => {
                let first = self.program.groups[number as usize].first;
                match member {
                    Some(member) => first + member..first + member + 1,
                    None => first..first + narrow(group.servers().count()),
                }
            }
            _ => number..number + 1,
        };
        ScriptLine {
            at: incident.at(),
            stations,
            act,
        }
    }
}
