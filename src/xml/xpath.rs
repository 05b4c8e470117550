//! Where an element is, in words a person can follow: `/samlp:Response/saml:Assertion/saml:Subject`.

use super::element::Element;

/// The prefixes that the specifications use for their own namespaces, whatever the document chose.
const CONVENTIONAL: [(&str, &str); 5] = [
    ("samlp", "urn:oasis:names:tc:SAML:2.0:protocol"),
    ("saml", "urn:oasis:names:tc:SAML:2.0:assertion"),
    ("ds", "http://www.w3.org/2000/09/xmldsig#"),
    ("xenc", "http://www.w3.org/2001/04/xmlenc#"),
    ("md", "urn:oasis:names:tc:SAML:2.0:metadata"),
];

impl Element<'_> {
    /// The path from the root, with conventional prefixes and a position only among siblings of one name.
    pub fn xpath(self) -> String {
        let mut path: Vec<Self> = std::iter::successors(Some(self), |e| e.parent()).collect();
        path.reverse();
        let mut text = String::new();
        for element in path {
            text.push('/');
            let conventional = CONVENTIONAL.iter().find(|(_, name)| *name == element.namespace());
            let prefix = conventional.map_or(element.prefix(), |(prefix, _)| prefix);
            if !prefix.is_empty() {
                text.push_str(prefix);
                text.push(':');
            }
            text.push_str(element.local_name());
            if let Some(position) = position(element) {
                text.push_str(&format!("[{position}]"));
            }
        }
        text
    }
}

/// Its number among its siblings of one name, from 1; `None` when it is the only one.
fn position(element: Element<'_>) -> Option<usize> {
    let mut named_alike = 0;
    let mut position = 0;
    for sibling in element.parent()?.children().filter(|sibling| sibling.is_named_like(element)) {
        named_alike += 1;
        if sibling == element {
            position = named_alike;
        }
    }
    (named_alike > 1).then_some(position)
}

#[cfg(test)]
mod tests {
    use crate::limits::Limits;
    use crate::xml::Document;

    #[test]
    fn conventional_prefixes_replace_the_documents_own() {
        let text = "<Response xmlns='urn:oasis:names:tc:SAML:2.0:protocol' xmlns:a='urn:oasis:names:tc:SAML:2.0:assertion' \
                    xmlns:x='urn:x'><a:Assertion><a:Attribute/><x:Attribute/><a:Attribute/><y xmlns=''/></a:Assertion></Response>";
        let document = Document::parse(text.to_owned(), &Limits::default()).unwrap();
        let paths: Vec<_> = document.elements().map(|element| element.xpath()).collect();
        assert_eq!(
            paths,
            [
                "/samlp:Response",
                "/samlp:Response/saml:Assertion",
                "/samlp:Response/saml:Assertion/saml:Attribute[1]",
                "/samlp:Response/saml:Assertion/x:Attribute",
                "/samlp:Response/saml:Assertion/saml:Attribute[2]",
                "/samlp:Response/saml:Assertion/y",
            ]
        );
    }
}
