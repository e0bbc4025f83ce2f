//! Connections of GraphQL, followed to their end.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::ReadError;

/// One page of a connection.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Page<T> {
    /// How many there are on all pages.
    total_count: usize,
    #[serde(rename = "pageInfo")]
    info: PageInfo,
    #[serde(alias = "nodes")]
    edges: Vec<T>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    has_next_page: bool,
    end_cursor: Option<String>,
}

impl<T> Page<T> {
    /// Whether this page is not all.
    pub(super) fn has_more(&self) -> bool {
        self.info.has_next_page
    }

    /// All that the connection has: this page, and those that `next` gives after a cursor.
    ///
    /// # Errors
    /// A page does not come, or together they are not what GitHub says they are.
    pub(super) fn all(
        self,
        what: &str,
        next: impl Fn(&str) -> Result<Self, ReadError>,
    ) -> Result<Vec<T>, ReadError> {
        let mut total = self.total_count;
        let mut info = self.info;
        let mut items = self.edges;
        let mut before: Option<String> = None;
        while info.has_next_page {
            let cursor = info.end_cursor.filter(|cursor| !cursor.is_empty());
            let Some(cursor) = cursor.filter(|cursor| before.as_ref() != Some(cursor)) else {
                return Err(ReadError::Untrusted(format!(
                    "the pages of {what} have no end"
                )));
            };
            let page = next(&cursor)?;
            if page.edges.is_empty() {
                return Err(ReadError::Untrusted(format!("a page of {what} is empty")));
            }
            items.extend(page.edges);
            total = page.total_count;
            if items.len() > total {
                break;
            }
            info = page.info;
            before = Some(cursor);
        }
        if items.len() != total {
            return Err(ReadError::Untrusted(format!(
                "it says that there are {total} of {what}, and lists {}",
                items.len()
            )));
        }
        Ok(items)
    }
}

/// What is at a place of an answer.
///
/// # Errors
/// It is not there, or not what the schema says.
pub(super) fn at<T: DeserializeOwned>(mut data: Value, place: &str) -> Result<T, ReadError> {
    let found = data.pointer_mut(place).map(Value::take);
    let found = found.ok_or_else(|| ReadError::Untrusted(format!("it has no {place}")))?;
    serde_json::from_value(found)
        .map_err(|error| ReadError::Untrusted(format!("at {place}: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn page(total: usize, items: &[u8], next: Option<&str>) -> Page<u8> {
        let page = json!({"totalCount": total, "nodes": items,
            "pageInfo": {"hasNextPage": next.is_some(), "endCursor": next}});
        serde_json::from_value(page).unwrap()
    }

    #[test]
    fn pages_are_followed_to_the_end() {
        let all = page(3, &[1, 2], Some("b")).all("numbers", |cursor| {
            assert_eq!(cursor, "b");
            Ok(page(3, &[3], None))
        });
        assert_eq!(all.unwrap(), [1, 2, 3]);
    }

    #[test]
    fn pages_that_cannot_be_right_are_no_list() {
        let never = |_: &str| -> Result<Page<u8>, ReadError> { panic!("it was asked") };
        for first in [page(3, &[1, 2], None), page(1, &[1, 2], None)] {
            let error = first.all("numbers", never).unwrap_err();
            assert!(matches!(error, ReadError::Untrusted(_)));
        }
        let same = |_: &str| Ok(page(9, &[1], Some("a")));
        let error = page(9, &[1], Some("a")).all("numbers", same).unwrap_err();
        assert!(error.to_string().contains("have no end"), "{error}");
        let empty = |_: &str| Ok(page(9, &[], Some("b")));
        assert!(page(9, &[1], Some("a")).all("numbers", empty).is_err());
    }
}
