//! Which of FOCUS's service categories Azure's meters belong to.

use crate::import::categories::Table;

/// Meters by their category (`MeterCategory`), in small letters.
pub(super) const METERS: Table = &[
    (
        "AI and Machine Learning",
        &[
            "azure applied ai services",
            "azure bot service",
            "azure machine learning",
            "azure openai",
            "cognitive services",
            "foundry models",
        ],
    ),
    (
        "Analytics",
        &[
            "azure analysis services",
            "azure cognitive search",
            "azure data explorer",
            "azure databricks",
            "azure synapse analytics",
            "hdinsight",
            "microsoft fabric",
            "power bi embedded",
            "stream analytics",
        ],
    ),
    (
        "Compute",
        &[
            "azure container apps",
            "cloud services",
            "container instances",
            "container registry",
            "functions",
            "specialized compute azure vmware solution",
            "virtual machines",
            "virtual machines licenses",
        ],
    ),
    (
        "Databases",
        &[
            "azure cosmos db",
            "azure database for mariadb",
            "azure database for mysql",
            "azure database for postgresql",
            "redis cache",
            "sql database",
            "sql db edge",
            "sql managed instance",
            "sql server stretch database",
        ],
    ),
    (
        "Developer Tools",
        &[
            "azure devops",
            "github",
            "microsoft dev box",
            "visual studio",
        ],
    ),
    (
        "Identity",
        &[
            "azure active directory domain services",
            "azure active directory for external identities",
            "microsoft entra",
            "microsoft entra domain services",
        ],
    ),
    (
        "Integration",
        &[
            "api management",
            "azure data factory",
            "azure data factory v2",
            "event grid",
            "event hubs",
            "logic apps",
            "notification hubs",
            "service bus",
        ],
    ),
    (
        "Internet of Things",
        &["digital twins", "iot central", "iot hub"],
    ),
    (
        "Management and Governance",
        &[
            "application insights",
            "automation",
            "azure monitor",
            "azure site recovery",
            "insight and analytics",
            "log analytics",
            "microsoft purview",
        ],
    ),
    ("Media", &["media services"]),
    (
        "Migration",
        &[
            "azure data box",
            "azure database migration service",
            "azure migrate",
        ],
    ),
    (
        "Multicloud",
        &[
            "azure arc enabled databases",
            "azure stack",
            "azure stack edge",
            "azure stack hci",
        ],
    ),
    (
        "Networking",
        &[
            "application gateway",
            "azure bastion",
            "azure dns",
            "azure firewall",
            "azure front door service",
            "bandwidth",
            "content delivery network",
            "expressroute",
            "ip addresses",
            "load balancer",
            "nat gateway",
            "network watcher",
            "traffic manager",
            "virtual network",
            "virtual wan",
            "vpn gateway",
        ],
    ),
    (
        "Security",
        &[
            "advanced threat protection",
            "azure ddos protection",
            "key vault",
            "microsoft defender for cloud",
            "security center",
            "sentinel",
        ],
    ),
    (
        "Storage",
        &["azure backup", "azure netapp files", "backup", "storage"],
    ),
    (
        "Web",
        &[
            "azure app service",
            "azure maps",
            "azure spring cloud",
            "signalr",
        ],
    ),
];

/// Families of services (`ServiceFamily`), in small letters.
pub(super) const FAMILIES: Table = &[
    ("AI and Machine Learning", &["ai + machine learning"]),
    ("Analytics", &["analytics"]),
    (
        "Business Applications",
        &[
            "dynamics",
            "microsoft syntex",
            "office 365",
            "power platform",
        ],
    ),
    (
        "Compute",
        &["compute", "containers", "windows virtual desktop"],
    ),
    ("Databases", &["databases"]),
    ("Developer Tools", &["developer tools"]),
    ("Identity", &["identity"]),
    ("Integration", &["integration"]),
    ("Internet of Things", &["internet of things"]),
    ("Management and Governance", &["management and governance"]),
    ("Media", &["media", "mixed reality"]),
    ("Multicloud", &["azure arc", "azure stack"]),
    ("Networking", &["networking", "telecommunications"]),
    ("Security", &["security"]),
    ("Storage", &["data", "storage"]),
    ("Web", &["web"]),
];
