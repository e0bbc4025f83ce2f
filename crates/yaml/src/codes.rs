//! The findings about YAML itself.

base::codes! {
    SYNTAX = "yaml-syntax", Error, "The file is not YAML",
        "The parser could not go on. Nothing after this place in the file was read, so further \
         mistakes may show once it is mended. Frequent causes: a colon or `#` in an unquoted text, \
         a list item less indented than its neighbours, a quote that is not closed.";
    TAB = "yaml-tab", Error, "A tab stands where YAML wants spaces",
        "YAML forbids tabs in indentation, because no two editors agree on their width. \
         Replace the tab by spaces.";
    DUPLICATE_KEY = "yaml-duplicate-key", Error, "A key stands twice in one mapping",
        "Readers disagree on which of the two wins, so the file says two things at once. \
         Keep one of them.";
    BAD_KEY = "yaml-bad-key", Error, "A key is not plain text",
        "Keys are words. A list, a mapping, or nothing at all cannot be one. The usual cause is an \
         unquoted `{{ template }}` or a stray `?` or `:`.";
    ALIAS = "yaml-alias", Error, "An anchor, alias or merge key is used",
        "`&anchor`, `*alias` and `<<:` make one place of a file change another and are the way in \
         for files that grow without bound when read. Write the value out. Aliases are accepted in \
         files of other programs' formats; merge keys are not.";
    TAG = "yaml-tag", Error, "A value carries a tag",
        "Tags such as `!!binary` or `!Ref` ask the reader to run its own conversion. \
         No format read here uses them; remove the tag.";
    LIMIT = "yaml-limit", Error, "The file is larger or deeper than any honest file",
        "At most 16 MiB a file, 1,000,000 values, and 64 levels of nesting are read, so that a \
         hostile file cannot exhaust the machine that checks it.";
    DOCUMENTS = "yaml-documents", Error, "The file holds more or fewer than one document",
        "One file declares one thing. An empty file declares nothing, which is rarely meant; \
         a second document after `---` would be read by some programs and ignored by others.";
    AMBIGUOUS = "yaml-ambiguous", Error, "An unquoted value means different things to different readers",
        "YAML 1.1 and 1.2 readers disagree about `no`, `on`, `y`, `0777`, `1_000` and `12:30`: text to \
         one, a boolean or a number to another. Put quotes around text; write `true` or `false` for a \
         truth value and plain decimals for a number.";
    TYPE = "yaml-type", Error, "A value is of the wrong type",
        "The key takes another kind of value than the one given, for example a list where there is \
         one text. The message names both; `commonhold schema KIND` prints the whole form.";
    EMPTY = "yaml-empty", Error, "A key has no value",
        "`key:` with nothing behind it is null, which is neither empty nor absent. Give a value, \
         write `[]` for an empty list, or remove the line.";
    UNKNOWN_KEY = "yaml-unknown-key", Error, "A key is not known here",
        "An unknown key is a slip or a wish; if it were ignored, the file would promise something that \
         nothing keeps. The help names the nearest key, if one is near. For some formats of other \
         programs, which ignore such keys, it is a warning.";
    MISSING_KEY = "yaml-missing-key", Error, "A required key is missing",
        "The item cannot be understood without this key. The reference of files says what it holds.";
    BAD_VALUE = "yaml-bad-value", Error, "A value is not one of those allowed",
        "The key takes one of a fixed set of words, a date, or a text of a given form. The message says \
         which.";
}
