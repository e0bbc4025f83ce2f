//! The findings about who owns which files.

base::codes! {
    LEFT = "owners-left", Error, "Somebody who has left the project still owns files",
        "Whoever has left is named in an OWNERS file or in an alias that one uses, so a bot still counts their \
         approval, and asks them for reviews that never come. Move them to the emeritus list of the file; or remove \
         `left` if they came back.";
    EMERITUS = "owners-emeritus", Warning, "Somebody is emeritus and in office in one OWNERS file",
        "An emeritus list honours those who no longer review or approve. Whoever stands in it and in the list itself, \
         perhaps by way of an alias, still counts. Remove them from one of the two.";
}
