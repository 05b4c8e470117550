//! A folder of its own for each test, and the real program run in it with nothing in the environment.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command as Process, Output};

use assert_cmd::Command;
use tempfile::TempDir;

/// The moment at which most samples are judged.
pub(crate) const AT: [&str; 2] = ["--at", "2026-01-15T10:01:00Z"];

/// That moment, and more arguments.
pub(crate) fn at<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&AT, more].concat()
}

pub(crate) struct Place(TempDir);

impl Place {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A folder with the all-green sample.
    pub(crate) fn configured() -> Self {
        let place = Self::new();
        for file in ["response.b64", "samlcheck.toml", "idp.pem", "users.csv"] {
            place.copy(&format!("01-all-green/{file}"));
        }
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Copies a sample's file here and answers its content.
    pub(crate) fn copy(&self, sample: &str) -> Vec<u8> {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(sample);
        let content = fs::read(&from).unwrap();
        fs::write(self.path(from.file_name().unwrap().to_str().unwrap()), &content).unwrap();
        content
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    pub(crate) fn write(&self, name: &str, content: &str) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), content).unwrap();
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        Command::from_std(self.process(arguments))
    }

    pub(crate) fn process(&self, arguments: &[&str]) -> Process {
        let mut process = Process::new(assert_cmd::cargo::cargo_bin("samlcheck"));
        process.current_dir(self.0.path()).env_clear().args(arguments);
        process
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }
}

pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

pub(crate) fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
