//! The attacker's knife: changes to a message's text, placed by the elements of the untouched document.

use samlcheck::xml::{Element, Span};

/// Changes to one text, collected and made in one go.
#[derive(Clone)]
pub(super) struct Edit<'t> {
    text: &'t str,
    pieces: Vec<(usize, usize, String)>,
}

impl<'t> Edit<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, pieces: Vec::new() }
    }

    fn piece(mut self, start: usize, end: usize, markup: impl Into<String>) -> Self {
        self.pieces.push((start, end, markup.into()));
        self
    }

    fn span(self, span: Span, markup: impl Into<String>) -> Self {
        self.piece(span.start, span.end, markup)
    }

    /// Puts markup in front of an element.
    pub(super) fn before(self, element: Element<'_>, markup: &str) -> Self {
        let start = element.span().start;
        self.piece(start, start, markup)
    }

    /// Puts markup behind an element.
    pub(super) fn after(self, element: Element<'_>, markup: &str) -> Self {
        let end = element.span().end;
        self.piece(end, end, markup)
    }

    /// Puts something else in an element's place.
    pub(super) fn replace(self, element: Element<'_>, markup: impl Into<String>) -> Self {
        self.span(element.span(), markup)
    }

    /// Takes an element out.
    pub(super) fn remove(self, element: Element<'_>) -> Self {
        self.replace(element, "")
    }

    /// Gives an element another content.
    pub(super) fn content(self, element: Element<'_>, markup: &str) -> Self {
        let source = source(self.text, element);
        match source.strip_suffix("/>") {
            Some(open) => {
                let whole = format!("{open}>{markup}</{}>", element.name());
                self.replace(element, whole)
            }
            None => self.span(element.content_span(), markup),
        }
    }

    /// Puts markup in front of an element's content.
    pub(super) fn first_in(self, element: Element<'_>, markup: &str) -> Self {
        let content = format!("{markup}{}", inside(self.text, element));
        if content.len() == markup.len() {
            return self.content(element, markup);
        }
        let start = element.content_span().start;
        self.piece(start, start, markup)
    }

    /// Puts markup at the end of an element's content.
    pub(super) fn last_in(self, element: Element<'_>, markup: &str) -> Self {
        if inside(self.text, element).is_empty() {
            return self.content(element, markup);
        }
        let end = element.content_span().end;
        self.piece(end, end, markup)
    }

    /// Adds markup inside the start tag: attributes, declarations.
    pub(super) fn in_tag(self, element: Element<'_>, markup: &str) -> Self {
        let at = element.span().start + 1 + element.name().len();
        self.piece(at, at, format!(" {markup}"))
    }

    /// Writes an attribute anew, `markup` being the whole of it; adds it when it is not there.
    pub(super) fn attribute(self, element: Element<'_>, name: &str, markup: &str) -> Self {
        match element.attributes().find(|attribute| attribute.name() == name) {
            Some(attribute) => self.span(attribute.span(), markup),
            None => self.in_tag(element, markup),
        }
    }

    /// The changed text.
    pub(super) fn text(mut self) -> String {
        self.pieces.sort_by_key(|(start, end, _)| (*start, *end));
        let mut out = String::new();
        let mut at = 0;
        for (start, end, markup) in self.pieces {
            assert!(start >= at, "two changes in one place");
            out.push_str(&self.text[at..start]);
            out.push_str(&markup);
            at = end;
        }
        out.push_str(&self.text[at..]);
        out
    }

    /// The changed message.
    pub(super) fn done(self) -> Option<Vec<u8>> {
        Some(self.text().into_bytes())
    }
}

/// An element as it is written.
pub(super) fn source<'t>(text: &'t str, element: Element<'_>) -> &'t str {
    let span = element.span();
    &text[span.start..span.end]
}

/// What stands between an element's tags.
pub(super) fn inside<'t>(text: &'t str, element: Element<'_>) -> &'t str {
    let span = element.content_span();
    &text[span.start..span.end]
}
