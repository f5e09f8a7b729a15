//! Special functions for intervals and approximations: quantiles of Student's t, the normal and the gamma
//! distribution, and the incomplete gamma function. Bits are the same on every platform.

mod beta;
mod gamma;
mod normal;
mod student;

pub use gamma::{gamma_lower, gamma_quantile, gamma_upper, poisson_probability};
pub use normal::normal_quantile;
pub use student::student_t_quantile;
