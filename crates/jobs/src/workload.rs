//! What a job runs: containers with their resources, variables, volumes and rights.
//!
//! The keys are those of the API for pods; all of them are known, so that a slip is seen, and those
//! that say nothing about what a job needs or reaches are kept as they stand.

use base::Spanned;
use yaml::{Map, record};

use crate::{Opaque, Quantity};

record! {
    /// What runs together on one machine.
    #[derive(Default)]
    pub struct Workload {
        /// What runs.
        pub containers: Vec<Container>,
        /// What runs before it, or beside it where its restart policy is `Always`.
        pub init_containers as "initContainers": Vec<Container>,
        /// What the containers mount.
        pub volumes: Vec<Volume>,
        /// Under which identity it runs.
        pub service_account_name as "serviceAccountName": Option<Spanned<String>>,
        /// The old name of `serviceAccountName`.
        pub service_account as "serviceAccount": Option<Spanned<String>>,
        /// Whether the identity's token is mounted.
        pub automount_token as "automountServiceAccountToken": Option<bool>,
        /// Labels that a machine must have.
        pub node_selector as "nodeSelector": Map<Spanned<String>>,
        /// Taints of machines that do not keep it away.
        pub tolerations: Vec<Toleration>,
        /// Secrets with which images are pulled.
        pub image_pull_secrets as "imagePullSecrets": Vec<LocalName>,
        /// Whether it shares the machine's network.
        pub host_network as "hostNetwork": Option<Spanned<bool>>,
        /// Whether it sees the machine's processes.
        pub host_pid as "hostPID": Option<Spanned<bool>>,
        /// Whether it shares the machine's memory with other processes.
        pub host_ipc as "hostIPC": Option<Spanned<bool>>,
        /// How urgent it is.
        pub priority_class_name as "priorityClassName": Option<Spanned<String>>,
        /// Whether it is started again when it ends.
        pub restart_policy as "restartPolicy": Option<Spanned<String>>,
        /// Kept as it stands.
        pub active_deadline as "activeDeadlineSeconds": Option<Opaque>,
        /// Kept as it stands.
        pub affinity: Option<Opaque>,
        /// Kept as it stands.
        pub dns_config as "dnsConfig": Option<Opaque>,
        /// Kept as it stands.
        pub dns_policy as "dnsPolicy": Option<Opaque>,
        /// Kept as it stands.
        pub service_links as "enableServiceLinks": Option<Opaque>,
        /// Kept as it stands.
        pub ephemeral_containers as "ephemeralContainers": Option<Opaque>,
        /// Kept as it stands.
        pub host_aliases as "hostAliases": Option<Opaque>,
        /// Kept as it stands.
        pub host_users as "hostUsers": Option<Opaque>,
        /// Kept as it stands.
        pub hostname: Option<Opaque>,
        /// Kept as it stands.
        pub hostname_override as "hostnameOverride": Option<Opaque>,
        /// Kept as it stands.
        pub node_name as "nodeName": Option<Opaque>,
        /// Kept as it stands.
        pub os: Option<Opaque>,
        /// Kept as it stands.
        pub overhead: Option<Opaque>,
        /// Kept as it stands.
        pub preemption_policy as "preemptionPolicy": Option<Opaque>,
        /// Kept as it stands.
        pub priority: Option<Opaque>,
        /// Kept as it stands.
        pub readiness_gates as "readinessGates": Option<Opaque>,
        /// Kept as it stands.
        pub resource_claims as "resourceClaims": Option<Opaque>,
        /// Kept as it stands.
        pub resources: Option<Opaque>,
        /// Kept as it stands.
        pub runtime_class_name as "runtimeClassName": Option<Opaque>,
        /// Kept as it stands.
        pub scheduler_name as "schedulerName": Option<Opaque>,
        /// Kept as it stands.
        pub scheduling_gates as "schedulingGates": Option<Opaque>,
        /// Kept as it stands.
        pub security_context as "securityContext": Option<Opaque>,
        /// Kept as it stands.
        pub fqdn as "setHostnameAsFQDN": Option<Opaque>,
        /// Kept as it stands.
        pub share_processes as "shareProcessNamespace": Option<Opaque>,
        /// Kept as it stands.
        pub subdomain: Option<Opaque>,
        /// Kept as it stands.
        pub grace_period as "terminationGracePeriodSeconds": Option<Opaque>,
        /// Kept as it stands.
        pub spread as "topologySpreadConstraints": Option<Opaque>,
    }
}

record! {
    /// One program in its image.
    #[derive(Default)]
    pub struct Container {
        /// What it is called beside others.
        pub name: Option<Spanned<String>>,
        /// What runs.
        pub image: Option<Spanned<String>>,
        /// Whether the image is fetched anew.
        pub image_pull_policy as "imagePullPolicy": Option<Spanned<String>>,
        /// The program, in place of the image's own.
        pub command: Vec<Spanned<String>>,
        /// What it is told.
        pub args: Vec<Spanned<String>>,
        /// Its variables.
        pub env: Vec<EnvVar>,
        /// Where more of them come from.
        pub env_from as "envFrom": Vec<EnvFrom>,
        /// What it asks for and may use at most.
        pub resources: Resources = Resources::default(),
        /// What it mounts where.
        pub volume_mounts as "volumeMounts": Vec<Mount>,
        /// What it may do to its machine.
        pub security_context as "securityContext": Option<Rights>,
        /// Whether it is started again when it ends.
        pub restart_policy as "restartPolicy": Option<Spanned<String>>,
        /// Where it starts.
        pub working_dir as "workingDir": Option<String>,
        /// Kept as it stands.
        pub ports: Option<Opaque>,
        /// Kept as it stands.
        pub lifecycle: Option<Opaque>,
        /// Kept as it stands.
        pub liveness_probe as "livenessProbe": Option<Opaque>,
        /// Kept as it stands.
        pub readiness_probe as "readinessProbe": Option<Opaque>,
        /// Kept as it stands.
        pub startup_probe as "startupProbe": Option<Opaque>,
        /// Kept as it stands.
        pub resize_policy as "resizePolicy": Option<Opaque>,
        /// Kept as it stands.
        pub restart_rules as "restartPolicyRules": Option<Opaque>,
        /// Kept as it stands.
        pub stdin: Option<Opaque>,
        /// Kept as it stands.
        pub stdin_once as "stdinOnce": Option<Opaque>,
        /// Kept as it stands.
        pub tty: Option<Opaque>,
        /// Kept as it stands.
        pub message_path as "terminationMessagePath": Option<Opaque>,
        /// Kept as it stands.
        pub message_policy as "terminationMessagePolicy": Option<Opaque>,
        /// Kept as it stands.
        pub volume_devices as "volumeDevices": Option<Opaque>,
    }
}

record! {
    /// A variable.
    pub struct EnvVar {
        /// What it is called.
        pub name: Spanned<String>,
        /// What it is.
        pub value: Option<Spanned<String>>,
        /// Where its value comes from.
        pub value_from as "valueFrom": Option<EnvSource>,
    }
}

record! {
    /// Where the value of a variable comes from.
    pub struct EnvSource {
        /// A secret.
        pub secret_key_ref as "secretKeyRef": Option<KeyName>,
        /// A set of settings.
        pub config_map_key_ref as "configMapKeyRef": Option<KeyName>,
        /// Kept as it stands.
        pub field_ref as "fieldRef": Option<Opaque>,
        /// Kept as it stands.
        pub resource_field_ref as "resourceFieldRef": Option<Opaque>,
        /// Kept as it stands.
        pub file_key_ref as "fileKeyRef": Option<Opaque>,
    }
}

record! {
    /// One value of a secret or of a set of settings.
    pub struct KeyName {
        /// Whose.
        pub name: Option<Spanned<String>>,
        /// Which value.
        pub key: Option<String>,
        /// Whether it may be missing.
        pub optional: Option<bool>,
    }
}

record! {
    /// Where variables come from, all at once.
    pub struct EnvFrom {
        /// What stands before each name.
        pub prefix: Option<String>,
        /// A secret.
        pub secret_ref as "secretRef": Option<LocalName>,
        /// A set of settings.
        pub config_map_ref as "configMapRef": Option<LocalName>,
    }
}

record! {
    /// The name of a secret or of a set of settings.
    pub struct LocalName {
        /// The name.
        pub name: Option<Spanned<String>>,
        /// Whether it may be missing.
        pub optional: Option<bool>,
    }
}

record! {
    /// What a container asks for and may use at most, by resource.
    #[derive(Default)]
    pub struct Resources {
        /// What it may use at most.
        pub limits: Map<Spanned<Quantity>>,
        /// What is kept for it.
        pub requests: Map<Spanned<Quantity>>,
        /// Kept as it stands.
        pub claims: Option<Opaque>,
    }
}

record! {
    /// Where a volume is seen in a container.
    pub struct Mount {
        /// The volume.
        pub name: Spanned<String>,
        /// Where.
        pub mount_path as "mountPath": Option<Spanned<String>>,
        /// Whether it can only be read.
        pub read_only as "readOnly": Option<bool>,
        /// Which part of it.
        pub sub_path as "subPath": Option<String>,
        /// Which part of it, with variables.
        pub sub_path_expr as "subPathExpr": Option<String>,
        /// Kept as it stands.
        pub propagation as "mountPropagation": Option<Opaque>,
        /// Kept as it stands.
        pub recursive_read_only as "recursiveReadOnly": Option<Opaque>,
    }
}

record! {
    /// What a container may do to its machine.
    pub struct Rights {
        /// Whether it may do everything.
        pub privileged: Option<Spanned<bool>>,
        /// What it may do beyond the usual.
        pub capabilities: Option<Capabilities>,
        /// Whether what it starts may do more than itself.
        pub escalation as "allowPrivilegeEscalation": Option<Spanned<bool>>,
        /// Kept as it stands.
        pub run_as_user as "runAsUser": Option<Opaque>,
        /// Kept as it stands.
        pub run_as_group as "runAsGroup": Option<Opaque>,
        /// Kept as it stands.
        pub run_as_non_root as "runAsNonRoot": Option<Opaque>,
        /// Kept as it stands.
        pub read_only_root as "readOnlyRootFilesystem": Option<Opaque>,
        /// Kept as it stands.
        pub app_armor as "appArmorProfile": Option<Opaque>,
        /// Kept as it stands.
        pub proc_mount as "procMount": Option<Opaque>,
        /// Kept as it stands.
        pub se_linux as "seLinuxOptions": Option<Opaque>,
        /// Kept as it stands.
        pub seccomp as "seccompProfile": Option<Opaque>,
        /// Kept as it stands.
        pub windows as "windowsOptions": Option<Opaque>,
    }
}

record! {
    /// Single rights of the machine's administrator.
    pub struct Capabilities {
        /// Those given.
        pub add: Vec<Spanned<String>>,
        /// Those taken away.
        pub drop: Vec<Spanned<String>>,
    }
}

record! {
    /// A taint of machines that does not keep a job away.
    #[derive(PartialEq)]
    pub struct Toleration {
        /// The taint's key; every key if not said.
        pub key: Option<Spanned<String>>,
        /// `Equal` or `Exists`.
        pub operator: Option<String>,
        /// The taint's value.
        pub value: Option<String>,
        /// What the taint does.
        pub effect: Option<String>,
        /// For how long.
        pub seconds as "tolerationSeconds": Option<Opaque>,
    }
}

record! {
    /// Something that containers mount.
    pub struct Volume {
        /// What it is called.
        pub name: Spanned<String>,
        /// A secret.
        pub secret: Option<SecretVolume>,
        /// A set of settings.
        pub config_map as "configMap": Option<ConfigMapVolume>,
        /// A folder of the machine.
        pub host_path as "hostPath": Option<HostPath>,
        /// Several sources in one folder.
        pub projected: Option<Projected>,
        /// A folder that is empty at first.
        pub empty_dir as "emptyDir": Option<Opaque>,
        /// Kept as it stands.
        pub aws_disk as "awsElasticBlockStore": Option<Opaque>,
        /// Kept as it stands.
        pub azure_disk as "azureDisk": Option<Opaque>,
        /// Kept as it stands.
        pub azure_file as "azureFile": Option<Opaque>,
        /// Kept as it stands.
        pub cephfs: Option<Opaque>,
        /// Kept as it stands.
        pub cinder: Option<Opaque>,
        /// Kept as it stands.
        pub csi: Option<Opaque>,
        /// Kept as it stands.
        pub downward_api as "downwardAPI": Option<Opaque>,
        /// Kept as it stands.
        pub ephemeral: Option<Opaque>,
        /// Kept as it stands.
        pub fc: Option<Opaque>,
        /// Kept as it stands.
        pub flex_volume as "flexVolume": Option<Opaque>,
        /// Kept as it stands.
        pub flocker: Option<Opaque>,
        /// Kept as it stands.
        pub gce_disk as "gcePersistentDisk": Option<Opaque>,
        /// Kept as it stands.
        pub git_repo as "gitRepo": Option<Opaque>,
        /// Kept as it stands.
        pub glusterfs: Option<Opaque>,
        /// Kept as it stands.
        pub image: Option<Opaque>,
        /// Kept as it stands.
        pub iscsi: Option<Opaque>,
        /// Kept as it stands.
        pub nfs: Option<Opaque>,
        /// Kept as it stands.
        pub claim as "persistentVolumeClaim": Option<Opaque>,
        /// Kept as it stands.
        pub photon as "photonPersistentDisk": Option<Opaque>,
        /// Kept as it stands.
        pub portworx as "portworxVolume": Option<Opaque>,
        /// Kept as it stands.
        pub quobyte: Option<Opaque>,
        /// Kept as it stands.
        pub rbd: Option<Opaque>,
        /// Kept as it stands.
        pub scale_io as "scaleIO": Option<Opaque>,
        /// Kept as it stands.
        pub storageos: Option<Opaque>,
        /// Kept as it stands.
        pub vsphere as "vsphereVolume": Option<Opaque>,
    }
}

record! {
    /// A secret as a folder.
    pub struct SecretVolume {
        /// Which.
        pub secret_name as "secretName": Option<Spanned<String>>,
        /// Whether it may be missing.
        pub optional: Option<bool>,
        /// Kept as it stands.
        pub items: Option<Opaque>,
        /// Kept as it stands.
        pub default_mode as "defaultMode": Option<Opaque>,
    }
}

record! {
    /// A set of settings as a folder.
    pub struct ConfigMapVolume {
        /// Which.
        pub name: Option<Spanned<String>>,
        /// Whether it may be missing.
        pub optional: Option<bool>,
        /// Kept as it stands.
        pub items: Option<Opaque>,
        /// Kept as it stands.
        pub default_mode as "defaultMode": Option<Opaque>,
    }
}

record! {
    /// A folder of the machine.
    pub struct HostPath {
        /// Which.
        pub path: Spanned<String>,
        /// What must be there.
        pub kind as "type": Option<String>,
    }
}

record! {
    /// Several sources in one folder.
    pub struct Projected {
        /// The sources.
        pub sources: Vec<ProjectedSource>,
        /// Kept as it stands.
        pub default_mode as "defaultMode": Option<Opaque>,
    }
}

record! {
    /// One source of several in one folder.
    pub struct ProjectedSource {
        /// A secret.
        pub secret: Option<ProjectedName>,
        /// A set of settings.
        pub config_map as "configMap": Option<ProjectedName>,
        /// A token of the identity it runs under, for somebody else.
        pub token as "serviceAccountToken": Option<Opaque>,
        /// Kept as it stands.
        pub downward_api as "downwardAPI": Option<Opaque>,
        /// Kept as it stands.
        pub trust_bundle as "clusterTrustBundle": Option<Opaque>,
        /// Kept as it stands.
        pub certificate as "podCertificate": Option<Opaque>,
    }
}

record! {
    /// A secret or a set of settings among several sources.
    pub struct ProjectedName {
        /// Which.
        pub name: Option<Spanned<String>>,
        /// Whether it may be missing.
        pub optional: Option<bool>,
        /// Kept as it stands.
        pub items: Option<Opaque>,
    }
}

impl Workload {
    /// All containers, those that run first last.
    pub fn all_containers(&self) -> impl Iterator<Item = &Container> {
        self.containers.iter().chain(&self.init_containers)
    }

    /// The identity it runs under; the cluster's default if not said.
    pub fn identity(&self) -> Option<&Spanned<String>> {
        let named = self.service_account_name.as_ref();
        named.or(self.service_account.as_ref())
    }

    /// Every secret that it is given, each place that names one.
    pub fn secrets(&self) -> impl Iterator<Item = &Spanned<String>> {
        let mounted = self.volumes.iter().flat_map(Volume::secrets);
        let variables = self.all_containers().flat_map(|container| {
            let single = container.env.iter().filter_map(EnvVar::secret);
            let all = container.env_from.iter().filter_map(EnvFrom::secret);
            single.chain(all)
        });
        let pulling = self
            .image_pull_secrets
            .iter()
            .filter_map(|name| name.name.as_ref());
        mounted.chain(variables).chain(pulling)
    }
}

impl Container {
    /// A variable's value as written, if it has one here.
    pub fn variable(&self, name: &str) -> Option<&Spanned<String>> {
        let named = self.env.iter().find(|variable| variable.name.value == name);
        named.and_then(|variable| variable.value.as_ref())
    }
}

impl EnvVar {
    /// The secret its value comes from.
    pub fn secret(&self) -> Option<&Spanned<String>> {
        let source = self.value_from.as_ref()?;
        source.secret_key_ref.as_ref()?.name.as_ref()
    }
}

impl EnvFrom {
    fn secret(&self) -> Option<&Spanned<String>> {
        self.secret_ref.as_ref()?.name.as_ref()
    }
}

impl Volume {
    /// The secrets that it shows.
    pub fn secrets(&self) -> impl Iterator<Item = &Spanned<String>> {
        let own = self
            .secret
            .as_ref()
            .and_then(|secret| secret.secret_name.as_ref());
        let sources = self
            .projected
            .iter()
            .flat_map(|projected| &projected.sources);
        let projected = sources.filter_map(|source| source.secret.as_ref()?.name.as_ref());
        own.into_iter().chain(projected)
    }
}
