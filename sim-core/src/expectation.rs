//! What theory says about a scenario: where the layers of theory and simulation first meet.
