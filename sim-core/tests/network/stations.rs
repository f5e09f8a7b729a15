//! One station against closed forms.

use sim_core::scenario::Station;

use crate::support::{check, details, exponential, long, open, place, simulate, station};

#[test]
fn waiting_stations_agree_with_formulas() {
    let report = simulate(&long(open(9.0, station(2, 5.0)), 100_000));
    check("M/M/2 W", report.mean_response, 1.052_631_6);
    check("M/M/2 Lq", report.mean_in_queue, 7.673_684);
    let report = simulate(&open(9.0, station(4, 5.0)));
    check("M/M/4 W", report.mean_response, 0.211_684_9);
    check(
        "M/M/4 place",
        place(&report, "server").mean_response,
        0.211_684_9,
    );
    check(
        "M/M/4 utilization",
        place(&report, "server").utilization,
        0.45,
    );
    check("throughput", details(&report).throughput, 9.0);
}

#[test]
fn percentiles_agree_with_the_exponential_law_of_mm1() {
    let report = simulate(&long(open(0.8, station(1, 1.0)), 100_000));
    for (found, p) in [(report.p50, 0.5), (report.p90, 0.9), (report.p99, 0.99)] {
        check("quantile", found, -5.0 * f64::ln_1p(-p));
    }
}

#[test]
fn finite_rooms_lose_what_the_formulas_say() {
    for (rate, servers, service_rate, room, blocked, response) in [
        (50.0, 4, 10.0, 6, 0.293_543, None),
        (3.0, 2, 2.0, 5, 0.085_113_8, Some(0.230_857 + 0.5)),
        (40.0, 3, 30.0, 7, 0.0, Some(0.036_517)),
    ] {
        let room = Station {
            room: Some(room),
            ..station(servers, service_rate)
        };
        let report = simulate(&long(open(rate, room), 60_000));
        let place = place(&report, "server");
        if blocked > 0.0 {
            check("pK", place.rejected_share, blocked);
            let served = details(&report).classes[0].served_share;
            check("served", served, 1.0 - blocked);
        }
        if let Some(response) = response {
            check("W", report.mean_response, response);
        }
    }
    let full = Station {
        room: Some(10),
        ..station(1, 1.0)
    };
    check(
        "M/M/1/10 at full load",
        simulate(&long(open(1.0, full), 60_000)).mean_in_system,
        5.0,
    );
}

#[test]
fn impatient_requests_leave_as_the_birth_and_death_chain_says() {
    // M/M/2 with rate 3, service 1, patience of mean 2: births 3, deaths min(n, 2) + max(n − 2, 0)/2.
    let (mut weight, mut total, mut waiting) = (1.0, 1.0, 0.0);
    for n in 1..200 {
        let n = f64::from(n);
        weight *= 3.0 / (n.min(2.0) + (n - 2.0).max(0.0) / 2.0);
        total += weight;
        waiting += weight * (n - 2.0).max(0.0);
    }
    let impatient = Station {
        patience: Some(exponential(2.0)),
        ..station(2, 1.0)
    };
    let report = simulate(&long(open(3.0, impatient), 60_000));
    let place = place(&report, "server");
    check("Lq", place.mean_in_queue, waiting / total);
    check("gave up", place.gave_up_share, waiting / total / 2.0 / 3.0);
}
