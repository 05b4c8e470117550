//! `validate`: judges every input, writes the reports, and answers the highest exit code of them.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::copies::Copies;
use super::input::{Met, Walk};
use super::messages::{self, Asked, Numbered, Source};
use super::redacted::Redaction;
use super::seen::Seen;
use super::{NO_MESSAGE, NOTHING, Stop, USAGE, World, around, configuration, key, list, output};
use crate::cli::{self, Validate};
use crate::config::{Configuration, DecryptionKey};
use crate::decode::{InputError, InputErrorKind};
use crate::diagnosis::ClockCourse;
use crate::input::{Broken, Capture, Captured};
use crate::redact;
use crate::render::{self, Detail, Format, Renderer, Style};
use crate::report::{Provenance, Report};
use crate::validate::{Options, Trouble, unreadable, validate_captured};
use crate::what_if::what_if;

pub(super) fn validate(request: Validate, world: &mut World<'_>) -> Result<u8, Stop> {
    if request.inputs.is_empty() && world.stdin_is_terminal {
        let help = cli::command().render_help();
        world.tell(&help.to_string());
        world.complain(&"no input; name a file or a directory, or pipe a response into samlcheck");
        return Ok(USAGE);
    }
    meant_as_command(&request.inputs)?;
    if request.list {
        return list::list(&request, world);
    }
    let configured = configuration::choose(&request, world)?;
    let seen = Seen::open(request.seen.as_deref(), world.clock).map_err(Stop::Usage)?;
    let verbose = matches!(request.detail, Some(Detail::Verbose | Detail::VeryVerbose));
    if verbose {
        world.tell(&format!("configuration: {}", configured.origin));
    }
    let inputs = match request.inputs.as_slice() {
        [] => vec![PathBuf::from("-")],
        inputs => inputs.to_vec(),
    };
    // Choice: what is to be shared is plain, for colours would cut values in two.
    let color = output::color(request.color, world) && !request.redact;
    let writing = request.detail.map(|detail| Writing {
        format: request.format,
        style: output::style(color, detail, world),
        renderer: None,
    });
    let mut configuration = configured.configuration;
    let service_provider = request.service_provider.as_deref();
    key::unlock(keys_of(&mut configuration, service_provider), world)?;
    let may_ask = world.stdin_is_terminal && !inputs.iter().any(|input| input.as_os_str() == "-");
    let options = Options {
        at: request.at,
        clock: world.clock,
        service_provider: request.service_provider,
        engine: request.engine,
        limits: request.limits.over(configuration.limits),
    };
    let redaction = request.redact.then(|| Redaction::new(Some(&configuration), options.limits));
    let mut run = Run {
        world,
        configuration,
        options,
        asked: Asked { format: request.input_format, only: request.only },
        writing,
        redaction,
        seen,
        copies: Copies::default(),
        clocks: ClockCourse::default(),
        what_if: request.what_if,
        verbose,
        may_ask,
        highest: 0,
        judged: 0,
        passed_over: 0,
    };
    let several = inputs.len() > 1 || inputs.iter().any(|input| input.is_dir());
    if several {
        run.begin(true);
    }
    for path in inputs {
        run.input(&path)?;
    }
    run.finish()
}

/// How reports are written, and the writer once it is known whether there are several.
struct Writing {
    format: Format,
    style: Style,
    renderer: Option<Box<dyn Renderer>>,
}

/// An input that is named like a command and is not there was meant as one.
fn meant_as_command(inputs: &[PathBuf]) -> Result<(), Stop> {
    let definition = cli::command();
    let named = |input: &&PathBuf| {
        let name = input.to_str().unwrap_or_default();
        (name == "help" || definition.find_subcommand(name).is_some()) && !input.exists()
    };
    match inputs.iter().find(named) {
        Some(input) => Err(Stop::Usage(format!(
            "{0}: there is no such file; a command stands before all options: samlcheck {0} …",
            input.display()
        ))),
        None => Ok(()),
    }
}

/// One run over all inputs.
struct Run<'r, 'w> {
    world: &'r mut World<'w>,
    configuration: Configuration,
    options: Options,
    asked: Asked,
    /// Absent with `-qq`.
    writing: Option<Writing>,
    /// Replaces personal values in what is written.
    redaction: Option<Redaction>,
    /// Which assertions were judged before.
    seen: Seen,
    /// Intact messages, to hold altered copies of them against.
    copies: Copies,
    /// How the logins of each identity provider are to its clock.
    clocks: ClockCourse,
    /// Whether it is told what would have to change.
    what_if: bool,
    verbose: bool,
    /// Whether somebody sits at a terminal that is not the input.
    may_ask: bool,
    /// The highest exit code so far.
    highest: u8,
    /// Messages that were judged.
    judged: usize,
    /// Files of directories that hold no message.
    passed_over: usize,
}

impl Run<'_, '_> {
    fn input(&mut self, path: &Path) -> Result<(), Stop> {
        if !path.is_dir() {
            return self.file(path, false);
        }
        for met in Walk::of(path) {
            match met {
                Met::File(path) => self.file(&path, true)?,
                Met::Unreadable(path, error) => {
                    self.unreadable(&messages::unreadable(&path.display().to_string(), &error));
                }
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &Path, of_directory: bool) -> Result<(), Stop> {
        let limits = self.options.limits;
        let source = match Source::read(path, self.asked, &limits, self.world) {
            Ok(source) => source,
            Err(error) => {
                self.unreadable(&error);
                return Ok(());
            }
        };
        let reports = match &source.held {
            Ok(capture) => self.judge(capture, &source.origin)?,
            Err(error) => {
                let provenance = Provenance::default();
                vec![unreadable(error.clone(), &source.origin, provenance, &self.options)]
            }
        };
        if of_directory
            && let [report] = reports.as_slice()
            && let Some(what) = no_message(report)
        {
            self.passed_over += 1;
            if self.verbose {
                self.world.tell(&format!("passed over {}: {what}", source.origin));
            }
            return Ok(());
        }
        self.begin(reports.len() > 1);
        for report in reports {
            self.report(&report)?;
        }
        Ok(())
    }

    /// Judges the logins of one input, in order of capture, or the one message that was asked for. What else a capture holds is not
    /// judged, unless it holds no login.
    fn judge(&mut self, capture: &Capture, origin: &str) -> Result<Vec<Report>, Stop> {
        if let Some(redaction) = &mut self.redaction {
            capture.messages.iter().for_each(|message| redaction.learn(message));
        }
        let all = messages::count(capture);
        let numbered = messages::numbered(capture, self.asked.only);
        if numbered.is_empty() {
            let only = self.asked.only.unwrap_or_default();
            let held = if all == 1 { "1 message".to_owned() } else { format!("{all} messages") };
            return Err(Stop::Usage(format!(
                "{origin}: there is no message {only}: it holds {held}; --list lists them"
            )));
        }
        let mut reports = Vec::new();
        for numbered in numbered {
            let mut report = match numbered {
                Numbered::Message(_, message) => self.message(message)?,
                Numbered::Broken(_, Broken { sighting, error }) => {
                    let provenance = Provenance {
                        captured_at: sighting.at,
                        sightings: vec![sighting.clone()],
                        ..Provenance::default()
                    };
                    unreadable(error.clone(), origin, provenance, &self.options)
                }
            };
            let provenance = report.provenance_mut();
            provenance.number = (all > 1).then_some((numbered.number(), all));
            provenance.notes.clone_from(&capture.notes);
            reports.push((numbered.number(), report));
        }
        around::tell(capture, &mut reports, &self.options.limits);
        self.clocks.tell(reports.iter_mut().map(|(_, report)| report));
        self.copies.tell(capture, &mut reports, &self.configuration, &self.options.limits);
        let reports = reports.into_iter().map(|(_, report)| report);
        let (others, logins): (Vec<_>, Vec<_>) =
            reports.partition(|report| matches!(report.trouble(), Some(Trouble::NotALogin(_))));
        let mut reports = if logins.is_empty() { others } else { logins };
        self.seen.tell(&mut reports).map_err(Stop::Usage)?;
        Ok(reports)
    }

    fn message(&mut self, message: &Captured) -> Result<Report, Stop> {
        let mut report = validate_captured(message, &self.configuration, &self.options);
        if self.may_ask && self.unlock_for(&report)? {
            report = validate_captured(message, &self.configuration, &self.options);
        }
        if self.what_if && self.writing.is_some() {
            let changes = what_if(message, &report, &self.configuration, &self.options);
            report.set_what_if(changes);
        }
        Ok(report)
    }

    /// Makes the writer, once it is known whether it will write several reports.
    fn begin(&mut self, several: bool) {
        if let Some(Writing { format, style, renderer }) = &mut self.writing {
            renderer.get_or_insert_with(|| render::renderer(*format, *style, several));
        }
    }

    fn report(&mut self, report: &Report) -> Result<(), Stop> {
        self.judged += usize::from(report.message().is_some());
        self.highest = self.highest.max(report.exit_code());
        let is_copy =
            report.parts().document.as_ref().map(|document| redact::is_redacted(document.text()));
        if is_copy == Some(true) && self.writing.is_some() {
            self.world.tell(&format!(
                "{}: this is a redacted copy, in which no signature can verify; a comment in it tells the verdict on the original",
                report.parts().origin
            ));
        }
        if let Some(Writing { renderer: Some(renderer), format, .. }) = &mut self.writing {
            if let Some(redaction) = &mut self.redaction {
                let mut page = Vec::new();
                renderer.report(report, &mut page)?;
                if let Some(document) = report.document() {
                    redaction.learn_text(document.text());
                }
                self.world.stdout.write_all(redaction.apply(&page, *format)?.as_bytes())?;
            } else {
                renderer.report(report, &mut self.world.stdout)?;
            }
            // A reader of many reports wants each as soon as it is there.
            self.world.stdout.flush()?;
        }
        Ok(())
    }

    /// Asks for the passphrases of the keys that may open what stays encrypted; answers whether there were any. Not before a
    /// message needs them: most do not.
    fn unlock_for(&mut self, report: &Report) -> Result<bool, Stop> {
        let parts = report.parts();
        let used = parts.configuration.name.as_deref().filter(|_| parts.configuration.certain);
        let name = used.or(self.options.service_provider.as_deref());
        let is_locked = keys_of(&mut self.configuration, name).any(|key| key.is_locked());
        if parts.opened.undecrypted().is_empty() || !is_locked {
            return Ok(false);
        }
        key::ask(keys_of(&mut self.configuration, name), self.world)?;
        Ok(true)
    }

    fn unreadable(&mut self, error: &str) {
        self.world.complain(&error);
        self.highest = self.highest.max(USAGE);
    }

    fn finish(mut self) -> Result<u8, Stop> {
        if let Some(Writing { renderer: Some(renderer), .. }) = &mut self.writing {
            renderer.finish(&mut self.world.stdout)?;
        }
        if self.writing.is_some() && self.passed_over > 0 {
            let files = if self.passed_over == 1 { "file" } else { "files" };
            let list = if self.verbose { "" } else { " (-v lists them)" };
            let told =
                format!("passed over {} {files} without a SAML response{list}", self.passed_over);
            self.world.tell(&told);
        }
        if self.seen.is_full {
            self.world.tell(
                "more assertions than one run remembers (seen_bytes): not every one that came twice is told; --seen FILE tells all",
            );
        }
        if self.judged > 0 {
            return Ok(self.highest);
        }
        if self.writing.is_some() {
            self.world.tell(NOTHING);
        }
        Ok(if self.highest == 0 { NO_MESSAGE } else { self.highest })
    }
}

/// The private keys of the service provider of that name, or of all.
fn keys_of<'c>(
    configuration: &'c mut Configuration,
    name: Option<&str>,
) -> impl Iterator<Item = &'c mut DecryptionKey> {
    let all = configuration.service_providers.iter_mut();
    all.filter(move |config| name.is_none_or(|name| name == config.name))
        .flat_map(|config| &mut config.decryption_keys)
}

/// What a file of a directory is when it is known to be something else than a login response. A response that is broken,
/// or over a limit, is none of these: passing it over would hide it.
fn no_message(report: &Report) -> Option<String> {
    match report.trouble()? {
        Trouble::NotALogin(unreadable) => Some(unreadable.to_string()),
        Trouble::Input(error @ InputError { kind, .. }) => match kind {
            InputErrorKind::Empty | InputErrorKind::NotSaml(_) => Some(error.to_string()),
            InputErrorKind::Limit { .. }
            | InputErrorKind::Base64(_)
            | InputErrorKind::Inflate { .. }
            | InputErrorKind::Percent { .. }
            | InputErrorKind::Utf16 { .. }
            | InputErrorKind::Json { .. }
            | InputErrorKind::Ambiguous { .. } => None,
        },
        Trouble::Xml(_) | Trouble::Encrypted(_) => None,
    }
}
