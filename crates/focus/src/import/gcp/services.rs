//! Which of FOCUS's service categories Google Cloud's services belong to.

use crate::import::categories::Table;

/// Services by their name.
pub(super) const SERVICES: Table = &[
    (
        "AI and Machine Learning",
        &[
            "Cloud AutoML",
            "Cloud Dialogflow API",
            "Cloud Document AI API",
            "Cloud Machine Learning Engine",
            "Cloud Natural Language",
            "Cloud Natural Language API",
            "Cloud Speech API",
            "Cloud TPU",
            "Cloud Text-to-Speech API",
            "Cloud Video Intelligence API",
            "Cloud Vision API",
            "Gemini API",
            "Notebooks",
            "Recommendations AI",
            "Translate",
            "Vertex AI",
        ],
    ),
    (
        "Analytics",
        &[
            "BigQuery",
            "BigQuery BI Engine",
            "BigQuery Reservation API",
            "BigQuery Storage API",
            "Cloud Composer",
            "Cloud Data Fusion",
            "Cloud Dataflow",
            "Cloud Dataproc",
            "Data Catalog",
            "Dataplex",
            "Dataproc Metastore",
            "Looker",
            "Looker Studio",
        ],
    ),
    (
        "Compute",
        &[
            "App Engine",
            "Artifact Registry",
            "Cloud Functions",
            "Cloud Run",
            "Cloud Run Functions",
            "Compute Engine",
            "Container Registry",
            "VM Manager",
            "VMware Engine",
        ],
    ),
    (
        "Databases",
        &[
            "AlloyDB",
            "Cloud Bigtable",
            "Cloud Datastore",
            "Cloud Firestore",
            "Cloud Memorystore for Memcached",
            "Cloud Memorystore for Redis",
            "Cloud SQL",
            "Cloud Spanner",
            "Datastream",
            "Firebase Realtime Database",
        ],
    ),
    (
        "Developer Tools",
        &[
            "Cloud Build",
            "Cloud Deploy",
            "Cloud Workstations",
            "Remote Build Execution",
            "Source Repository",
        ],
    ),
    ("Identity", &["Firebase Auth", "Identity Platform"]),
    (
        "Integration",
        &[
            "API Gateway",
            "Apigee",
            "Cloud Pub/Sub",
            "Cloud Scheduler",
            "Cloud Tasks",
            "Eventarc",
            "Pub/Sub Lite",
            "Workflows",
        ],
    ),
    ("Internet of Things", &["Cloud IoT Core"]),
    (
        "Management and Governance",
        &[
            "Cloud Logging",
            "Cloud Monitoring",
            "Cloud Trace",
            "Stackdriver",
            "Stackdriver Logging",
            "Stackdriver Monitoring",
            "Stackdriver Trace",
            "Support",
        ],
    ),
    (
        "Media",
        &["Live Stream API", "Transcoder API", "Video Stitcher API"],
    ),
    (
        "Migration",
        &[
            "BigQuery Data Transfer Service",
            "Database Migration Service",
            "Transfer Appliance",
            "Transfer Service",
        ],
    ),
    (
        "Mobile",
        &["Firebase", "Firebase Hosting", "Firebase Test Lab"],
    ),
    (
        "Networking",
        &[
            "Cloud CDN",
            "Cloud DNS",
            "Cloud Domains",
            "Cloud Interconnect",
            "Cloud Load Balancing",
            "Cloud NAT",
            "Cloud VPN",
            "Network Connectivity Center",
            "Networking",
        ],
    ),
    (
        "Security",
        &[
            "Binary Authorization",
            "Certificate Authority Service",
            "Cloud Armor",
            "Cloud Data Loss Prevention",
            "Cloud IDS",
            "Cloud Key Management Service (KMS)",
            "Container Registry Vulnerability Scanning",
            "On-Demand Scanning",
            "Secret Manager",
            "Security Command Center",
            "Web Risk",
            "reCAPTCHA Enterprise",
        ],
    ),
    (
        "Storage",
        &[
            "Backup and DR Service",
            "Cloud Filestore",
            "Cloud Storage",
            "NetApp Volumes",
        ],
    ),
];

/// Services by their id, where the name has changed over time: Compute Engine and clusters of
/// containers, Cloud Storage, `BigQuery`.
pub(super) const IDS: Table = &[
    ("Compute", &["6F81-5844-456A", "CCD8-9BF1-090E"]),
    ("Storage", &["95FF-2EF5-5EA1"]),
    ("Analytics", &["24E6-581D-38E5"]),
];
