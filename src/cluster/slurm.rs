//! Job scripts for Slurm: an array with one task a shard and the merge behind it, or one job of MPI ranks.
//!
//! Texts only. Every path in them is absolute, so that a script means the same wherever it is submitted.

use super::{TimeLimit, quoted};

/// Stands in the head of every file, which tells it from somebody else's.
pub const SIGNATURE: &str = "Written by `riskband slurm`";

/// What a job is made of. Paths are absolute and have no control characters.
#[derive(Clone, Debug)]
pub struct Job {
    /// The riskband program; `RISKBAND` in the environment of the job goes before it.
    pub program: String,
    /// Working directory.
    pub directory: String,
    pub scenario: String,
    /// Name of the scenario.
    pub name: String,
    /// Folder of the results.
    pub out: String,
    /// Shards, or MPI ranks.
    pub tasks: u64,
    /// Words for `riskband run` beside the scenario, its folder and its shard.
    pub options: Vec<String>,
    /// Words for whichever command writes the results: its files, percentiles and tail means.
    pub formats: Vec<String>,
    pub asks: Asks,
}

/// What a job asks of Slurm.
#[derive(Clone, Debug)]
pub struct Asks {
    pub time: Option<TimeLimit>,
    /// Memory of a task, or of a node with MPI, as Slurm writes it.
    pub memory: Option<String>,
    pub partition: Option<String>,
    pub account: Option<String>,
    /// Processors of a task.
    pub cpus: usize,
}

impl Job {
    /// The array: each task makes one shard and goes on from its checkpoint.
    pub fn array(&self) -> String {
        let last = self.tasks - 1;
        let mut head = self.head(&format!("riskband-{}", self.name), "%A_%a.log", self.asks.cpus);
        head.push(format!("array=0-{last}"));
        head.push(self.signal());
        format!(
            "{}\n{TIME}{}{WAIT}{}",
            sbatch(&format!("{} shards of {}, a task each.", self.tasks, self.name), &head),
            self.command(
                "",
                &format!("run {} --shard auto/{} --resume", quoted(&self.scenario), self.tasks),
                &self.options
            ),
            REQUEUE
        )
    }

    /// The job behind the array: one result from all shards.
    pub fn merge(&self) -> String {
        let head = self.head(&format!("riskband-{}-merge", self.name), "merge-%j.log", 1);
        let folder = quoted(&self.out);
        let words = words(&self.formats);
        format!(
            "{}\nriskband={}\nexec \"${{RISKBAND:-$riskband}}\" merge {folder}{words} --out {folder}\n",
            sbatch(&format!("The result from all shards of {}.", self.name), &head),
            quoted(&self.program),
        )
    }

    /// One job of MPI ranks, of which the first writes the result.
    pub fn mpi(&self) -> String {
        let mut head = self.head(&format!("riskband-{}", self.name), "%j.log", self.asks.cpus);
        head.push(format!("ntasks={}", self.tasks));
        head.push(self.signal());
        let options: Vec<String> = self.options.iter().chain(&self.formats).cloned().collect();
        format!(
            "{}\n{}{}{WAIT}exit \"$code\"\n",
            sbatch(&format!("{} in {} MPI ranks.", self.name, self.tasks), &head),
            MPI_TIME.replace("SECONDS", &(self.warning() / 2).min(15).to_string()),
            self.command(
                "mpirun -n \"$SLURM_NTASKS\" --bind-to none ",
                &format!("run {} --mpi --resume", quoted(&self.scenario)),
                &options
            )
        )
    }

    /// Submits the array and the merge behind it.
    pub fn submit_array(&self) -> String {
        let (array, merge) = (self.file("array.sbatch"), self.file("merge.sbatch"));
        format!(
            r#"#!/usr/bin/env bash
# Submits the array and, behind it, the merge; prints both job numbers. {SIGNATURE}.
# Arguments go to the array: `submit.sh --array=2,5` makes two shards again, then merges.
set -euo pipefail
array=$(sbatch --parsable "$@" {})
array=${{array%%;*}}
echo "array $array"
merge=$(sbatch --parsable --dependency="afterok:$array" --kill-on-invalid-dep=yes {})
echo "merge ${{merge%%;*}}"
"#,
            quoted(&array),
            quoted(&merge)
        )
    }

    /// Submits the MPI job.
    pub fn submit_mpi(&self) -> String {
        format!(
            r#"#!/usr/bin/env bash
# Submits the job and prints its number. Arguments go to sbatch. {SIGNATURE}.
set -euo pipefail
job=$(sbatch --parsable "$@" {})
echo "job ${{job%%;*}}"
"#,
            quoted(&self.file("mpi.sbatch"))
        )
    }

    /// Path of a file in the folder of the results.
    pub fn file(&self, name: &str) -> String {
        format!("{}/{name}", self.out.trim_end_matches('/'))
    }

    /// What every script asks of Slurm.
    fn head(&self, name: &str, log: &str, cpus: usize) -> Vec<String> {
        // `%` starts a placeholder in the name of a log.
        let logs = self.file("logs").replace('%', "%%");
        let mut asks = vec![
            format!("job-name={}", directive(name)),
            format!("chdir={}", directive(&self.directory)),
            format!("output={}", directive(&format!("{logs}/{log}"))),
            "open-mode=append".into(),
            "requeue".into(),
            format!("cpus-per-task={cpus}"),
        ];
        let mut ask = |word: &str, value: Option<String>| {
            asks.extend(value.map(|value| format!("{word}={}", directive(&value))));
        };
        ask("time", self.asks.time.as_ref().map(ToString::to_string));
        ask("mem", self.asks.memory.clone());
        ask("partition", self.asks.partition.clone());
        ask("account", self.asks.account.clone());
        asks
    }

    fn warning(&self) -> u64 {
        self.asks.time.as_ref().map_or(TimeLimit::unknown_warning(), TimeLimit::warning)
    }

    fn signal(&self) -> String {
        format!("signal=B:USR1@{}", self.warning())
    }

    /// Starts riskband behind `launcher` and keeps its number.
    fn command(&self, launcher: &str, what: &str, options: &[String]) -> String {
        format!(
            "riskband={}\n{launcher}\"${{RISKBAND:-$riskband}}\" {what}{} \\\n    \
             --threads \"${{SLURM_CPUS_PER_TASK:-1}}\" --out {} &\nchild=$!\n",
            quoted(&self.program),
            words(options),
            quoted(&self.out)
        )
    }
}

/// What the end of the time does to a task of the array.
const TIME: &str = r#"# USR1 comes from Slurm shortly before the time is up, to this shell alone: riskband is told to stop.
# TERM (scancel, preemption) reaches riskband by itself; the shell only waits for its end.
limit='' again=''
trap 'limit=1 again=1; kill -TERM "$child"' USR1
trap 'again=1' TERM INT
"#;

/// What the end of the time does to MPI ranks. mpirun hands USR1 on; TERM it follows by KILL.
const MPI_TIME: &str = r#"# When a rank is lost the others have this many seconds for their checkpoints, instead of one.
export OMPI_MCA_odls_base_sigkill_timeout="${OMPI_MCA_odls_base_sigkill_timeout:-10}"
# USR1 comes from Slurm shortly before the time is up, to this shell alone. mpirun hands it on to the ranks, which write
# their checkpoints and go on; after SECONDS seconds the job is queued again, which ends it.
requeue() {
    again=1
    kill -USR1 "$child"
    sleep SECONDS
    if kill -0 "$child" 2> /dev/null; then
        echo 'the time is nearly up: queued again, to go on from the checkpoints'
        scontrol requeue "$SLURM_JOB_ID"
    fi
}
again=''
trap requeue USR1
trap 'again=1' TERM INT
"#;

/// Waits for the child through signals; `code` is how it ended.
const WAIT: &str = r#"while :; do
    wait "$child"; code=$?
    # A trap ends `wait` early; the child has not ended then.
    [ -n "$again" ] || break
    again=''
done
"#;

/// Queues a task again that stopped because its time was up. 143: it was stopped before it listened to signals.
const REQUEUE: &str = r#"if [ -n "$limit" ] && { [ "$code" = 3 ] || [ "$code" = 143 ]; }; then
    echo 'the time is nearly up: queued again, to go on from the checkpoint'
    scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}"
fi
exit "$code"
"#;

/// The first lines of a script.
fn sbatch(title: &str, asks: &[String]) -> String {
    let mut text = format!("#!/usr/bin/env bash\n# {title} {SIGNATURE}.\n");
    for ask in asks {
        text.push_str(&format!("#SBATCH --{ask}\n"));
    }
    text
}

/// A value on an `#SBATCH` line, which Slurm reads by its own rules: plain, or in double quotes.
fn directive(value: &str) -> String {
    if is_plain(&value.replace('%', "")) {
        return value.into();
    }
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Whether every character stands for itself.
fn is_plain(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || "/._-+,:@=".contains(c))
}

/// Words for the shell, each behind a space.
fn words(options: &[String]) -> String {
    options.iter().map(|word| format!(" {}", quoted(word))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(out: &str) -> Job {
        Job {
            program: "/opt/risk band/riskband".into(),
            directory: "/data/it's here".into(),
            scenario: "/data/시장.toml".into(),
            name: "시장".into(),
            out: out.into(),
            tasks: 8,
            options: ["--runs", "1000000", "--set=note='a b'"].map(String::from).into(),
            formats: ["--format", "csv,json"].map(String::from).into(),
            asks: Asks {
                time: Some("1:00:00".parse().unwrap()),
                memory: Some("4G".into()),
                partition: None,
                account: Some("risk".into()),
                cpus: 2,
            },
        }
    }

    #[track_caller]
    fn assert_has(text: &str, part: &str) {
        assert!(text.contains(part), "no {part} in\n{text}");
    }

    #[test]
    fn values_of_directives_are_in_double_quotes() {
        assert_eq!(directive("/a/%A_%a.log"), "/a/%A_%a.log");
        assert_eq!(directive(r#"it's "q" \ $x"#), r#""it's \"q\" \\ $x""#);
    }

    #[test]
    fn the_array_has_a_task_a_shard_and_is_queued_again_at_the_end_of_its_time() {
        let text = job("/data/50% of it").array();
        for line in [
            "#SBATCH --array=0-7",
            "#SBATCH --chdir=\"/data/it's here\"",
            "#SBATCH --output=\"/data/50%% of it/logs/%A_%a.log\"",
            "#SBATCH --open-mode=append",
            "#SBATCH --requeue",
            "#SBATCH --cpus-per-task=2",
            "#SBATCH --time=1:00:00",
            "#SBATCH --mem=4G",
            "#SBATCH --account=risk",
            "#SBATCH --signal=B:USR1@60",
            "riskband='/opt/risk band/riskband'",
        ] {
            assert!(text.lines().any(|found| found == line), "no {line} in\n{text}");
        }
        assert_has(
            &text,
            r"run /data/시장.toml --shard auto/8 --resume --runs 1000000 '--set=note='\''a b'\'''",
        );
        assert_has(&text, "--out '/data/50% of it' &");
        assert_has(&text, "scontrol requeue \"${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}\"");
        assert!(!text.contains("--format") && !text.contains("--partition"), "{text}");
    }

    #[test]
    fn the_merge_waits_for_the_whole_array() {
        let job = job("/data/out");
        assert_has(&job.merge(), "merge /data/out --format csv,json --out /data/out\n");
        assert_has(&job.submit_array(), "\"$@\" /data/out/array.sbatch)");
        let merge = "--dependency=\"afterok:$array\" --kill-on-invalid-dep=yes /data/out/merge.sbatch";
        assert_has(&job.submit_array(), merge);
    }

    #[test]
    fn mpi_is_one_job_without_shards() {
        let text = job("/data/out").mpi();
        assert_has(&text, "#SBATCH --ntasks=8\n");
        assert_has(&text, "mpirun -n \"$SLURM_NTASKS\" --bind-to none \"${RISKBAND:-$riskband}\" run");
        assert_has(&text, "--mpi --resume --runs 1000000");
        assert_has(&text, "    sleep 15\n");
        assert_has(&text, "export OMPI_MCA_odls_base_sigkill_timeout=");
        assert_has(&text, "--format csv,json");
        assert!(!text.contains("--array") && !text.contains("--shard"), "{text}");
    }
}
