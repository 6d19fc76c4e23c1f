//! Monte Carlo risk simulation: a scenario file in; percentile bands, tornadoes and charts out.
//!
//! The rooms, in the order data passes through them; imports go to the left only, by
//! `diagnostic math │ distribution sampling tally │ scenario peers │ program │ engine │ cluster analysis │ report │ cli`.
//!
//! | room | takes | gives |
//! |---|---|---|
//! | [`scenario`] | TOML text | a checked scenario, or [`diagnostic`]s that point into the text |
//! | [`distribution`] | a family and its parameters | quantile, cdf, density, moments |
//! | [`program`] | a scenario | vector instructions over blocks of runs |
//! | [`sampling`] | seed, input name, run numbers | positions in (0, 1), independent or tied by a copula |
//! | [`engine`] | a program and a number of runs | a tally, by all threads |
//! | [`tally`] | blocks of values | mergeable statistics in constant memory |
//! | [`cluster`] | runs and tallies | shards, tally files, one tally of many |
//! | [`peers`] | laws and their draws | how far they are from the same laws of statrs and rand_distr |
//! | [`analysis`] | a tally | percentiles, moments, intervals, tornadoes |
//! | [`report`] | a summary | JSON, CSV, PNG, tables |
//! | [`cli`] | arguments | calls to the above, messages, exit codes |
//!
//! A scenario from text to median:
//!
//! ```
//! use riskband::{analysis, engine, scenario::{self, Percent}};
//!
//! let text = "
//!     [scenario]
//!     seed = 1
//!     [inputs.price]
//!     dist = 'lognormal(median = 20, sigma = 0.3)'
//!     assumption = 'an example'
//!     [inputs.volume]
//!     dist = 'pert(80, 100, 140)'
//!     assumption = 'an example'
//!     [outputs.revenue]
//!     formula = 'price * volume'";
//! let scenario = scenario::load_text("revenue.toml", text, &[]).unwrap().scenario;
//! let plan = engine::Plan::new(&scenario).unwrap();
//! let shapes = engine::shapes(&plan.program);
//! let pool = rayon::ThreadPoolBuilder::new().build().unwrap();
//! let outcome = engine::run(&plan, &shapes, 20_000, &pool, &engine::Control::default());
//! let summary = analysis::summarise(&scenario, &plan, &outcome);
//! let median = summary.outputs[0].cells[0].distribution().percentile(Percent::new(50.0).unwrap());
//! assert!((median - 2050.0).abs() < 50.0);
//! ```
#![warn(missing_debug_implementations)]
#![deny(unsafe_code)]

pub mod analysis;
pub mod cli;
pub mod cluster;
pub mod diagnostic;
pub mod distribution;
pub mod engine;
pub mod math;
pub mod peers;
pub mod program;
pub mod report;
pub mod sampling;
pub mod scenario;
pub mod tally;
