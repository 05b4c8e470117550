//! What is told beside the conclusion: why the checks failed, and what the capture shows around the message. The verdict was reached before, and
//! nothing here touches it.

use super::{Earlier, Report};
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

    /// The same, for what shows only across the messages of a run.
    pub(crate) fn diagnoses_mut(&mut self) -> &mut Vec<Diagnosis> {
        &mut self.diagnoses
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

    /// Issuer and ID of the assertion, by which it is known again.
    ///
    /// Choice: only when a verified signature covers them. An ID that nobody signed proves nothing: whoever sends a message could have
    /// another one taken for a replay by it. The issuer belongs to it, as each issuer makes its own IDs (saml-core-2.0 §1.3.4).
    pub(crate) fn signed_assertion(&self) -> Option<(&str, &str)> {
        let assertion = self.message()?.assertion().filter(|_| self.is_signed())?;
        let issuer = assertion.issuer.as_ref()?.value.text.as_str();
        Some((issuer, assertion.id.as_deref()?))
    }

    /// Adds where its assertion was judged before. The verdict stays what it is.
    pub(crate) fn set_earlier(&mut self, earlier: Earlier) {
        let id = self.assertion_id().unwrap_or_default();
        let diagnosis = diagnosis::replayed(id, &earlier);
        self.diagnoses.push(diagnosis);
        self.parts.provenance.earlier = Some(earlier);
    }
}
