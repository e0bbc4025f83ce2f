//! The addresses of all pages, for search engines (sitemaps.org).

use std::fmt::Write;

/// No more addresses than this may stand in one file.
const MOST: usize = 50_000;
/// The file that search engines are told of.
pub(crate) const NAME: &str = "sitemap.xml";
const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// The files, by their names below an address without a slash at its end: one, or where there is more than may stand in
/// it, its parts and what lists them. `paths` start with a slash and are encoded.
pub(crate) fn files(url: &str, paths: &[String]) -> Vec<(String, String)> {
    if paths.len() <= MOST {
        return vec![(NAME.to_owned(), list("urlset", "url", url, paths))];
    }
    let part = |number| format!("/sitemap-{number}.xml");
    let parts = paths.chunks(MOST).enumerate();
    let parts: Vec<(String, String)> = parts
        .map(|(at, paths)| (part(at + 1), list("urlset", "url", url, paths)))
        .collect();
    let names: Vec<String> = parts.iter().map(|(name, _)| name.clone()).collect();
    let index = list("sitemapindex", "sitemap", url, &names);
    let parts = parts.into_iter();
    let parts = parts.map(|(name, text)| (name[1..].to_owned(), text));
    [(NAME.to_owned(), index)]
        .into_iter()
        .chain(parts)
        .collect()
}

/// Whether a path is that of one of the files, if there are so many.
pub(crate) fn is_named(path: &str) -> bool {
    let name = path.strip_prefix("/sitemap");
    let number = name.and_then(|name| name.strip_suffix(".xml"));
    number.is_some_and(|number| {
        let digits = number.strip_prefix('-').filter(|digits| !digits.is_empty());
        number.is_empty() || digits.is_some_and(|all| all.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

fn list(all: &str, each: &str, url: &str, paths: &[String]) -> String {
    let mut text = format!("{XML}<{all} xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    let url = escaped(url);
    for path in paths {
        let path = escaped(path);
        let _ = writeln!(text, "<{each}><loc>{url}{path}</loc></{each}>");
    }
    let _ = writeln!(text, "</{all}>");
    text
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('\'', "&apos;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(count: usize) -> Vec<String> {
        (0..count).map(|at| format!("/people/p{at}")).collect()
    }

    #[test]
    fn few_addresses_stand_in_one_file() {
        let files = files("https://a.example", &["/o'b?a=1&b".to_owned()]);
        let [(name, text)] = &files[..] else {
            panic!("{files:?}");
        };
        assert_eq!(name, NAME);
        assert!(text.contains("<url><loc>https://a.example/o&apos;b?a=1&amp;b</loc></url>"));
    }

    #[test]
    fn many_addresses_stand_in_parts_that_the_first_file_lists() {
        let files = files("https://a.example", &paths(MOST + 1));
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, [NAME, "sitemap-1.xml", "sitemap-2.xml"]);
        let listed = "<sitemap><loc>https://a.example/sitemap-2.xml</loc></sitemap>";
        assert!(files[0].1.contains(listed));
        assert_eq!(files[1].1.matches("<url>").count(), MOST);
        assert!(files[2].1.contains("/people/p50000<"));
        for (name, _) in &files {
            assert!(is_named(&format!("/{name}")), "{name}");
        }
        for path in [
            "/sitemap",
            "/sitemap-.xml",
            "/sitemap-a.xml",
            "/sitemaps.xml",
            "/a/sitemap.xml",
        ] {
            assert!(!is_named(path), "{path}");
        }
    }
}
