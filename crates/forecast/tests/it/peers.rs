//! What others make of the same series and the same days of the past.

use std::io::Write as _;
use std::process::{Command, Stdio};

use forecast::smooth;

use crate::honesty::TOTAL;
use crate::series::clean;

/// The variable that names a Python with statsmodels.
const PYTHON: &str = "COMMONHOLD_STATSMODELS";

/// What the last 28 days came to.
pub(crate) fn run_rate(values: &[f64]) -> f64 {
    values[values.len() - TOTAL..].iter().sum()
}

/// The last week four times.
pub(crate) fn week_before(values: &[f64]) -> f64 {
    values[values.len() - 7..].iter().sum::<f64>() * 4.0
}

/// Least squares of a line and weekdays over everything, by elimination.
#[allow(clippy::cast_precision_loss)] // Days.
pub(crate) fn least_squares(values: &[f64]) -> f64 {
    let row = |day: usize| {
        let mut row = [0.0; 8];
        row[day % 7] = 1.0;
        row[7] = day as f64 / 100.0;
        row
    };
    let mut normal = [[0.0; 9]; 8];
    for (day, &value) in values.iter().enumerate() {
        let row = row(day);
        for line in [day % 7, 7] {
            normal[line][day % 7] += row[line];
            normal[line][7] += row[line] * row[7];
            normal[line][8] += row[line] * value;
        }
    }
    for pivot in 0..8 {
        for line in pivot + 1..8 {
            let by = normal[line][pivot] / normal[pivot][pivot];
            let above = normal[pivot];
            for (slot, above) in normal[line].iter_mut().zip(above) {
                *slot -= by * above;
            }
        }
    }
    let mut solution = [0.0; 8];
    for line in (0..8).rev() {
        let known: f64 = (line + 1..8)
            .map(|column| normal[line][column] * solution[column])
            .sum();
        solution[line] = (normal[line][8] - known) / normal[line][line];
    }
    let at = |day: usize| -> f64 { row(day).iter().zip(solution).map(|(x, by)| x * by).sum() };
    (values.len()..values.len() + TOTAL).map(at).sum()
}

/// What statsmodels' exponential smoothing says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Smoothed {
    /// Of the 28 days to come.
    pub(crate) total: f64,
    /// The mean squared error one day ahead.
    pub(crate) mean_square: f64,
}

/// Asks statsmodels what comes after so many of the values of each series; nothing, said once,
/// where there is none to ask.
#[expect(clippy::print_stderr, reason = "a skipped test must say so")]
pub(crate) fn statsmodels(asked: &[(usize, &[f64])]) -> Option<Vec<Smoothed>> {
    let Some(python) = std::env::var_os(PYTHON) else {
        let required = std::env::var("COMMONHOLD_REQUIRE_PEERS");
        let required = required.is_ok_and(|value| !value.is_empty() && value != "0");
        assert!(!required, "{PYTHON} names no Python with statsmodels");
        eprintln!("skipped: {PYTHON} names no Python with statsmodels");
        return None;
    };
    let mut child = Command::new(python)
        .args(["-c", include_str!("ets.py")])
        .env("OPENBLAS_NUM_THREADS", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python starts");
    let mut input = child.stdin.take().expect("a pipe");
    let lines: Vec<String> = asked.iter().map(line).collect();
    let writer = std::thread::spawn(move || input.write_all(lines.concat().as_bytes()));
    let output = child.wait_with_output().expect("Python ends");
    assert!(output.status.success(), "{}", output.status);
    writer.join().expect("a thread").expect("all was written");
    let answers: Vec<Smoothed> = str::from_utf8(&output.stdout)
        .expect("text")
        .lines()
        .map(answer)
        .collect();
    assert_eq!(answers.len(), asked.len());
    Some(answers)
}

fn line((origin, values): &(usize, &[f64])) -> String {
    let values: Vec<String> = values.iter().map(f64::to_string).collect();
    format!("{origin} {}\n", values.join(" "))
}

fn answer(line: &str) -> Smoothed {
    let (total, mean_square) = line.split_once(' ').expect("two numbers");
    Smoothed {
        total: total.parse().expect("a number"),
        mean_square: mean_square.parse().expect("a number"),
    }
}

#[test]
fn exponential_smoothing_is_about_as_near_to_the_days_as_that_of_statsmodels() {
    let series: Vec<_> = (0..20).map(|seed| clean(seed, 300, 0.04)).collect();
    let asked: Vec<(usize, &[f64])> = series.iter().map(|one| (300, &one.values[..])).collect();
    let Some(theirs) = statsmodels(&asked) else {
        return;
    };
    for (seed, (series, theirs)) in series.iter().zip(theirs).enumerate() {
        let ours = smooth(&series.values, TOTAL);
        let worse = ours.mean_square / theirs.mean_square;
        assert!(worse <= 1.10, "{seed}: {worse} times its squared error");
        let off = (ours.total / theirs.total - 1.0).abs();
        assert!(off <= 0.05, "{seed}: totals differ by {off}");
    }
}
