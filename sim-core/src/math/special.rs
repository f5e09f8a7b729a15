//! Quantiles of the distributions that intervals and approximations need.
