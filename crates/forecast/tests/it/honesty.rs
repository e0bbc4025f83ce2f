//! Forecasts against what came, from many days of fifty series.

use forecast::forecast;

use crate::peers;
use crate::series::{Series, spending};

/// The total that is judged, in days.
pub(crate) const TOTAL: usize = 28;
const FIRST_ORIGIN: usize = 240;
const STEP: usize = 45;
const SERIES: usize = 50;

/// From which days of a series is forecast: seven.
fn origins(series: &Series) -> impl Iterator<Item = usize> {
    (FIRST_ORIGIN..=series.values.len() - TOTAL).step_by(STEP)
}

/// What was to be forecast, and from what.
struct Asked {
    series: usize,
    origin: usize,
    came: f64,
}

#[derive(Debug, Default)]
struct Measured {
    errors: Vec<f64>,
    inside: usize,
    claimed: Vec<f64>,
}

#[allow(clippy::cast_precision_loss)] // A few hundred.
fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn ours(series: &[Series], asked: &[Asked]) -> Measured {
    let mut measured = Measured::default();
    for Asked {
        series: number,
        origin,
        came,
    } in asked
    {
        let forecast = forecast(&series[*number].until(*origin), TOTAL).expect("enough days");
        let total = forecast.total(TOTAL);
        measured.errors.push((total.p50 / came - 1.0).abs());
        measured.inside += usize::from((total.p10..=total.p90).contains(came));
        measured.claimed.extend(forecast.backtest.coverage);
    }
    measured
}

fn by_half(series: &[Series], asked: &[Asked]) -> Measured {
    let (one, other) = asked.split_at(asked.len() / 2);
    std::thread::scope(|scope| {
        let other = scope.spawn(|| ours(series, other));
        let mut all = ours(series, one);
        let other = other.join().expect("no panic");
        all.errors.extend(other.errors);
        all.inside += other.inside;
        all.claimed.extend(other.claimed);
        all
    })
}

#[test]
#[allow(clippy::cast_precision_loss)] // A few hundred.
fn totals_are_as_near_as_those_of_the_best_peer_and_intervals_hold_what_they_say() {
    let series: Vec<Series> = (0..SERIES as u64).map(spending).collect();
    let mut asked = Vec::new();
    for (number, one) in series.iter().enumerate() {
        asked.extend(origins(one).map(|origin| Asked {
            series: number,
            origin,
            came: one.values[origin..origin + TOTAL].iter().sum(),
        }));
    }
    let ours = by_half(&series, &asked);
    let error = |of: &dyn Fn(&Asked) -> f64| {
        let off = asked
            .iter()
            .map(|asked| (of(asked) / asked.came - 1.0).abs());
        mean(&off.collect::<Vec<_>>())
    };
    let plain = |peer: fn(&[f64]) -> f64| {
        error(&|asked: &Asked| peer(&series[asked.series].values[..asked.origin]))
    };
    let mut peers = vec![
        ("run rate", plain(peers::run_rate)),
        ("the week before", plain(peers::week_before)),
        ("least squares", plain(peers::least_squares)),
    ];
    let known: Vec<(usize, &[f64])> = asked
        .iter()
        .map(|asked| (asked.origin, &series[asked.series].values[..]))
        .collect();
    if let Some(smoothed) = peers::statsmodels(&known) {
        let off = asked.iter().zip(smoothed);
        let off = off.map(|(asked, said)| (said.total / asked.came - 1.0).abs());
        peers.push(("statsmodels", mean(&off.collect::<Vec<_>>())));
    }
    let (error, claimed) = (mean(&ours.errors), mean(&ours.claimed));
    let coverage = ours.inside as f64 / asked.len() as f64;
    println!(
        "{} totals: off by {error:.4}, others {peers:.4?}",
        asked.len()
    );
    println!("coverage {coverage:.3}, said {claimed:.3}");
    let best = peers
        .iter()
        .map(|peer| peer.1)
        .fold(f64::INFINITY, f64::min);
    assert!(error <= 1.10 * best, "{error} against {peers:?}");
    assert!((0.72..=0.88).contains(&coverage), "{coverage} are inside");
    assert!((claimed - coverage).abs() <= 0.08, "{claimed} was said");
}
