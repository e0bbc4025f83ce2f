//! What pages need beside themselves. Its name holds its digest, so that it may be kept for ever.

use std::sync::LazyLock;

use sha2::{Digest as _, Sha256};

use super::palette;

/// A file that pages need.
struct Asset {
    path: String,
    kind: &'static str,
    bytes: Vec<u8>,
}

impl Asset {
    fn new(name: &str, end: &str, kind: &'static str, bytes: Vec<u8>) -> Self {
        let digest = Sha256::digest(&bytes);
        let digest: String = digest
            .iter()
            .take(6)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Self {
            path: format!("/assets/{name}-{digest}.{end}"),
            kind,
            bytes,
        }
    }
}

static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    let sheet = [
        &palette::properties(),
        chart::STYLE,
        &diagram::style(),
        include_str!("portal.css"),
    ];
    let sheet = sheet.concat().into_bytes();
    Asset::new("style", "css", "text/css; charset=utf-8", sheet)
});

static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    let script = include_bytes!("portal.js").to_vec();
    Asset::new("portal", "js", "text/javascript; charset=utf-8", script)
});

static ICON: LazyLock<Asset> = LazyLock::new(|| {
    let icon = include_bytes!("portal.svg").to_vec();
    Asset::new("icon", "svg", "image/svg+xml", icon)
});

fn all() -> [&'static Asset; 3] {
    [&STYLE, &SCRIPT, &ICON]
}

/// The path of the style sheet.
pub fn style() -> &'static str {
    &STYLE.path
}

/// The path of the script, which only lets `/` lead to the search.
pub fn script() -> &'static str {
    &SCRIPT.path
}

/// The path of the icon.
pub fn icon() -> &'static str {
    &ICON.path
}

/// The paths of all of them.
pub fn assets() -> impl Iterator<Item = &'static str> {
    all().into_iter().map(|asset| asset.path.as_str())
}

/// The type and the bytes of what is at a path.
pub fn asset(path: &str) -> Option<(&'static str, &'static [u8])> {
    let found = all().into_iter().find(|asset| asset.path == path)?;
    Some((found.kind, &found.bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_page_names_is_there_under_the_digest_of_its_bytes() {
        for path in [style(), script(), icon()] {
            let (_, bytes) = asset(path).expect(path);
            let digest = format!("{:02x}", Sha256::digest(bytes)[0]);
            assert!(path.contains(&format!("-{digest}")), "{path}");
        }
        assert!(asset("/assets/style.css").is_none());
    }

    #[test]
    fn the_script_is_below_a_kilobyte() {
        assert!(asset(script()).unwrap().1.len() < 1000);
    }

    #[test]
    fn the_sheet_loads_nothing_and_its_braces_balance() {
        let sheet = str::from_utf8(asset(style()).unwrap().1).unwrap();
        assert!(!sheet.contains("url(") && !sheet.contains("@import"));
        assert_eq!(sheet.matches('{').count(), sheet.matches('}').count());
        assert!(!sheet.contains("</"));
    }
}
