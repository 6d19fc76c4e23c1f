//! Which shard this process is, by what the program that launched it left in the environment.
//!
//! Two kinds of launchers count: arrays of jobs ([`ARRAYS`]) and tasks of one job ([`TASKS`]). Where both are found, each
//! element of the array is divided among its tasks.

/// Looks up a variable of the environment.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// What a launcher says of this process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Launched {
    /// Number of the shard, from 0.
    pub index: u64,
    /// Number of shards.
    pub of: u64,
    /// What was read, for people.
    pub by: String,
}

/// A system that runs a script once for each index of an array.
struct Array {
    name: &'static str,
    /// Variable that holds the index of this element.
    id: &'static str,
    /// Value of `id` outside of an array.
    not_an_array: Option<&'static str>,
    /// Smallest index, by the habit of the system.
    base: u64,
    /// Variables that tell all indices of the array, where the system tells them.
    extent: Option<Extent>,
}

/// Variables that hold the indices first, first + step, … last of an array.
struct Extent {
    /// The base where there is no variable.
    first: Option<&'static str>,
    last: &'static str,
    step: &'static str,
    /// Number of indices: fewer than from first to last where some are left out.
    count: Option<&'static str>,
}

const ARRAYS: [Array; 6] = [
    Array {
        name: "Slurm",
        id: "SLURM_ARRAY_TASK_ID",
        not_an_array: None,
        base: 0,
        extent: Some(Extent {
            first: Some("SLURM_ARRAY_TASK_MIN"),
            last: "SLURM_ARRAY_TASK_MAX",
            step: "SLURM_ARRAY_TASK_STEP",
            count: Some("SLURM_ARRAY_TASK_COUNT"),
        }),
    },
    Array { name: "PBS Pro", id: "PBS_ARRAY_INDEX", not_an_array: None, base: 0, extent: None },
    Array { name: "Torque", id: "PBS_ARRAYID", not_an_array: None, base: 0, extent: None },
    Array {
        name: "LSF",
        id: "LSB_JOBINDEX",
        not_an_array: Some("0"),
        base: 1,
        extent: Some(Extent {
            first: None,
            last: "LSB_JOBINDEX_END",
            step: "LSB_JOBINDEX_STEP",
            count: None,
        }),
    },
    Array {
        name: "Grid Engine",
        id: "SGE_TASK_ID",
        not_an_array: Some("undefined"),
        base: 1,
        extent: Some(Extent {
            first: Some("SGE_TASK_FIRST"),
            last: "SGE_TASK_LAST",
            step: "SGE_TASK_STEPSIZE",
            count: None,
        }),
    },
    Array { name: "Kubernetes", id: "JOB_COMPLETION_INDEX", not_an_array: None, base: 0, extent: None },
];

/// Variables of programs that start the tasks of a job: number of this task from 0, number of tasks. The first that
/// is there holds: Open MPI and MPICH may start their own daemons by `srun`, whose variables their tasks inherit.
///
/// `SLURM_NTASKS` does not count, as every batch script has it beside `SLURM_PROCID` 0; `srun` alone sets
/// `SLURM_STEP_NUM_TASKS`.
const TASKS: [(&str, &str); 3] = [
    ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"),
    ("PMI_RANK", "PMI_SIZE"),
    ("SLURM_PROCID", "SLURM_STEP_NUM_TASKS"),
];

/// What to do where the environment is of no use.
const OR_BY_HAND: &str = "give --shard K/N, this shard's number from 1 and the number of shards";

/// Reads the shard of this process: `--shard auto`, or `--shard auto/N` with `of` shards in all.
///
/// With `of`, indices of an array count from the first index of its system (0, with LSF and Grid Engine 1), whatever
/// part of the array was submitted; without, from the first index of the array.
///
/// # Errors
/// Words that say which variables were looked for or do not go together, and what to do.
pub fn launched(lookup: Lookup, of: Option<u64>) -> Result<Launched, String> {
    let array = array(lookup)?;
    let task = task(lookup)?;
    let (array, task) = match (array, task) {
        (None, None) => return Err(nothing_found(lookup)),
        found => found,
    };
    let (rank, size, task_by) = task.unwrap_or((0, 1, String::new()));
    let (element, elements, array_by) = match (array, of) {
        (None, None) => (0, 1, String::new()),
        (None, Some(of)) if of == size => (0, 1, String::new()),
        (None, Some(of)) => {
            return Err(format!(
                "--shard auto/{of} asks for {of} shards, but {task_by} is all there is: start {of} tasks, or give \
                 --shard auto"
            ));
        }
        (Some((array, id)), None) => array.of_extent(lookup, id)?,
        (Some((array, id)), Some(of)) => {
            if of % size != 0 {
                return Err(format!(
                    "--shard auto/{of}: {of} shards cannot be divided among elements of {size} tasks each \
                     ({task_by}): give a multiple of {size}"
                ));
            }
            array.counted_from_base(id, of / size)?
        }
    };
    let (index, of) = match (element.checked_mul(size), elements.checked_mul(size)) {
        (Some(first), Some(of)) => (first + rank, of),
        _ => return Err(format!("{elements} elements of {size} tasks are too many shards: {OR_BY_HAND}")),
    };
    let by = match (array_by.is_empty(), task_by.is_empty()) {
        (true, _) => task_by,
        (_, true) => array_by,
        _ => format!("{array_by}, {task_by}"),
    };
    let note = if of == 1 { ": one shard does all the runs" } else { "" };
    Ok(Launched { index, of, by: format!("{by}{note}") })
}

impl Array {
    /// Number of this element from 0, number of elements, and what was read.
    fn of_extent(&self, lookup: Lookup, id: u64) -> Result<(u64, u64, String), String> {
        let own = self.id;
        let Some(Extent { first, last, step, count }) = &self.extent else {
            return Err(format!(
                "{own} is {id}, but {} does not tell how many elements its array has: give --shard auto/N, N the \
                 number of shards",
                self.name
            ));
        };
        let need = |name: &str| {
            number(lookup, name)?.ok_or(format!(
                "{own} is {id}, but {name}, which {} sets beside it, is missing: give --shard auto/N, N the number of \
                 shards",
                self.name
            ))
        };
        let from = first.map_or(Ok(self.base), need)?;
        let (to, by) = (need(last)?, need(step)?);
        let uneven = |what: String| {
            format!(
                "{own} {id} is of an uneven array ({what}), which says nothing about the number of shards: give --shard \
                 auto/N, N the number of shards, and indices from {} to {}",
                self.base,
                if self.base == 0 { "N - 1" } else { "N" }
            )
        };
        let first = first.map_or(String::new(), |name| format!("{name} {from}, "));
        let extent = format!("{first}{last} {to}, {step} {by}");
        if by == 0 || id < from || id > to || !(id - from).is_multiple_of(by) {
            return Err(uneven(extent));
        }
        let mut elements = (to - from) / by + 1;
        if let Some(count) = count {
            let told = need(count)?;
            if told != elements || !(to - from).is_multiple_of(by) {
                return Err(uneven(format!("{extent}, {count} {told}")));
            }
            elements = told;
        }
        Ok(((id - from) / by, elements, format!("{own} {id} of {elements}")))
    }

    /// As [`Array::of_extent`], of an array of `elements`.
    fn counted_from_base(&self, id: u64, elements: u64) -> Result<(u64, u64, String), String> {
        let (own, base) = (self.id, self.base);
        match id.checked_sub(base).filter(|&index| index < elements) {
            Some(index) => Ok((index, elements, format!("{own} {id} of {elements}"))),
            None if elements == 0 => {
                Err("--shard auto/0 asks for no shards: give a number from 1".to_string())
            }
            None => Err(format!(
                "{own} is {id}, but {elements} elements of a {} array count from {base} to {}: submit those indices, or \
                 {OR_BY_HAND}",
                self.name,
                elements - 1 + base
            )),
        }
    }
}

/// The array that this process is an element of, and its index there.
fn array(lookup: Lookup) -> Result<Option<(&'static Array, u64)>, String> {
    let mut found: Option<(&'static Array, u64)> = None;
    for array in &ARRAYS {
        let set = value(lookup, array.id).filter(|value| Some(value.as_str()) != array.not_an_array);
        if set.is_none() {
            continue;
        }
        let Some(id) = number(lookup, array.id)? else { continue };
        if let Some((other, _)) = found {
            return Err(format!(
                "{} and {} are both set, and only one can tell this shard: {OR_BY_HAND}",
                other.id, array.id
            ));
        }
        found = Some((array, id));
    }
    Ok(found)
}

/// Number of this task from 0, number of tasks, and what was read.
fn task(lookup: Lookup) -> Result<Option<(u64, u64, String)>, String> {
    for (rank_name, size_name) in TASKS {
        let (Some(rank), Some(size)) = (number(lookup, rank_name)?, number(lookup, size_name)?) else {
            continue;
        };
        if rank >= size {
            return Err(format!(
                "{rank_name} is {rank}, but {size_name} is {size}, and tasks count from 0: {OR_BY_HAND}"
            ));
        }
        return Ok(Some((rank, size, format!("{rank_name} {rank} of {size}"))));
    }
    Ok(None)
}

fn nothing_found(lookup: Lookup) -> String {
    let mut names: Vec<&str> = ARRAYS.iter().map(|array| array.id).collect();
    let tasks: Vec<String> = TASKS.iter().map(|(rank, size)| format!("{rank} with {size}")).collect();
    names.extend(tasks.iter().map(String::as_str));
    let alone = match value(lookup, "PMIX_RANK") {
        Some(rank) => format!(" (PMIX_RANK is {rank}, but nothing tells the number of tasks)"),
        None => String::new(),
    };
    format!("nothing tells which shard this is{alone}; looked for {}: {OR_BY_HAND}", names.join(", "))
}

/// A variable that is set and not empty.
fn value(lookup: Lookup, name: &str) -> Option<String> {
    lookup(name).map(|value| value.trim().to_string()).filter(|value| !value.is_empty())
}

fn number(lookup: Lookup, name: &str) -> Result<Option<u64>, String> {
    let Some(text) = value(lookup, name) else { return Ok(None) };
    match text.parse() {
        Ok(number) => Ok(Some(number)),
        Err(_) => Err(format!("{name} is `{text}`, which is not a whole number: {OR_BY_HAND}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads `NAME=value` words as an environment.
    fn of(environment: &str, shards: Option<u64>) -> Result<Launched, String> {
        let lookup = |name: &str| {
            let mut pairs = environment.split_whitespace().filter_map(|pair| pair.split_once('='));
            pairs.find(|pair| pair.0 == name).map(|pair| pair.1.to_string())
        };
        launched(&lookup, shards)
    }

    fn index_of(environment: &str, shards: Option<u64>) -> (u64, u64) {
        let launched = of(environment, shards).unwrap();
        (launched.index, launched.of)
    }

    fn slurm(id: u64, first: u64, last: u64, step: u64, count: u64) -> String {
        format!(
            "SLURM_ARRAY_TASK_ID={id} SLURM_ARRAY_TASK_MIN={first} SLURM_ARRAY_TASK_MAX={last} \
             SLURM_ARRAY_TASK_STEP={step} SLURM_ARRAY_TASK_COUNT={count} SLURM_PROCID=0 SLURM_NTASKS=1"
        )
    }

    const LSF: &str = "LSB_JOBINDEX_END=9 LSB_JOBINDEX_STEP=2";
    const SGE: &str = "SGE_TASK_FIRST=2 SGE_TASK_LAST=11 SGE_TASK_STEPSIZE=4";

    #[test]
    fn arrays_that_tell_their_extent_count_from_their_first_index() {
        assert_eq!(index_of(&slurm(3, 0, 7, 1, 8), None), (3, 8));
        assert_eq!(index_of(&slurm(16, 10, 20, 2, 6), None), (3, 6));
        assert_eq!(index_of(&format!("LSB_JOBINDEX=9 {LSF}"), None), (4, 5));
        assert_eq!(index_of(&format!("SGE_TASK_ID=6 {SGE}"), None), (1, 3));
        assert_eq!(of(&slurm(3, 0, 7, 1, 8), None).unwrap().by, "SLURM_ARRAY_TASK_ID 3 of 8");
    }

    #[test]
    fn with_a_number_of_shards_indices_count_from_the_base_of_the_system() {
        assert_eq!(index_of(&slurm(5, 5, 5, 1, 1), Some(8)), (5, 8));
        assert_eq!(index_of(&slurm(5, 2, 5, 1, 2), Some(8)), (5, 8));
        for name in ["PBS_ARRAY_INDEX", "PBS_ARRAYID", "JOB_COMPLETION_INDEX"] {
            assert_eq!(index_of(&format!("{name}=0"), Some(4)), (0, 4), "{name}");
            assert_eq!(index_of(&format!("{name}=3"), Some(4)), (3, 4), "{name}");
        }
        for name in ["LSB_JOBINDEX", "SGE_TASK_ID"] {
            assert_eq!(index_of(&format!("{name}=1"), Some(4)), (0, 4), "{name}");
            assert_eq!(index_of(&format!("{name}=4"), Some(4)), (3, 4), "{name}");
        }
    }

    #[test]
    fn tasks_of_a_job_are_shards_of_their_own() {
        assert_eq!(index_of("SLURM_PROCID=2 SLURM_STEP_NUM_TASKS=4 SLURM_NTASKS=8", None), (2, 4));
        assert_eq!(index_of("OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=2", Some(2)), (1, 2));
        assert_eq!(index_of("PMI_RANK=0 PMI_SIZE=3 PMIX_RANK=0", None), (0, 3));
    }

    #[test]
    fn variables_of_the_daemons_of_an_mpi_do_not_count() {
        let environment =
            "SLURM_PROCID=0 SLURM_STEP_NUM_TASKS=2 OMPI_COMM_WORLD_RANK=5 OMPI_COMM_WORLD_SIZE=8";
        assert_eq!(index_of(environment, None), (5, 8));
    }

    #[test]
    fn elements_are_divided_among_their_tasks() {
        let environment = slurm(2, 1, 3, 1, 3) + " OMPI_COMM_WORLD_RANK=3 OMPI_COMM_WORLD_SIZE=4";
        assert_eq!(
            of(&environment, None).unwrap(),
            Launched {
                index: 7,
                of: 12,
                by: "SLURM_ARRAY_TASK_ID 2 of 3, OMPI_COMM_WORLD_RANK 3 of 4".to_string()
            }
        );
        assert_eq!(index_of(&environment, Some(20)), (11, 20));
        assert!(of(&environment, Some(10)).unwrap_err().contains("give a multiple of 4"));
    }

    #[test]
    fn all_shards_of_a_launch_are_different_and_complete() {
        let mut seen = Vec::new();
        for id in [1, 5, 9] {
            for task in 0..2 {
                let step = format!(" SLURM_PROCID={task} SLURM_STEP_NUM_TASKS=2");
                let environment = slurm(id, 1, 9, 4, 3).replace(" SLURM_PROCID=0", &step);
                let (index, of) = index_of(&environment, None);
                assert_eq!(of, 6);
                seen.push(index);
            }
        }
        assert_eq!(seen, [0, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn an_uneven_array_is_refused_without_a_number_of_shards() {
        for environment in
            [slurm(2, 2, 5, 1, 2), slurm(7, 1, 7, 2, 3), slurm(2, 1, 7, 2, 4), slurm(2, 2, 5, 0, 2)]
        {
            let error = of(&environment, None).unwrap_err();
            assert!(error.contains("uneven") && error.contains("auto/N"), "{error}");
        }
        assert!(of(&format!("LSB_JOBINDEX=4 {LSF}"), None).unwrap_err().contains("LSB_JOBINDEX_STEP 2"));
        assert!(of(&format!("SGE_TASK_ID=12 {SGE}"), None).unwrap_err().contains("SGE_TASK_LAST 11"));
    }

    #[test]
    fn a_system_without_an_extent_asks_for_the_number_of_shards() {
        for name in ["PBS_ARRAY_INDEX", "PBS_ARRAYID", "JOB_COMPLETION_INDEX"] {
            let error = of(&format!("{name}=3"), None).unwrap_err();
            assert!(error.contains(&format!("{name} is 3")) && error.contains("auto/N"), "{error}");
        }
        let error = of("LSB_JOBINDEX=1", None).unwrap_err();
        assert!(error.contains("LSB_JOBINDEX_END") && error.contains("missing"), "{error}");
    }

    #[test]
    fn an_index_out_of_range_is_refused() {
        assert!(of("PBS_ARRAY_INDEX=4", Some(4)).unwrap_err().contains("from 0 to 3"));
        assert!(of("SGE_TASK_ID=5", Some(4)).unwrap_err().contains("from 1 to 4"));
        assert!(of("SGE_TASK_ID=0", Some(4)).unwrap_err().contains("from 1 to 4"));
        assert!(of("PBS_ARRAY_INDEX=0", Some(0)).unwrap_err().contains("from 1"));
        assert!(of("PMI_RANK=3 PMI_SIZE=3", None).unwrap_err().contains("PMI_SIZE is 3"));
        assert!(
            of("PMI_RANK=1 PMI_SIZE=2", Some(4)).unwrap_err().contains("PMI_RANK 1 of 2 is all there is")
        );
        let huge = format!("{} PMI_RANK=0 PMI_SIZE={}", slurm(0, 0, 7, 1, 8), u64::MAX);
        assert!(of(&huge, None).unwrap_err().contains("too many"));
    }

    #[test]
    fn nothing_found_names_what_was_looked_for() {
        for environment in [
            "",
            "LSB_JOBINDEX=0",
            "SGE_TASK_ID=undefined SGE_TASK_FIRST=undefined",
            "SLURM_PROCID=0 SLURM_NTASKS=4",
            "SLURM_ARRAY_TASK_ID=",
        ] {
            let error = of(environment, None).unwrap_err();
            for name in
                ["SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX", "PMI_RANK with PMI_SIZE", "--shard K/N"]
            {
                assert!(error.contains(name), "{environment}: {error}");
            }
        }
        assert!(of("PMIX_RANK=2", None).unwrap_err().contains("PMIX_RANK is 2"));
    }

    #[test]
    fn what_is_no_number_or_comes_twice_is_refused() {
        assert!(of("PBS_ARRAY_INDEX=x", Some(2)).unwrap_err().contains("`x`"));
        let error = of("PBS_ARRAY_INDEX=1 JOB_COMPLETION_INDEX=1", Some(2)).unwrap_err();
        assert!(error.contains("PBS_ARRAY_INDEX and JOB_COMPLETION_INDEX are both set"), "{error}");
    }

    #[test]
    fn a_single_shard_is_told() {
        let launched = of(&slurm(3, 3, 3, 1, 1), None).unwrap();
        assert_eq!((launched.index, launched.of), (0, 1));
        assert_eq!(launched.by, "SLURM_ARRAY_TASK_ID 3 of 1: one shard does all the runs");
    }
}
