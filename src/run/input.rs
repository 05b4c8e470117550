//! Reads inputs: files, directories, standard input; never more of one than the limit allows.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Where standard input stands in reports.
pub(super) const STANDARD_INPUT: &str = "standard input";

/// Reads at most `limit` bytes and one more, which is how the decoder sees that there are too many.
pub(super) fn bounded(reader: &mut dyn Read, limit: usize) -> io::Result<Vec<u8>> {
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    reader.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads a file, as [`bounded`] does.
pub(super) fn file(path: &Path, limit: usize) -> io::Result<Vec<u8>> {
    bounded(&mut File::open(path)?, limit)
}

/// What a walk meets.
pub(super) enum Met {
    /// A file to read.
    File(PathBuf),
    /// A directory or an entry that cannot be read.
    Unreadable(PathBuf, io::Error),
}

/// The files below a directory, in order of names, without recursion: a deep tree costs memory, not the stack.
pub(super) struct Walk {
    /// What is still to be looked at, the next one last.
    pending: Vec<PathBuf>,
    /// A directory that was just opened, or failed to be.
    root: bool,
}

impl Walk {
    pub(super) fn of(directory: &Path) -> Self {
        Self { pending: vec![directory.to_owned()], root: true }
    }

    /// Puts the entries of a directory in line. Hidden ones are left out: they are editors' and tools' business.
    fn open(&mut self, directory: &Path) -> io::Result<()> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(directory)? {
            let entry = entry?;
            if !entry.file_name().as_encoded_bytes().starts_with(b".") {
                entries.push(entry.path());
            }
        }
        entries.sort_unstable_by(|a, b| b.cmp(a));
        self.pending.append(&mut entries);
        Ok(())
    }
}

impl Iterator for Walk {
    type Item = Met;

    fn next(&mut self) -> Option<Met> {
        while let Some(path) = self.pending.pop() {
            // The directory that was named may be a link; one below it could lead in a circle.
            let named = std::mem::take(&mut self.root);
            let kind = if named { fs::metadata(&path) } else { fs::symlink_metadata(&path) };
            let kind = kind.map(|metadata| metadata.file_type());
            match kind {
                Ok(kind) if kind.is_dir() => match self.open(&path) {
                    Ok(()) => {}
                    Err(error) => return Some(Met::Unreadable(path, error)),
                },
                Ok(kind) if kind.is_file() => return Some(Met::File(path)),
                Ok(kind) if kind.is_symlink() => match fs::metadata(&path) {
                    Ok(target) if target.is_file() => return Some(Met::File(path)),
                    // Neither a device nor a pipe is opened: reading one may never end.
                    Ok(_) => {}
                    Err(error) => return Some(Met::Unreadable(path, error)),
                },
                Ok(_) => {}
                Err(error) => return Some(Met::Unreadable(path, error)),
            }
        }
        None
    }
}
