//! Pages as HTML.

use portal::model::Reader;
use portal::query::Query;
use portal::view::{self, Frame};
use portal::{Content, Found};

use crate::sample::Sample;

#[test]
fn gallery() {
    let Ok(folder) = std::env::var("GALLERY") else {
        return;
    };
    let sample = Sample::new(180);
    let reader = Reader::anybody();
    let frame = Frame {
        stamp: sample.stamp(),
        reader: &reader,
        now: "2021-01-15T09:00:00Z".parse().unwrap(),
        token: None,
        live: true,
    };
    let write = |path: &str, text: &[u8]| {
        let path = std::path::Path::new(&folder).join(path.trim_start_matches('/'));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    for asset in view::assets() {
        write(asset, view::asset(asset).unwrap().1);
    }
    let list = &sample.listings()[0];
    let (query, _) = Query::parse(list.of, [("owners", "sig-1"), ("owners", "sig-2")]);
    write("list.html", view::listing(&frame, list, &Query::default()).as_bytes());
    write("filtered.html", view::listing(&frame, list, &query).as_bytes());
    for (name, path) in [("home.html", "/"), ("page.html", "/services/service-1")] {
        let Found::Page(page) = sample.page(path, &reader, frame.now) else { panic!() };
        write(name, view::page(&Frame { token: Some("t"), ..frame }, &page).as_bytes());
    }
    write("problem.html", view::problem(&frame, 404, "There is no such page", "Search for it.").as_bytes());
}
