//! The operating point in sentences.

use crate::exhibits::Readout;
use crate::exhibits::parts::{Known, known, measured, written};
use crate::exhibits::sentence::Sentence;
use crate::expectation::{Expectation, Values, expectation_of_stages};
use crate::figure::format::value;
use crate::figure::{Role, Unit};
use crate::run::report::Report;
use crate::scenario::Queue;

/// A wait below this share of the service time, or a queue below this many requests, is not worth its digits.
const INSTANT: f64 = 1e-4;

/// Sentences about `scenario`, with what `report` has measured so far.
pub(super) fn readouts(
    scenario: &Queue,
    utilization: f64,
    report: Option<&Report>,
) -> Vec<Readout> {
    let theory = expectation_of_stages(scenario);
    let mut sentences = match theory.growth_rate {
        Some(growth) => overload(scenario, utilization, growth),
        None => steady(scenario, utilization, &theory),
    };
    sentences.push(match theory.growth_rate {
        Some(_) => simulated_growth(report),
        None => simulated(report),
    });
    sentences
}

fn steady(scenario: &Queue, utilization: f64, theory: &Expectation) -> Vec<Readout> {
    let get = |of: fn(&Values) -> Option<f64>| known(theory, of);
    let service = Known {
        value: scenario.station.service.mean().unwrap_or(f64::NAN),
        exact: true,
    };
    let mut sentences = Vec::new();
    if let (Some(mean), Some(tail)) = (get(|v| v.mean_response), get(|v| v.p99)) {
        sentences.push(
            Sentence::new("At ")
                .number(value(utilization, Unit::Percent), Role::Theory)
                .text(" utilization a request that needs ")
                .number(written(service, Unit::Seconds), Role::Theory)
                .text(" takes ")
                .number(written(mean, Unit::Seconds), Role::Theory)
                .text(" on average; one in a hundred takes longer than ")
                .number(written(tail, Unit::Seconds), Role::Tail)
                .end(),
        );
    }
    if let Some(wait) = get(|v| v.mean_wait) {
        let spent = Sentence::new("Of that it spends ");
        let spent = if wait.value < INSTANT * service.value {
            spent.text("next to nothing")
        } else {
            spent.number(written(wait, Unit::Seconds), Role::Theory)
        };
        let spent = spent
            .text(" in the queue and ")
            .number(written(service, Unit::Seconds), Role::Theory);
        sentences.push(spent.text(" in service").end());
    }
    if let (Some(all), Some(queue)) = (get(|v| v.mean_in_system), get(|v| v.mean_in_queue)) {
        let there = Sentence::new("With ")
            .number(
                value(scenario.arrival_rate(), Unit::PerSecond),
                Role::Theory,
            )
            .text(" arriving, there are on average ")
            .number(written(all, Unit::Number), Role::Theory)
            .text(" requests in the system, ");
        let there = if queue.value < INSTANT {
            there.text("next to none")
        } else {
            there.number(written(queue, Unit::Number), Role::Theory)
        };
        sentences.push(there.text(" of them waiting").end());
    }
    sentences
}

fn overload(scenario: &Queue, utilization: f64, growth: f64) -> Vec<Readout> {
    let capacity = f64::from(scenario.station.servers) * scenario.service_rate();
    let first = Sentence::new("At ")
        .number(value(utilization, Unit::Percent), Role::Overload)
        .text(" utilization ")
        .number(
            value(scenario.arrival_rate(), Unit::PerSecond),
            Role::Overload,
        )
        .text(" arrive and at most ")
        .number(value(capacity, Unit::PerSecond), Role::Theory)
        .text(" can leave")
        .end();
    let second = if growth > 0.0 {
        Sentence::new("The queue grows by ")
            .number(value(growth, Unit::PerSecond), Role::Overload)
            .text(" without end, by ")
            .number(value(growth * 3600.0, Unit::Number), Role::Overload)
            .text(" in an hour. There is no mean and no P99: whoever comes later waits longer")
            .end()
    } else {
        let even = "Arrivals just match capacity, yet the queue never settles: what bursts pile up, no spare time \
                    works off. There is no mean and no P99";
        Sentence::new(even).end()
    };
    vec![first, second]
}

fn simulated(report: Option<&Report>) -> Readout {
    let Some((report, mean)) =
        report.and_then(|r| Some((r, measured(r.mean_response, Unit::Seconds)?)))
    else {
        return Sentence::new("The simulation has no result yet").end();
    };
    let mut sentence = Sentence::new("Simulated: mean ").number(mean, Role::Simulation);
    if let Some(tail) = measured(report.p99, Unit::Seconds) {
        sentence = sentence.text(", P99 ").number(tail, Role::Tail);
    }
    counted(sentence, report)
}

fn simulated_growth(report: Option<&Report>) -> Readout {
    let grown = report.and_then(|r| Some((r, measured(r.growth_rate?, Unit::PerSecond)?)));
    let Some((report, growth)) = grown else {
        return Sentence::new("The simulation has no result yet").end();
    };
    let sentence =
        Sentence::new("Simulated from an empty start: growth of ").number(growth, Role::Simulation);
    let requests = value(report.requests as f64, Unit::Count);
    sentence
        .text(" over ")
        .number(requests, Role::Simulation)
        .text(" requests")
        .end()
}

fn counted(sentence: Sentence, report: &Report) -> Readout {
    let requests = value(report.requests as f64, Unit::Count);
    let sentence = sentence
        .text(", from ")
        .number(requests, Role::Simulation)
        .text(" requests");
    if report.converged {
        sentence.text("; in brackets, 95 % intervals").end()
    } else {
        sentence
            .text("; not yet converged, so the 95 % intervals in brackets are wide")
            .end()
    }
}
