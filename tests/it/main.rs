//! Tests of the whole program.

mod generated_files;
