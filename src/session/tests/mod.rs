//! Tests of the machine as a whole: by statement, over a pipe that loses packets, and at random.

mod any_input;
mod closing;
mod handshakes;
mod limits;
mod opening;
mod pair;
mod publishing;
mod receiving;
mod simulation;
mod subscribing;
mod timing;
