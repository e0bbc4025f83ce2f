//! The XML that Amazon's services answer, as far as it is needed.

use roxmltree::{Document, Node};

/// The document, or why it is none.
///
/// # Errors
/// It is not XML, or it is cut short.
pub fn document(text: &str) -> Result<Document<'_>, String> {
    Document::parse(text).map_err(|error| format!("it is not XML: {error}"))
}

/// The first child element of this name, whatever its namespace.
pub fn child<'a, 'input>(node: Node<'a, 'input>, name: &str) -> Option<Node<'a, 'input>> {
    node.children()
        .find(|child| child.tag_name().name() == name)
}

/// The text of the child element of this name.
pub fn text<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    child(node, name).map(|child| child.text().unwrap_or(""))
}

/// The code and the words of an error.
pub fn error(body: &[u8]) -> Option<(String, String)> {
    let text = std::str::from_utf8(body).ok()?;
    let document = Document::parse(text).ok()?;
    let elements = || document.descendants().filter(Node::is_element);
    let all = |name: &'static str| {
        elements()
            .filter(move |node| node.tag_name().name() == name)
            .filter_map(|node| node.text())
            .filter(|text| !text.trim().is_empty())
    };
    let root = document.root_element().tag_name().name();
    // A refused batch may be a document of its own kind, without a code.
    let code = all("Code").next().unwrap_or(root).to_owned();
    let messages: Vec<&str> = all("Message").collect();
    if messages.is_empty() && code == root {
        return None;
    }
    Some((code.clone(), format!("{} ({code})", messages.join("; "))))
}

/// Appends a text as the content of an element.
pub fn push(xml: &mut String, element: &str, text: &str) {
    *xml += &format!("<{element}>");
    for c in text.chars() {
        match c {
            '&' => *xml += "&amp;",
            '<' => *xml += "&lt;",
            '>' => *xml += "&gt;",
            _ => xml.push(c),
        }
    }
    *xml += &format!("</{element}>");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_both_kinds_are_read() {
        let plain = b"<ErrorResponse xmlns=\"x\"><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>";
        let (code, what) = error(plain).unwrap();
        assert_eq!(
            (code.as_str(), what.as_str()),
            ("Throttling", "Rate exceeded (Throttling)")
        );
        let batch = b"<InvalidChangeBatch><Messages><Message>one</Message><Message>two</Message></Messages></InvalidChangeBatch>";
        let (code, what) = error(batch).unwrap();
        assert_eq!(
            (code.as_str(), what.as_str()),
            ("InvalidChangeBatch", "one; two (InvalidChangeBatch)")
        );
        assert_eq!(error(b"<html><body>no</body></html>"), None);
        assert_eq!(error(b"not XML"), None);
    }

    #[test]
    fn texts_are_escaped() {
        let mut xml = String::new();
        push(&mut xml, "Value", "\"a<b>&c\"");
        assert_eq!(xml, "<Value>\"a&lt;b&gt;&amp;c\"</Value>");
        assert_eq!(
            document(&xml).unwrap().root_element().text(),
            Some("\"a<b>&c\"")
        );
    }
}
