//! The whole program against real brokers, real clients, real shells and scripted peers.
//!
//! The peers come from Debian's packages `mosquitto`, `mosquitto-clients` and `microsocks`;
//! `tests/run` installs those that are missing.

mod abuse;
mod bench;
mod bench_load;
mod bench_placement;
mod bench_prometheus;
mod bench_shards;
mod bench_trouble;
mod broker;
mod broker_and_inspect;
mod broker_faults;
mod broker_inside;
mod broker_log;
mod client_authentication;
mod client_statements;
mod conformance;
mod cut_connections;
mod deliveries;
mod exit_statuses;
mod full_disk;
mod generated_files;
mod input;
mod inspect_captures;
mod inspect_dump;
mod inspect_proxy;
mod kills;
mod listeners;
mod many_lines;
mod ocsp;
mod output;
mod passwd;
mod publish_statements;
mod reload;
mod reload_tls;
mod restarts;
mod restricted_broker;
mod rooms;
mod secrets;
mod soak;
mod subscribing;
mod support;
mod tls;
mod tunnels;
mod websocket_statements;
mod who_may_connect;
