//! What is told beside the conclusion: why the checks failed, and what the capture shows around the message. The verdict was reached before, and
//! nothing here touches it.

use super::Report;
use crate::diagnosis::{self, Diagnosis};
use crate::flow::Around;
use crate::what_if::Change;

impl Report {
    /// With what explains its failures. Nothing else changes.
    pub(crate) fn diagnosed(self, diagnoses: Vec<Diagnosis>) -> Self {
        Self { diagnoses, ..self }
    }

    /// What explains the failures, the first one foremost.
    #[must_use]
    pub fn diagnoses(&self) -> &[Diagnosis] {
        &self.diagnoses
    }

    /// What the capture shows around the message; nothing when it was alone.
    #[must_use]
    pub fn around(&self) -> Option<&Around> {
        self.around.as_ref()
    }

    /// The single changes with which the message would have been accepted; nothing when nobody asked.
    #[must_use]
    pub fn what_if(&self) -> Option<&[Change]> {
        self.what_if.as_deref()
    }

    /// Adds what would have to change. Nothing is changed by it.
    pub(crate) fn set_what_if(&mut self, changes: Vec<Change>) {
        self.what_if = Some(changes);
    }

    /// Adds what the capture shows around the message. The verdict stays what it is.
    pub(crate) fn set_around(&mut self, around: Around) {
        self.diagnoses.extend(diagnosis::captured(&around));
        self.around = Some(around);
    }
}
