//! Policies against textbooks, against each other, and against naive copies of themselves.

mod agreement;
mod expiry;
mod laws;
mod naive;
mod recorded;
mod textbook;
