//! The page's "copy as command" where it is the command `mm1`.

use sim_core::exhibits::registry;
use sim_core::run::{Cancel, Plan, Stopping, run};

use crate::program::json;

/// Every such command prints the numbers the page shows, to the bit.
#[test]
fn an_exhibits_command_prints_its_own_numbers() {
    let mut commands = 0;
    for entry in registry() {
        let at = |values: &[(&str, &str)]| {
            let owned = |&(key, value): &(&str, &str)| (key.to_owned(), value.to_owned());
            entry.open(&values.iter().map(owned).collect::<Vec<_>>()).0
        };
        let mut settings = vec![at(&[("utilization", "1.05")]), at(&[("service_ms", "3")])];
        settings.extend(entry.presets().iter().map(|preset| at(preset.values)));
        for setting in settings {
            // Other commands have tests of their own.
            let Some(command) = setting
                .command(11, 8)
                .filter(|command| command.contains("--example mm1 "))
            else {
                continue;
            };
            commands += 1;
            let scenario = &setting.scenarios().unwrap()[0];
            let stopping = Stopping {
                precision: 0.05,
                replications: 8,
                early: false,
            };
            let plan = Plan::new(scenario, 11).unwrap();
            let report = run(&plan, &stopping, 1, &Cancel::default(), &|_| {});
            let expected =
                serde_json::to_value(report.with_theory(&scenario.queue().unwrap())).unwrap();
            let (_, arguments) = command.split_once(" -- ").unwrap();
            let printed = json(&arguments.split(' ').collect::<Vec<_>>());
            for (key, value) in expected.as_object().unwrap() {
                assert_eq!(&printed["points"][0][key], value, "{key} of {command}");
            }
        }
    }
    assert!(commands > 2);
}
