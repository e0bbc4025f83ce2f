//! A store in a bucket of Amazon S3, of what speaks like it, or of Google Cloud Storage.

use std::fs::File;
use std::io::Read as _;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use jiff::Timestamp;
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::path::Path;
use object_store::{
    Error, ObjectStore, ObjectStoreExt as _, PutMode, PutPayload, RetryConfig, WriteMultipart,
};
use tempfile::NamedTempFile;
use tokio::runtime::{Builder, Runtime};

use crate::{Backend, Blob, Entry, Scratch, StoreError};

/// How much of a file is sent at once; S3 takes 5 MB or more, in at most 10,000 pieces.
const PIECE: usize = 16 << 20;
/// After so long without success a request is given up.
const PATIENCE: Duration = Duration::from_secs(30);

/// The environment variables that Amazon's own tools read, and those of `object_store`.
const AMAZON: [&str; 26] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_DEFAULT_REGION",
    "AWS_REGION",
    "AWS_ENDPOINT",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_S3",
    "AWS_ENDPOINT_URL_STS",
    "AWS_ALLOW_HTTP",
    "AWS_VIRTUAL_HOSTED_STYLE_REQUEST",
    "AWS_S3_EXPRESS",
    "AWS_IMDSV1_FALLBACK",
    "AWS_METADATA_ENDPOINT",
    "AWS_CHECKSUM_ALGORITHM",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_SKIP_SIGNATURE",
    "AWS_REQUEST_PAYER",
    "AWS_SERVER_SIDE_ENCRYPTION",
    "AWS_SSE_KMS_KEY_ID",
    "AWS_SSE_BUCKET_KEY_ENABLED",
];
const GOOGLE: [&str; 6] = [
    "GOOGLE_SERVICE_ACCOUNT",
    "GOOGLE_SERVICE_ACCOUNT_PATH",
    "GOOGLE_SERVICE_ACCOUNT_KEY",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "GOOGLE_BASE_URL",
    "GOOGLE_SKIP_SIGNATURE",
];

#[derive(Debug)]
pub(crate) struct Bucket {
    objects: Arc<dyn ObjectStore>,
    runtime: Arc<Runtime>,
    place: String,
    prefix: Path,
}

impl Bucket {
    /// In Amazon S3; `rest` is `bucket/prefix`.
    pub(crate) fn amazon(
        rest: &str,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, StoreError> {
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let place = format!("s3://{rest}");
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(bucket)
            .with_retry(retries());
        for name in AMAZON {
            if let Some(value) = environment(name).filter(|value| !value.is_empty()) {
                let key = name.to_ascii_lowercase().parse::<AmazonS3ConfigKey>();
                builder = builder.with_config(key.map_err(not_a_place(&place))?, value);
            }
        }
        let objects = builder.build().map_err(not_a_place(&place))?;
        Self::over(Arc::new(objects), &place, prefix)
    }

    /// In Google Cloud Storage; `rest` is `bucket/prefix`.
    pub(crate) fn google(
        rest: &str,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, StoreError> {
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let place = format!("gs://{rest}");
        let mut builder = GoogleCloudStorageBuilder::new()
            .with_bucket_name(bucket)
            .with_retry(retries());
        for name in GOOGLE {
            if let Some(value) = environment(name).filter(|value| !value.is_empty()) {
                let key = name.to_ascii_lowercase().parse::<GoogleConfigKey>();
                builder = builder.with_config(key.map_err(not_a_place(&place))?, value);
            }
        }
        let objects = builder.build().map_err(not_a_place(&place))?;
        Self::over(Arc::new(objects), &place, prefix)
    }

    fn over(objects: Arc<dyn ObjectStore>, place: &str, prefix: &str) -> Result<Self, StoreError> {
        let prefix = Path::parse(prefix).map_err(not_a_place(place))?;
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| StoreError::failed(place, "opened", error))?;
        Ok(Self {
            objects,
            runtime: Arc::new(runtime),
            place: place.trim_end_matches('/').to_owned(),
            prefix,
        })
    }

    fn object(&self, path: &str) -> Result<Path, StoreError> {
        let path = Path::parse(path).map_err(not_a_place(&self.place))?;
        Ok(self.prefix.parts().chain(path.parts()).collect())
    }

    fn fails<E: std::error::Error + Send + Sync + 'static>(
        &self,
        path: &str,
        verb: &'static str,
    ) -> impl FnOnce(E) -> StoreError {
        let place = format!("{}/{path}", self.place);
        move |error| StoreError::failed(place, verb, error)
    }

    /// Sends a file in pieces, each read when the one before is on its way.
    async fn send(&self, object: &Path, file: &mut File) -> Result<(), Error> {
        let upload = self.objects.put_multipart(object).await?;
        let mut upload = WriteMultipart::new_with_chunk_size(upload, PIECE);
        let mut buffer = vec![0; 1 << 20];
        loop {
            let read = match file.read(&mut buffer) {
                Ok(0) => return upload.finish().await.map(|_| ()),
                Ok(read) => read,
                Err(error) => {
                    upload.abort().await?;
                    return Err(Error::Generic {
                        store: "upload",
                        source: error.into(),
                    });
                }
            };
            upload.wait_for_capacity(1).await?;
            upload.write(&buffer[..read]);
        }
    }
}

impl Backend for Bucket {
    fn place(&self) -> &str {
        &self.place
    }

    fn get(&self, path: &str) -> Result<Option<Bytes>, StoreError> {
        let object = self.object(path)?;
        let got = self.runtime.block_on(async {
            let found = self.objects.get(&object).await?;
            found.bytes().await
        });
        match got {
            Ok(bytes) => Ok(Some(bytes)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(self.fails(path, "read")(error)),
        }
    }

    fn put(&self, path: &str, bytes: Bytes) -> Result<(), StoreError> {
        let object = self.object(path)?;
        let put = self.objects.put(&object, PutPayload::from_bytes(bytes));
        let put = self.runtime.block_on(put);
        put.map(|_| ()).map_err(self.fails(path, "written"))
    }

    fn create(&self, path: &str, bytes: Bytes) -> Result<bool, StoreError> {
        let object = self.object(path)?;
        let payload = PutPayload::from_bytes(bytes);
        let put = self
            .objects
            .put_opts(&object, payload, PutMode::Create.into());
        match self.runtime.block_on(put) {
            Ok(_) => Ok(true),
            Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => Ok(false),
            Err(error) => Err(self.fails(path, "written")(error)),
        }
    }

    fn scratch(&self) -> Result<NamedTempFile, StoreError> {
        tempfile::Builder::new()
            .prefix("facts-")
            .tempfile()
            .map_err(|error| StoreError::failed("a temporary file", "written", error))
    }

    fn upload(&self, path: &str, scratch: Scratch) -> Result<(), StoreError> {
        let object = self.object(path)?;
        let mut file = File::open(scratch.path()).map_err(self.fails(path, "written"))?;
        let sent = self.runtime.block_on(self.send(&object, &mut file));
        sent.map_err(self.fails(path, "written"))
    }

    fn list(&self, folder: &str) -> Result<Vec<Entry>, StoreError> {
        let object = self.object(folder)?;
        let listed = self.objects.list(Some(&object)).try_collect::<Vec<_>>();
        let listed = self
            .runtime
            .block_on(listed)
            .map_err(self.fails(folder, "listed"))?;
        let above = self.prefix.parts().count();
        let mut found = Vec::with_capacity(listed.len());
        for object in listed {
            let parts: Vec<_> = object.location.parts().skip(above).collect();
            let parts: Vec<&str> = parts.iter().map(AsRef::as_ref).collect();
            let seconds = object.last_modified.timestamp();
            let modified = Timestamp::from_second(seconds).map_err(self.fails(folder, "listed"))?;
            found.push(Entry {
                path: parts.join("/"),
                bytes: object.size,
                modified,
            });
        }
        found.sort();
        Ok(found)
    }

    fn delete(&self, path: &str) -> Result<(), StoreError> {
        let object = self.object(path)?;
        match self.runtime.block_on(self.objects.delete(&object)) {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(self.fails(path, "deleted")(error)),
        }
    }

    fn open(&self, path: &str) -> Result<Blob, StoreError> {
        let object = self.object(path)?;
        let place = format!("{}/{path}", self.place);
        let about = match self.runtime.block_on(self.objects.head(&object)) {
            Ok(about) => about,
            Err(Error::NotFound { .. }) => return Err(StoreError::Missing { place }),
            Err(error) => return Err(self.fails(path, "read")(error)),
        };
        let (objects, runtime) = (Arc::clone(&self.objects), Arc::clone(&self.runtime));
        let at = place.clone();
        let fetch = move |range: Range<u64>| {
            let got = runtime.block_on(objects.get_range(&object, range));
            got.map_err(|error| StoreError::failed(&at, "read", error))
        };
        Ok(Blob::remote(&place, about.size, Box::new(fetch)))
    }

    fn sweep(&self, _before: Timestamp) -> Result<(), StoreError> {
        // Temporary files are the system's here, and unfinished uploads are never listed: a rule
        // of the bucket's life cycle removes them.
        Ok(())
    }
}

fn retries() -> RetryConfig {
    RetryConfig {
        max_retries: 5,
        retry_timeout: PATIENCE,
        ..RetryConfig::default()
    }
}

fn not_a_place<E: std::fmt::Display>(place: &str) -> impl FnOnce(E) -> StoreError {
    let place = place.to_owned();
    move |error| StoreError::NotAPlace {
        place,
        why: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_all_variables_are_known_to_the_client() {
        for name in AMAZON {
            let key = name.to_ascii_lowercase().parse::<AmazonS3ConfigKey>();
            assert!(key.is_ok(), "{name}");
        }
        for name in GOOGLE {
            let key = name.to_ascii_lowercase().parse::<GoogleConfigKey>();
            assert!(key.is_ok(), "{name}");
        }
    }
}
