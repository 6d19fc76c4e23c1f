//! One process a folder.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::scenario::plain;

/// Name of the file that is locked.
pub const LOCK: &str = ".lock";

/// The right to write into a folder, given back when dropped; the system takes it from a process that dies.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    _file: File,
}

/// Why a folder cannot be had.
#[derive(Debug)]
pub enum Locked {
    /// Another process has it: what it wrote of itself.
    Taken(String),
    Refused(io::Error),
}

impl Lock {
    /// Takes a folder that exists.
    ///
    /// # Errors
    /// [`Locked`]. A file system without locks is no reason: there two processes are not kept apart. A link is refused: who
    /// set it has somebody else's file changed.
    pub fn take(folder: &Path) -> Result<Lock, Locked> {
        let path = folder.join(LOCK);
        loop {
            if let Ok(metadata) = fs::symlink_metadata(&path) {
                plain(&metadata).map_err(Locked::Refused)?;
            }
            let mut options = OpenOptions::new();
            let mut file = options
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .open(&path)
                .map_err(Locked::Refused)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    let mut owner = String::new();
                    let _ = file.read_to_string(&mut owner);
                    return Err(Locked::Taken(owner.trim().to_string()));
                }
                Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
                Err(TryLockError::Error(error)) => return Err(Locked::Refused(error)),
            }
            // Between opening and locking its last owner may have removed the file: then it guards nothing.
            if !is_at(&file, &path) {
                continue;
            }
            let owner = format!("process {} on {}", std::process::id(), host().unwrap_or("?".into()));
            let written = file.set_len(0).and_then(|()| file.write_all(owner.as_bytes()));
            return match written {
                Ok(()) => Ok(Lock { path, _file: file }),
                Err(error) => Err(Locked::Refused(error)),
            };
        }
    }

    /// Whether a process has the folder at present.
    pub fn is_taken(folder: &Path) -> bool {
        let path = folder.join(LOCK);
        if !fs::metadata(&path).is_ok_and(|metadata| metadata.is_file()) {
            return false;
        }
        let Ok(file) = File::open(path) else { return false };
        matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
    }

    /// Gives the folder back before the process ends without dropping anything.
    pub fn release(&self) {
        let _ = fs::remove_file(&self.path);
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        self.release();
    }
}

/// Name of this machine.
pub fn host() -> Option<String> {
    let name =
        fs::read_to_string("/proc/sys/kernel/hostname").ok().or_else(|| std::env::var("HOSTNAME").ok());
    name.map(|name| name.trim().to_string()).filter(|name| !name.is_empty())
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let place = |metadata: &fs::Metadata| (metadata.dev(), metadata.ino());
    matches!((file.metadata(), fs::symlink_metadata(path)), (Ok(ref a), Ok(ref b)) if place(a) == place(b))
}

#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_one_owner_and_keeps_no_trace_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let lock = Lock::take(folder.path()).unwrap();
        assert!(Lock::is_taken(folder.path()));
        match Lock::take(folder.path()) {
            Err(Locked::Taken(owner)) => assert!(owner.contains(&std::process::id().to_string()), "{owner}"),
            other => panic!("{other:?}"),
        }
        drop(lock);
        assert!(!Lock::is_taken(folder.path()));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        Lock::take(folder.path()).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let precious = folder.path().join("precious");
        fs::write(&precious, "mine").unwrap();
        std::os::unix::fs::symlink(&precious, folder.path().join(LOCK)).unwrap();
        assert!(matches!(Lock::take(folder.path()), Err(Locked::Refused(_))));
        assert_eq!(fs::read(&precious).unwrap(), b"mine");
    }
}
