//! The findings about zones as parts of an estate.

base::codes! {
    COPY = "zone-copy", Error, "A zone is a copy of itself",
        "`copy` takes the records of another zone. Following it must end at a zone that has files of its own.";
    SERVER = "dns-server-incomplete", Error, "A server of zones lacks what it is spoken to with",
        "A name server needs `address: host:port`; the interface of PowerDNS an `address` (its URL) and an `api_key`; \
         Route 53 an `api_key`; a folder of zone files an `address` (its path). Where a key is needed, `env/NAME` names \
         the environment variable that holds it.";
    EXPIRED = "record-expired", Warning, "A record has been kept longer than it was asked for",
        "Whoever asked for the record said until when it is needed: `expires`. Ask its owner, and remove it or set \
         another day.";
}
