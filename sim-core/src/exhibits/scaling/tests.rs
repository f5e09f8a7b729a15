//! The exhibit against closed forms and by hand.

use super::*;
use crate::exhibits::tests::sentences;
use crate::figure::Layer;
use crate::math;
use crate::run::{Cancel, Plan, Stopping, run};
use crate::theory::Mmc;
use crate::theory::availability::MONTH;
use crate::theory::detection::Death;

fn simulate(scenarios: &[Scenario], replications: u64) -> Vec<Option<Report>> {
    let stopping = Stopping {
        precision: 0.05,
        replications,
        early: false,
    };
    let report = |scenario: &Scenario| {
        let plan = Plan::new(scenario, 3).unwrap();
        Some(run(&plan, &stopping, 1, &Cancel::default(), &|_| {}))
    };
    scenarios.iter().map(report).collect()
}

fn words(params: &Params, reports: &[Option<Report>]) -> String {
    sentences(&Scaling::readouts(params, reports)).join(" ")
}

/// The preset of that name.
fn preset(id: &str) -> Params {
    let preset = Scaling::PRESETS.iter().find(|it| it.id == id).unwrap();
    let pairs = preset.values.iter();
    let pairs: Vec<_> = pairs
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect();
    let (setting, errors) = crate::exhibits::find("scaling").unwrap().open(&pairs);
    assert!(errors.is_empty());
    serde_json::from_value(setting.values().into()).unwrap()
}

fn within(quantity: crate::run::report::Quantity, theory: f64) {
    let (low, high) = (quantity.low.unwrap(), quantity.high.unwrap());
    let width = high - low;
    assert!(
        low - width < theory && theory < high + width,
        "{theory} not in {low}..{high}"
    );
}

/// Intervals of 95 %, each allowed to miss by its own width: a seed in some thousands would fail, and it is fixed.
#[test]
fn simulation_agrees_with_queues_at_the_scaled_speeds() {
    for params in [
        Params::default(),
        Params {
            coordination: 0.001,
            core_contention: 0.02,
            sync_ms: 200.0,
            hop_ms: 20.0,
            cores_each: 4,
            ..Params::default()
        },
    ] {
        let scenarios = Scaling::scenarios(&params).unwrap();
        let reports = simulate(&scenarios[..2], 8);
        for (fleet, report) in params.fleets()[0].iter().zip(&reports) {
            let report = report.as_ref().unwrap();
            assert!(report.stable);
            within(report.mean_response, params.mean(fleet).unwrap());
            within(report.p99, params.p99(fleet).unwrap());
        }
    }
}

#[test]
fn sizes_and_costs_by_hand() {
    // 120 requests of 0.1 s a second are 12 cores' work, 16 cores at 75 %.
    let params = preset("equal-capacity");
    let [up, out] = params.fleets()[0];
    assert_eq!((up.machines, up.cores), (1, 16));
    assert_eq!((out.machines, out.cores), (4, 4));
    assert_eq!(up.capacity(), out.capacity());
    assert_eq!(params.cost(&up), 16.0 * 35.0);
    assert_eq!(params.cost(&out), 16.0 * 35.0 + 2.0 * 35.0);
    // Pooling: M/M/16 against M/M/4.
    let big = Mmc::new(120.0, 10.0, 16).unwrap();
    let small = Mmc::new(30.0, 10.0, 4).unwrap();
    assert_eq!(params.mean(&up).unwrap(), big.mean_response());
    assert_eq!(params.p99(&out).unwrap(), small.response_quantile(0.99));
    assert!(params.p99(&up) < params.p99(&out));
    // Amdahl by hand: 96 cores with σ = 1 % do 96/1.95 of one.
    let params = Params {
        core_contention: 0.01,
        ..Params::default()
    };
    let ceiling = params.target * 96.0 / 1.95 / WORK;
    assert!((params.ceiling(Way::Up) / ceiling - 1.0).abs() < 1e-12);
}

#[test]
fn availability_by_hand() {
    // Each machine is down for 1 % of the time.
    let params = Params {
        mtbf_days: 99.0 / 24.0,
        mttr_minutes: 60.0,
        ..preset("equal-capacity")
    };
    let [up, out] = params.fleets()[0];
    assert!((params.unavailable(&up) - 0.01).abs() < 1e-12);
    // 12 cores' work: three of four machines are exactly full, so all four are needed.
    let four: f64 = 1.0 - math::pow(0.99, 4.0);
    let balancers = math::pow(0.01, 2.0);
    let expected = four + balancers - four * balancers;
    assert!((params.unavailable(&out) - expected).abs() < 1e-12);
    // A little less traffic, and three suffice.
    let params = Params {
        traffic: 110.0,
        ..params
    };
    let [_, out] = params.fleets()[0];
    assert_eq!(out.machines, 4);
    let two_or_more = 1.0 - math::pow(0.99, 4.0) - 4.0 * 0.01 * math::pow(0.99, 3.0);
    let expected = two_or_more + balancers - two_or_more * balancers;
    assert!((params.unavailable(&out) / expected - 1.0).abs() < 1e-9);
    // Behind a single balancer they are no safer than it.
    let params = Params {
        balancers: 1,
        ..params
    };
    assert!(params.unavailable(&out) > 0.01);
    assert!(words(&params, &[]).contains("Bottom line of the small machines"));
}

#[test]
fn losses_and_minutes_by_hand() {
    let params = Params::default();
    let [up, out] = params.fleets()[0];
    let cycle = 60.0 * 86_400.0 + 3_600.0;
    let inside = up.queue().unwrap().mean_in_system();
    let expected = MONTH / cycle * (100.0 * 3_600.0 + inside);
    assert!((params.lost(&up) / expected - 1.0).abs() < 1e-12);
    assert!((params.violated(&up) - MONTH * 3_600.0 / cycle).abs() < 1e-6);
    // Checks every second, three in a row: 2.5 s on average. Of the small ones each death costs its own share alone.
    let down = 3_600.0 / cycle;
    let inside = f64::from(out.machines) * out.queue().unwrap().mean_in_system();
    let expected = MONTH / cycle * (100.0 * 2.5 + inside) + 100.0 * MONTH * down * down;
    assert!((params.lost(&out) / expected - 1.0).abs() < 1e-6);
    assert!(params.lost(&out) < 0.05 * params.lost(&up));
}

/// Requests lost around a death: all for twenty seconds, or a share of them until a check notices.
#[test]
fn a_death_loses_what_theory_says() {
    let params = preset("equal-capacity");
    let scenarios = Scaling::scenarios(&params).unwrap();
    let replications = 16;
    let reports = simulate(&scenarios[2..4], replications);
    let lost = |at: usize| {
        let flow = reports[at].as_ref().unwrap().details.as_ref().unwrap().flow;
        assert_eq!(flow.arrived, flow.accounted());
        flow.lost() as f64 / replications as f64
    };
    let [up, out] = params.fleets()[0];
    let inside = |fleet: &Fleet| fleet.queue().unwrap().mean_in_system();
    let expected = 120.0 * (RETURN - DEATH) + inside(&up);
    assert!(
        (lost(0) / expected - 1.0).abs() < 0.03,
        "{} {expected}",
        lost(0)
    );
    // The second machine of four does not come into it.
    let exposed = CHECKS.mean_exposure(Death::Refusing, 120.0 / 4.0, RETURN - DEATH);
    let expected = exposed + inside(&out);
    assert!(
        (lost(1) / expected - 1.0).abs() < 0.2,
        "{} {expected}",
        lost(1)
    );
    // The three that are left are full: those who come then wait.
    let series = |at: usize| {
        let report = reports[at].as_ref().unwrap();
        report.details.as_ref().unwrap().series.clone().unwrap()
    };
    let small = series(1);
    let mean = |at: usize| small.mean_response[at].estimate.unwrap();
    assert!(mean(26) > 2.0 * mean(6), "{} {}", mean(26), mean(6));
    let big = series(0);
    assert_eq!(big.lost_share[15].estimate, Some(1.0));
    assert_eq!(big.lost_share[3].estimate, Some(0.0));
}

#[test]
fn beyond_the_ceiling_only_the_small_machines_go_on() {
    let params = preset("beyond-the-ceiling");
    let [up, out] = params.fleets()[0];
    assert_eq!((up.cores, up.enough), (96, false));
    assert!(out.enough && out.utilization() <= params.target);
    assert!(up.utilization() > 1.0);
    let scenarios = Scaling::scenarios(&params).unwrap();
    assert!(matches!(scenarios[0].horizon, Horizon::Transient { .. }));
    assert!(matches!(scenarios[1].horizon, Horizon::Steady { .. }));
    let said = words(&params, &[]);
    assert!(said.contains("The queue grows"), "{said}");
    let figures = Scaling::figures(&params, &[]);
    for figure in figures
        .iter()
        .filter(|it| it.id == "latency" || it.id == "cost")
    {
        let from = figure.layers.iter().find_map(|layer| match layer {
            Layer::Band { from, label, .. } if label == "no bigger machine" => Some(*from),
            _ => None,
        });
        let from = from.unwrap();
        let ends = figure.layers.iter().find_map(|layer| match layer {
            Layer::Line { points, label, .. } if label == "one big machine" => points.last(),
            _ => None,
        });
        assert!(ends.unwrap().0 <= from && from < params.traffic);
    }
}

#[test]
fn with_chatty_state_more_machines_do_less() {
    let params = preset("chatty-state");
    let [up, out] = params.fleets()[0];
    assert!(up.enough && !out.enough);
    // Of all numbers of machines it is the one that does most, and one more does less.
    let more = Fleet {
        machines: out.machines + 1,
        speed: crate::scenario::ScalingLaw {
            contention: 0.0,
            coherency: params.coordination,
        }
        .efficiency(out.machines as usize + 1),
        ..out
    };
    assert!(more.capacity() < out.capacity());
    assert!(params.ceiling(Way::Out) < params.traffic);
    let labels =
        |params: &Params| serde_json::to_string(&Scaling::figures(params, &[])[0]).unwrap();
    assert!(labels(&params).contains("more machines do less"));
    // Without that cost it is the number of machines that ends.
    let free = Params {
        coordination: 0.0,
        cores_each: 1,
        ..params
    };
    assert!(labels(&free).contains("over 256 machines"));
}

#[test]
fn more_traffic_never_costs_less_and_more_machines_are_bought_for_less_utilization() {
    let params = Params::default();
    for way in Way::BOTH {
        let costs: Vec<f64> = [5.0, 20.0, 50.0, 100.0, 200.0, 350.0]
            .map(|traffic| params.cost(&params.fleet(way, traffic)))
            .into();
        assert!(costs.windows(2).all(|pair| pair[0] <= pair[1]), "{costs:?}");
    }
    let lazy = Params {
        target: 0.3,
        ..params.clone()
    };
    let machines = |params: &Params| params.fleet(Way::Out, 100.0).machines;
    assert!(machines(&lazy) > machines(&params));
}

#[test]
fn the_scenario_has_the_load_that_the_reckoning_has() {
    for params in [Params::default(), preset("chatty-state")] {
        let [here, ..] = params.fleets();
        for (fleet, scenario) in here.iter().zip(Scaling::scenarios(&params).unwrap()) {
            let found = scenario.load().resources[0].utilization;
            assert!(
                (found / fleet.utilization() - 1.0).abs() < 1e-9,
                "{fleet:?}"
            );
        }
    }
}
