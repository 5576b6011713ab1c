//! Tests of the machine as a whole: by statement, over a pipe that loses packets, and at random.

mod aliases;
mod any_input;
mod closing;
mod handshakes;
mod opening;
pub(super) mod pair;
mod publishing;
mod quota;
mod receiving;
mod simulation;
mod sizes;
mod subscribing;
mod timing;
