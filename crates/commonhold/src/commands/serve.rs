//! `commonhold serve`

use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use http_client::{Hidden, Reach};
use portal::serve::{Connections, Current, Log, Parts, Rules, Server, router_by};
use portal::settings::Settings;
use portal::sign_in::SignIn;
use portal::webhooks::{Courier, Mail};
use portal::{Content, Hands};
use tokio::signal::unix::{SignalKind, signal};

use crate::cli::{LogForm, ServeArguments};
use crate::portal::{Community, Pushed, Setup, hands};
use crate::project::Project;
use crate::serve::{Estate, Following, Remote, Wake, Waking, activated, notify};
use crate::surroundings::{Outcome, Surroundings};

/// Where sessions are kept, unless an argument says so.
const STORE: &str = "COMMONHOLD_PORTAL_STORE";
/// How often it is looked whether anything is due at the front desk.
const DESK: Duration = Duration::from_secs(60);
/// How often what has expired is forgotten.
const FORGETTING: Duration = Duration::from_secs(600);

pub(crate) fn run(project: &Project<'_>, arguments: &ServeArguments) -> anyhow::Result<Outcome> {
    let log = match arguments.log {
        LogForm::Text => Log::Text,
        LogForm::Json => Log::Json,
        LogForm::Off => Log::Off,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    // Whoever cannot listen is told before the estate is read, which takes longer.
    let sockets = sockets(arguments)?;
    let listens = sockets
        .first()
        .context("no socket was handed over")?
        .local_addr()?;
    let remote = remote(project, arguments)?;
    let estate = estate(project, arguments, remote.as_ref())?;
    let portal = Portal {
        surroundings: project.surroundings,
        arguments,
        log,
        instant: project.instant,
    };
    let (mut following, wake) = Following::new(estate.clone(), remote.clone(), log);
    let hands = portal.hands(&estate, remote.as_ref(), &mut following, &wake);
    if hands.is_none() {
        following.only_shows();
    }
    let (content, settings) = following.first();
    let url = portal.url(&settings, &format!("http://{listens}"))?;
    let parts = portal.parts(content, &settings, hands, url, &estate.root)?;
    let current = parts.current.clone();
    let courier = portal.courier(&parts)?;
    portal.forgets(&parts)?;
    std::thread::Builder::new()
        .name("following".to_owned())
        .spawn(move || following.run(&current, courier.as_ref()))?;
    let rules = Rules {
        acts_a_minute: arguments.acts_a_minute,
        log,
        ..Rules::default()
    };
    let router = router_by(Arc::new(parts), rules);
    let cut = runtime.block_on(async {
        let listeners = sockets.into_iter().map(tokio::net::TcpListener::from_std);
        let server = Server {
            listeners: listeners.collect::<Result<_, _>>()?,
            router,
            connections: Connections {
                trusted: arguments.trust_proxy.clone(),
                ..Connections::default()
            },
        };
        let told_to_end = signals(&wake)?;
        // Whoever asked for any free port learns it here, and that requests are answered from now on.
        let mut out = std::io::stdout();
        writeln!(out, "http://{listens}")?;
        out.flush()?;
        notify(project.surroundings, "READY=1");
        let surroundings = project.surroundings.clone();
        let ending = async move {
            told_to_end.await;
            notify(&surroundings, "STOPPING=1");
        };
        anyhow::Ok(server.run(ending).await)
    })?;
    // What still waits for a store or for Git is not waited for.
    runtime.shutdown_background();
    let now = (project.surroundings.clock)();
    log.event(now, "ended", &[("cut", &cut.to_string())]);
    Ok(Outcome::data(""))
}

/// Comes to its end when the program is told to end; meanwhile `SIGHUP` has the estate looked at anew.
fn signals(wake: &Wake) -> anyhow::Result<impl Future<Output = ()> + use<>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    let wake = wake.clone();
    Ok(async move {
        loop {
            tokio::select! {
                _ = terminate.recv() => return,
                _ = interrupt.recv() => return,
                _ = hang_up.recv() => wake.now(),
            }
        }
    })
}

fn sockets(arguments: &ServeArguments) -> anyhow::Result<Vec<TcpListener>> {
    let handed = activated()?;
    if !handed.is_empty() {
        return Ok(handed);
    }
    let own = TcpListener::bind(arguments.listen)
        .with_context(|| format!("{} cannot be listened on", arguments.listen))?;
    own.set_nonblocking(true)?;
    Ok(vec![own])
}

/// The repository that is followed, with its clone in place.
fn remote(project: &Project<'_>, arguments: &ServeArguments) -> anyhow::Result<Option<Remote>> {
    let (Some(url), Some(state)) = (&arguments.git, &arguments.state) else {
        return Ok(None);
    };
    let mut remote = Remote {
        url: url.clone(),
        branch: arguments.branch.clone(),
        clone: project.surroundings.folder.join(state).join("estate"),
        every: arguments.every,
    };
    remote.open()?;
    Ok(Some(remote))
}

fn estate(
    project: &Project<'_>,
    arguments: &ServeArguments,
    remote: Option<&Remote>,
) -> anyhow::Result<Estate> {
    let root = match (remote, &arguments.folder) {
        (None, _) => project.root()?,
        (Some(remote), None) => remote.clone.clone(),
        (Some(remote), Some(folder)) => {
            let climbs = folder
                .components()
                .any(|part| !matches!(part, std::path::Component::Normal(_)));
            if climbs {
                bail!("{} is no folder of the repository", folder.display());
            }
            remote.clone.join(folder)
        }
    };
    Ok(Estate {
        root,
        at: project.instant.map(|instant| (project.day, instant)),
        surroundings: project.surroundings.clone(),
        only_shown: false,
    })
}

/// What the portal is put together from.
struct Portal<'p> {
    surroundings: &'p Surroundings,
    arguments: &'p ServeArguments,
    log: Log,
    instant: Option<jiff::Timestamp>,
}

impl Portal<'_> {
    /// Where it is reached.
    fn url(&self, settings: &Settings, listens: &str) -> anyhow::Result<String> {
        let written = settings.url.as_ref().map(|url| url.value.as_str());
        let url = self.arguments.url.as_deref().or(written).unwrap_or(listens);
        let url = url.trim_end_matches('/');
        let host = url.strip_prefix("https://").or(url.strip_prefix("http://"));
        if host.is_none_or(|host| host.is_empty() || host.contains(['/', '?', '#', '@', ' '])) {
            bail!(
                "`{url}` is not where a portal is: write a URL without a path, like https://infra.example.org"
            );
        }
        Ok(url.to_owned())
    }

    /// Who does what people do; nobody, where the estate does not say who may sign in.
    fn hands(
        &self,
        estate: &Estate,
        remote: Option<&Remote>,
        following: &mut Following,
        wake: &Wake,
    ) -> Option<Arc<dyn Hands>> {
        if self.arguments.read_only || !estate.root.join(Settings::FILE).is_file() {
            return None;
        }
        let pushed = remote.map(|remote| Pushed {
            name: "origin".to_owned(),
            branch: remote.branch.clone().unwrap_or_default(),
        });
        let opened = hands(Setup {
            surroundings: self.surroundings.clone(),
            given: Some(estate.root.clone()),
            remote: pushed,
            desk_key: self.arguments.desk_key.clone(),
            apply: self.arguments.apply,
        });
        match opened {
            Ok(community) => {
                let hands = Arc::new(community);
                following.tells(&hands);
                let wake = wake.clone();
                self.keeps_the_desk(&hands, &wake);
                Some(Arc::new(Waking { hands, wake }))
            }
            Err(error) => {
                let why = format!("{error:#}");
                self.log
                    .event((self.surroundings.clock)(), "read-only", &[("why", &why)]);
                None
            }
        }
    }

    /// Does what is due at the front desk, every minute.
    fn keeps_the_desk(&self, hands: &Arc<Community>, wake: &Wake) {
        let (hands, wake) = (Arc::clone(hands), wake.clone());
        let (log, clock) = (self.log, self.surroundings.clock);
        // What other portals over the same repository took is looked for as often as what else is new there.
        let every = match self.arguments.git {
            Some(_) => DESK.min(self.arguments.every),
            None => DESK,
        };
        let keeping = move || loop {
            std::thread::sleep(every);
            let said = hands.tick();
            for line in &said {
                log.event(clock(), "desk", &[("what", line)]);
            }
            if !said.is_empty() {
                wake.now();
            }
        };
        let thread = std::thread::Builder::new().name("desk".to_owned());
        if let Err(error) = thread.spawn(keeping) {
            let why = error.to_string();
            log.event(clock(), "desk", &[("why", &why)]);
        }
    }

    fn parts(
        &self,
        content: Arc<dyn Content>,
        settings: &Settings,
        hands: Option<Arc<dyn Hands>>,
        url: String,
        root: &Path,
    ) -> anyhow::Result<Parts> {
        let (clock, instant) = (self.surroundings.clock, self.instant);
        let store = match hands {
            Some(_) => self.store(root)?,
            None => "sqlite::memory:".to_owned(),
        };
        let sign_in = match hands {
            Some(_) => SignIn::of(settings, self.secret(settings)?),
            None => SignIn::none(),
        };
        Ok(Parts {
            current: Current::new(content),
            store: Arc::new(portal::store::open(&store)?),
            hands,
            clock: Arc::new(move || instant.unwrap_or_else(clock)),
            wall: Arc::new(clock),
            url,
            sign_in,
        })
    }

    /// Has sessions and all else that expires forgotten.
    fn forgets(&self, parts: &Parts) -> anyhow::Result<()> {
        let (store, clock) = (Arc::clone(&parts.store), Arc::clone(&parts.wall));
        let log = self.log;
        let forgetting = move || loop {
            if let Err(error) = store.sweep(clock()) {
                log.event(clock(), "unswept", &[("why", &error.to_string())]);
            }
            std::thread::sleep(FORGETTING);
        };
        let thread = std::thread::Builder::new().name("forgetting".to_owned());
        thread.spawn(forgetting).map(drop)?;
        Ok(())
    }

    /// Who tells other programs what happens; nobody, where nobody can ask for it.
    fn courier(&self, parts: &Parts) -> anyhow::Result<Option<Courier>> {
        if parts.hands.is_none() {
            return Ok(None);
        }
        let courier = Courier::start(Mail {
            store: Arc::clone(&parts.store),
            clock: Arc::clone(&parts.wall),
            url: parts.url.clone(),
            reach: if self.arguments.webhooks_anywhere {
                Reach::Anywhere
            } else {
                Reach::Public
            },
        })?;
        Ok(Some(courier))
    }

    fn store(&self, root: &Path) -> anyhow::Result<String> {
        let named = self.arguments.store.clone();
        if let Some(url) = named.or_else(|| (self.surroundings.environment)(STORE)) {
            return Ok(url);
        }
        let state = self
            .arguments
            .state
            .as_ref()
            .map(|state| self.surroundings.folder.join(state));
        let folder: PathBuf = state.unwrap_or_else(|| root.join(".commonhold"));
        std::fs::create_dir_all(&folder).with_context(|| {
            format!(
                "{} cannot be made; name a place for sessions with --store",
                folder.display()
            )
        })?;
        Ok(format!("sqlite:{}", folder.join("portal.sqlite").display()))
    }

    /// The portal's secret at its provider of OpenID Connect.
    fn secret(&self, settings: &Settings) -> anyhow::Result<Option<Hidden>> {
        let openid = settings.sign_in.openid.as_ref();
        let Some(secret) = openid.and_then(|openid| openid.secret.as_ref()) else {
            return Ok(None);
        };
        let name = secret.variable();
        let value = (self.surroundings.environment)(name).with_context(|| {
            format!(
                "{} says that {name} holds the secret of the client, and this variable is not set",
                Settings::FILE
            )
        })?;
        Ok(Some(Hidden(value)))
    }
}
