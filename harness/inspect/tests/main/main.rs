//! Tests of assessments from their files: what is refused and where, what a run or a figure adds, and what follows.
//! The files are those of the repository's own example; each test changes a few.

mod example;
mod fills;
mod refusals;
mod standings;
