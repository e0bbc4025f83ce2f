//! The findings about files in adopted formats.

base::codes! {
    UNKNOWN_FORMAT = "source-format", Error, "A source asks for a format that is not known",
        "`commonhold help formats` lists the formats that can be read in place.";
}
