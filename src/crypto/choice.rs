//! Which engine judges signatures: `--engine`.
//!
//! Security rule 11: both where both are there. A build without the feature `xmlsec` has one engine only, and its report
//! says so.

#[cfg(feature = "xmlsec")]
use super::both::Both;
use super::engine::Engine;
use super::native::Native;
#[cfg(feature = "xmlsec")]
use super::xmlsec::Xmlsec;

/// Who judges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EngineChoice {
    /// Both engines, which must agree.
    #[cfg(feature = "xmlsec")]
    #[default]
    Both,
    /// Our own engine alone.
    #[cfg_attr(not(feature = "xmlsec"), default)]
    Native,
    /// libxmlsec1 alone.
    #[cfg(feature = "xmlsec")]
    Xmlsec,
}

impl EngineChoice {
    /// Every choice of this build, the default first.
    pub const ALL: &'static [Self] = &[
        #[cfg(feature = "xmlsec")]
        Self::Both,
        Self::Native,
        #[cfg(feature = "xmlsec")]
        Self::Xmlsec,
    ];

    /// The choice as an option's value has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            #[cfg(feature = "xmlsec")]
            Self::Both => "both",
            Self::Native => "native",
            #[cfg(feature = "xmlsec")]
            Self::Xmlsec => "xmlsec",
        }
    }

    /// The choice that an option names; `None` when there is none of this name in this build.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|choice| choice.name() == name)
    }

    /// The engine that was chosen.
    pub(crate) fn engine(self) -> &'static dyn Engine {
        match self {
            // Ours first: where neither can judge, its reasons are the clearer ones.
            #[cfg(feature = "xmlsec")]
            Self::Both => const { &Both::new("native and libxmlsec1", &Native, &Xmlsec) },
            Self::Native => &Native,
            #[cfg(feature = "xmlsec")]
            Self::Xmlsec => &Xmlsec,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_is_found_by_its_name_and_the_default_is_the_first() {
        for choice in EngineChoice::ALL {
            assert_eq!(EngineChoice::from_name(choice.name()), Some(*choice));
        }
        assert_eq!(EngineChoice::ALL.first(), Some(&EngineChoice::default()));
        assert_eq!(EngineChoice::from_name("none"), None);
    }

    #[test]
    fn the_names_of_the_engines_say_who_judges() {
        let names: Vec<_> = EngineChoice::ALL.iter().map(|choice| choice.engine().name()).collect();
        if cfg!(feature = "xmlsec") {
            assert_eq!(names, ["native and libxmlsec1", "native", "libxmlsec1"]);
        } else {
            assert_eq!(names, ["native"]);
        }
    }
}
