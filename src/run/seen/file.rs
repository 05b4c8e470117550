//! A file of seen assertions, which several processes may use at once: read and appended to under a lock, never rewritten.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::{Key, record};
use crate::limits::SEEN_BYTES;
use crate::report::Earlier;

/// The file, and how much of it is known.
pub(super) struct SeenFile {
    path: PathBuf,
    file: File,
    /// Bytes that were read or written.
    known: u64,
    /// Lines in them.
    lines: usize,
    /// Bytes that it may have.
    limit: usize,
}

/// The file while nobody else may use it.
pub(super) struct Locked<'f>(&'f mut SeenFile);

impl SeenFile {
    /// Opens the file, or creates it.
    ///
    /// # Errors
    /// The sentence to print when it cannot be used.
    pub(super) fn open(path: &Path) -> Result<Self, String> {
        let opened = OpenOptions::new().read(true).append(true).create(true).open(path);
        let failed = |error: io::Error| {
            let path = path.display();
            format!(
                "{path}: cannot be opened for reading and appending: {error}; check the path and its permissions"
            )
        };
        let file = opened.map_err(failed)?;
        if !file.metadata().map_err(failed)?.is_file() {
            return Err(format!("{}: is no regular file; name another one", path.display()));
        }
        let path = path.to_owned();
        Ok(Self { path, file, known: 0, lines: 0, limit: SEEN_BYTES })
    }

    #[cfg(test)]
    pub(super) fn limited(path: &Path, limit: usize) -> Result<Self, String> {
        Ok(Self { limit, ..Self::open(path)? })
    }

    /// Waits until no other process uses it.
    ///
    /// # Errors
    /// The sentence to print when it cannot be locked.
    pub(super) fn lock(&mut self) -> Result<Locked<'_>, String> {
        match self.file.lock() {
            Ok(()) => Ok(Locked(self)),
            Err(error) => Err(format!(
                "{}: cannot be locked: {error}; choose a place on a local disk",
                self.path.display()
            )),
        }
    }
}

impl Locked<'_> {
    /// What stands in it since the last time.
    ///
    /// # Errors
    /// The sentence to print when it cannot be read, or is not what was written.
    pub(super) fn news(&mut self) -> Result<Vec<(Key, Earlier)>, String> {
        let bytes = self.unread().map_err(|error| self.failed("read", &error))?;
        let length = self.0.known.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if !self.fits(length) {
            return Err(self.too_long());
        }
        let mut news = Vec::new();
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.0.lines += 1;
            let Some(line) = line.strip_suffix(b"\n") else {
                return Err(self.corrupt("it has no line feed at its end, so it was cut off"));
            };
            if self.0.lines == 1 {
                record::check_header(line).map_err(|what| self.corrupt(&what))?;
            } else {
                news.push(record::read(line).map_err(|what| self.corrupt(&what))?);
            }
        }
        self.0.known = length;
        Ok(news)
    }

    /// At most one byte more than the limit, so that nothing is kept of a file that is too long.
    fn unread(&mut self) -> io::Result<Vec<u8>> {
        let SeenFile { file, known, limit, .. } = &mut *self.0;
        if file.metadata()?.len() < *known {
            return Err(io::Error::other("it has become shorter meanwhile"));
        }
        file.seek(SeekFrom::Start(*known))?;
        let most = u64::try_from(*limit).unwrap_or(u64::MAX).saturating_add(1);
        let mut bytes = Vec::new();
        file.take(most.saturating_sub(*known)).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Adds whole lines behind those that are known, in one write, and waits until they are on the disk.
    ///
    /// # Errors
    /// The sentence to print when they cannot be written.
    pub(super) fn append(&mut self, lines: &[Vec<u8>]) -> Result<(), String> {
        let failed = |error: io::Error| self.failed("written", &error);
        let mut bytes = Vec::new();
        if self.0.lines == 0 {
            bytes.extend(record::header().map_err(|error| failed(error.into()))?);
        }
        bytes.extend(lines.iter().flatten());
        if bytes.is_empty() {
            return Ok(());
        }
        let length = self.0.known.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if !self.fits(length) {
            return Err(self.too_long());
        }
        let written = self.0.file.write_all(&bytes).and_then(|()| self.0.file.sync_all());
        written.map_err(|error| self.failed("written", &error))?;
        self.0.known = length;
        self.0.lines += bytes.iter().filter(|byte| **byte == b'\n').count();
        Ok(())
    }

    fn fits(&self, length: u64) -> bool {
        usize::try_from(length).is_ok_and(|length| length <= self.0.limit)
    }

    fn failed(&self, what: &str, error: &io::Error) -> String {
        let path = self.0.path.display();
        format!("{path}: cannot be {what}: {error}; check the file and its disk, or name another")
    }

    fn too_long(&self) -> String {
        let (path, limit) = (self.0.path.display(), self.0.limit);
        format!(
            "{path}: would have more than {limit} bytes (seen_bytes); keep it and name a new file"
        )
    }

    fn corrupt(&self, what: &str) -> String {
        let (path, line) = (self.0.path.display(), self.0.lines);
        format!(
            "{path}: line {line}: {what}; the file was left as it is: correct it, remove that line, or name another file"
        )
    }
}

impl Drop for Locked<'_> {
    /// Closing the file unlocks it in any case.
    fn drop(&mut self) {
        self.0.file.unlock().ok();
    }
}
