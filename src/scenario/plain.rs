//! Plain files alone are read: a pipe would be waited for, a device read until memory is gone.

use std::fs;
use std::io;
use std::path::Path;

/// The bytes of a plain file.
///
/// # Errors
/// What the system says, and that the file is of another kind.
pub fn read_plain(path: &Path) -> io::Result<Vec<u8>> {
    plain(&fs::metadata(path)?)?;
    fs::read(path)
}

/// Refuses a file that is not plain, before it is opened: to open a pipe is to wait for its other end.
///
/// # Errors
/// What it is instead.
pub fn plain(metadata: &fs::Metadata) -> io::Result<()> {
    if metadata.is_file() {
        return Ok(());
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, format!("it is {}, not a plain file", kind(metadata))))
}

#[cfg(unix)]
fn kind(metadata: &fs::Metadata) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    let kind = metadata.file_type();
    match () {
        () if kind.is_dir() => "a folder",
        () if kind.is_symlink() => "a link",
        () if kind.is_fifo() => "a pipe",
        () if kind.is_socket() => "a socket",
        () => "a device",
    }
}

#[cfg(not(unix))]
fn kind(metadata: &fs::Metadata) -> &'static str {
    if metadata.is_dir() { "a folder" } else { "something else" }
}

#[cfg(test)]
mod tests {
    use super::read_plain;

    #[test]
    fn what_is_no_plain_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let said = read_plain(folder.path()).unwrap_err().to_string();
        assert_eq!(said, "it is a folder, not a plain file");
        std::fs::write(folder.path().join("plain"), b"x").unwrap();
        assert_eq!(read_plain(&folder.path().join("plain")).unwrap(), b"x");
        assert_eq!(read_plain(&folder.path().join("none")).unwrap_err().kind(), std::io::ErrorKind::NotFound);
    }
}
