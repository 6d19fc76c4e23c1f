//! A scenario made ready to be simulated, in one piece or many.

use std::io::{self, Write};

use super::{Flaw, Header, Identity, Shard, TallyFile, write_tally};
use crate::engine::{self, Blank, Collected, Layout, Plan};
use crate::program::CompileError;
use crate::sampling::Design;
use crate::scenario::Scenario;
use crate::tally::{RunSet, Shape};

/// Plan, shapes and identity of a simulation: what every part of it must agree on.
#[derive(Debug)]
pub struct Simulation {
    pub scenario: Scenario,
    pub plan: Plan,
    pub shapes: Vec<Shape>,
    pub layout: Layout,
    pub identity: Identity,
    /// Folder to which the paths of the scenario's files are relative.
    pub folder: String,
}

impl Simulation {
    /// Compiles a scenario and runs its pilot; `runs` is that of the design, where it has one.
    ///
    /// # Errors
    /// See [`Plan::of_design`].
    pub fn new(scenario: Scenario, design: Design, runs: u64) -> Result<Simulation, CompileError> {
        let plan = Plan::of_design(&scenario, design)?;
        let shapes = engine::shapes(&plan.program);
        Ok(Simulation::of(scenario, plan, shapes, design, runs))
    }

    /// Compiles a scenario to read what is known of it: where the bins of its cells lie is taken from a tally instead of
    /// from a pilot, so that no run is computed. Its identity is that of the tally where both belong together.
    ///
    /// # Errors
    /// See [`Plan::of_design`].
    pub fn stored(
        scenario: Scenario,
        design: Design,
        runs: u64,
        shapes: Vec<Shape>,
    ) -> Result<Simulation, CompileError> {
        let plan = Plan::of_design(&scenario, design)?;
        Ok(Simulation::of(scenario, plan, shapes, design, runs))
    }

    fn of(scenario: Scenario, plan: Plan, shapes: Vec<Shape>, design: Design, runs: u64) -> Simulation {
        let layout = Layout::new(design, runs);
        let identity = Identity::new(&scenario, &plan, &shapes, layout);
        let folder = std::env::current_dir().map_or(String::new(), |folder| folder.display().to_string());
        Simulation { scenario, plan, shapes, layout, identity, folder }
    }

    /// The runs of a shard, or of the whole simulation.
    pub fn runs_of(&self, shard: Option<Shard>) -> RunSet {
        RunSet::of(shard.map_or(0..self.layout.runs(), |shard| shard.runs(self.layout)))
    }

    /// The bytes of a tally file with what is known so far.
    pub fn encode(&self, shard: Option<Shard>, collected: &Collected) -> Vec<u8> {
        let mut bytes = Vec::new();
        let written = self.write(shard, collected, &mut bytes);
        debug_assert!(written.is_ok(), "a vector takes all bytes");
        bytes
    }

    /// Writes such a file, a cell at a time: of many cells it is large.
    ///
    /// # Errors
    /// Those of `to`.
    pub fn write(&self, shard: Option<Shard>, collected: &Collected, to: &mut dyn Write) -> io::Result<()> {
        write_tally(&self.header(shard, collected), &self.shapes, collected, to)
    }

    fn header(&self, shard: Option<Shard>, collected: &Collected) -> Header {
        let Scenario { name, sources, overrides, data, .. } = &self.scenario;
        Header {
            identity: self.identity.clone(),
            scenario: name.clone(),
            shard,
            computed: collected.runs.clone(),
            sources: sources.clone(),
            overrides: overrides.clone(),
            data: data.clone(),
            folder: self.folder.clone(),
        }
    }

    /// What a tally file knows, in the layout it was made in: the number of runs may differ from the simulation's.
    ///
    /// # Errors
    /// [`Flaw`]: it is no tally, or one of another simulation.
    pub fn decode(&self, file: &TallyFile<'_>) -> Result<Collected, Flaw> {
        let design = Design::named(&file.header.identity.design, file.header.identity.runs);
        let layout = design.map_or(self.layout, |design| Layout::new(design, file.header.identity.runs));
        file.collected(&self.identity, layout, &Blank::new(&self.plan, &self.shapes))
    }
}
