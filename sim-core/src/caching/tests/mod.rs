//! Policies against textbooks, against each other, and against naive copies of themselves.

mod textbook;
