//! The kinds of problems that a file of charges may have; each has a page.

base::codes! {
    BILL_UNREADABLE = "bill-unreadable", Error, "A file of charges cannot be read",
        "The disk or the store it lies in failed in the middle of it. Nothing of it was taken. Try again.";
    BILL_TRUNCATED = "bill-truncated", Error, "A file of charges ends in the middle",
        "Its gzip or Zstandard data, its Parquet footer, a quoted cell or its JSON has a beginning and no end. A download or \
         an export was cut off, and what is missing would be missing in every sum. Nothing of it was taken. Fetch it again, \
         and compare its size with what the vendor says.";
    BILL_COMPRESSION = "bill-compression", Error, "A file of charges cannot be unpacked",
        "Gzip and Zstandard are recognised by their first bytes, whatever the file is called. Data that fail their own checks \
         are damaged: fetch the file again. Other archives, for example ZIP, are to be unpacked first.";
    BILL_ENCODING = "bill-encoding", Error, "A text is not UTF-8",
        "Names and tags in another encoding would come out as other names. Save the file as UTF-8; a spreadsheet offers it as \
         `CSV UTF-8`.";
    BILL_CONTAINER = "bill-container", Error, "A file is no table of charges",
        "Charges are read from CSV with commas, JSON lines, a JSON array of objects or an object with such an array under \
         `data`, `value`, `items` or `invoice_items`, Parquet, and in-kind contributions from YAML.";
    BILL_CUSTOM = "bill-custom", Warning, "A column of the vendor's own is not written as its name says",
        "It is kept as it is written. FOCUS asks vendors to write columns of their own as it writes its own; whoever reads this \
         one later reads what it says, or nothing. Tell the vendor.";
    BILL_EMPTY = "bill-empty", Error, "A file has no charges",
        "A month without charges is rare, and an export that has not run is not: nothing is replaced by nothing. If the month \
         really has no charges, there is nothing to be imported.";
    BILL_FORMAT = "bill-format", Error, "Nobody knows whose format a file has",
        "A vendor's format is recognised by the names of its columns: FOCUS, Google Cloud's billing export, AWS's Cost and \
         Usage Report, Azure's cost details, OCI's cost report, DigitalOcean's and Fastly's invoice items. If the export lets \
         one choose columns, choose all of them. Else say which format it is.";
    BILL_COLUMN = "bill-column", Error, "A column is missing, has no name, or stands twice",
        "Of two columns with one name, which one holds would be chance. A charge without its cost, its account, its currency \
         or its period cannot be put anywhere; what a vendor's file leaves out can be given once for the whole file.";
    BILL_RECORD = "bill-record", Error, "A row has more or fewer cells than there are columns, or is not closed",
        "Every value behind the mistake would stand in the wrong column. A comma or a line break in a text needs quotes \
         around the cell, and a quote in such a cell is written twice.";
    BILL_SIZE = "bill-size", Error, "A cell or a row is larger than any honest one",
        "A cell may have 4 MB, a row 16 MB, a file 10,000 columns. A quote that is never closed makes the rest of the file one \
         cell.";
    BILL_JSON = "bill-json", Error, "A record of a JSON file is wrong",
        "Each record is one object, and no name stands in it twice: of two, readers disagree which one holds.";
    BILL_PARQUET = "bill-parquet", Error, "A Parquet file is damaged or holds what no bill has",
        "Texts, numbers, decimals, truth values, dates, timestamps, lists, maps and structs are read, compressed with Zstandard, \
         Snappy or not at all. Write the file again, or export it as CSV.";
    BILL_NUMBER = "bill-number", Error, "A number is not written as one",
        "A number has digits, a point if it needs one, a minus sign if it is below nothing, and may have an exponent without a \
         plus sign: `-12.5`, `1.3E-9` (FOCUS, numeric format). Separators, signs of currencies and units make others of it in \
         other countries. A cost of 10^12 or more is no honest one.";
    BILL_INSTANT = "bill-instant", Error, "A date or a time is wrong, or may mean two",
        "Instants are written in UTC, `2025-07-05T00:00:00Z`. Also read are a space for the `T`, no zone for UTC, minutes \
         without seconds, a date alone for its midnight, and `9/21/2025`. Of `5/1/25` nobody can tell which is the month: say \
         whether months or days come first.";
    BILL_PERIOD = "bill-period", Error, "A period ends before it begins",
        "Start and end of a charge or of a billing period are exchanged, or one of them is wrong.";
    BILL_CURRENCY = "bill-currency", Error, "A currency is not a code of ISO 4217",
        "Money without its currency cannot be added to other money. Write its code in capitals, `USD`.";
    BILL_VALUE = "bill-value", Error, "A value is not one of those that the column may have",
        "What a charge is decides in which sums it counts: a credit that is called something else is counted as a cost. The \
         page of the column in FOCUS, or the vendor's documentation, lists what it may be.";
    BILL_MISSING = "bill-missing", Error, "A charge lacks what every charge has",
        "Its cost, the account that pays it, the currency, when it was incurred and when it is billed, what kind of charge it \
         is and who provides it. What is missing in the whole file can be given once when it is imported.";
    BILL_TAGS = "bill-tags", Error, "Tags are no flat object, or name a key twice",
        "Tags say whose a charge is. They are one JSON object whose values are texts, numbers, truth values or null; of a key \
         that stands twice, one value would be dropped, and nobody can tell which one is meant.";
}
