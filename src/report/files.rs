//! Files that appear whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// What the name of a file ends with that is not whole yet.
const PART: &str = ".part";

/// Removes what writers that were killed left of files with certain names in a folder. Nobody writes there at the same time.
pub fn remove_parts(folder: &Path, of: impl Fn(&str) -> bool) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().into_string().unwrap_or_default();
        let process = name.strip_suffix(PART).and_then(|name| name.rsplit_once('.'));
        if process.is_some_and(|(name, process)| of(name) && process.parse::<u32>().is_ok()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Writes `bytes` to `path`: into a file beside it, flushed to disk, then renamed over it.
///
/// # Errors
/// What the system says; the old file, if any, is then untouched and no partial file is left.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_whole_by(path, |file| file.write_all(bytes))
}

/// The same of what `write` writes.
///
/// # Errors
/// What `write` and the system say.
pub fn write_whole_by(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}{PART}", std::process::id()));
    let part = path.with_file_name(name);
    let written = (|| {
        // What is there is left by a killed process of the same number, or a link of somebody else: it is not written to.
        let _ = fs::remove_file(&part);
        let mut file = BufWriter::new(File::create_new(&part)?);
        write(&mut file)?;
        file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        fs::rename(&part, path)
    })();
    if written.is_err() {
        // The first error is the one to tell; a partial file that cannot be removed changes nothing.
        let _ = fs::remove_file(&part);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::{remove_parts, write_whole};

    #[test]
    fn a_failed_write_leaves_the_old_file_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("summary.json");
        write_whole(&target, b"old").unwrap();
        // A folder of the same name as the target cannot be renamed over.
        let blocked = folder.path().join("blocked");
        std::fs::create_dir_all(blocked.join("inside")).unwrap();
        assert!(write_whole(&blocked, b"new").is_err());
        assert_eq!(std::fs::read(&target).unwrap(), b"old");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_replaced_and_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let (mine, target) = (folder.path().join("mine"), folder.path().join("bands.csv"));
        let part = folder.path().join(format!("bands.csv.{}.part", std::process::id()));
        std::fs::write(&mine, b"mine").unwrap();
        for link in [&target, &part] {
            std::os::unix::fs::symlink(&mine, link).unwrap();
        }
        write_whole(&target, b"new").unwrap();
        assert_eq!(
            (std::fs::read(&mine).unwrap(), std::fs::read(&target).unwrap()),
            (b"mine".into(), b"new".into())
        );
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn only_parts_of_files_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let names = ["tally.bin", "tally.bin.4711.part", "notes.part", "notes.v2.part", "notes.12.part"];
        names.iter().for_each(|name| std::fs::write(folder.path().join(name), b"").unwrap());
        remove_parts(folder.path(), |name| name == "tally.bin");
        let left = |name: &&str| folder.path().join(name).exists();
        assert_eq!(names.iter().filter(|name| left(name)).count(), 4);
        assert!(!left(&names[1]));
    }
}
