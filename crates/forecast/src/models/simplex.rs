//! The least of a function without derivatives (Nelder and Mead, 1965).

/// A point and the value there.
type Corner<const N: usize> = ([f64; N], f64);

/// Goes down from a point, with the first simplex of such sizes, until a number of values are
/// computed or the corners are alike.
pub(super) fn descend<const N: usize>(
    mut of: impl FnMut(&[f64; N]) -> f64,
    start: [f64; N],
    sizes: [f64; N],
    values: usize,
) -> [f64; N] {
    let mut corners: Vec<Corner<N>> = Vec::with_capacity(N + 1);
    corners.push((start, of(&start)));
    for axis in 0..N {
        let mut corner = start;
        corner[axis] += sizes[axis];
        corners.push((corner, of(&corner)));
    }
    let mut left = values.saturating_sub(N + 1);
    loop {
        corners.sort_by(|one, other| one.1.total_cmp(&other.1));
        let (best, worst) = (corners[0].1, corners[N].1);
        if left < 2 || worst - best <= 1e-7 * best.abs() {
            return corners[0].0;
        }
        let reflected = away(&corners, 1.0, &mut of);
        left -= 1;
        let taken = if reflected.1 < best {
            left -= 1;
            let further = away(&corners, 2.0, &mut of);
            Some(if further.1 < reflected.1 {
                further
            } else {
                reflected
            })
        } else if reflected.1 < corners[N - 1].1 {
            Some(reflected)
        } else {
            left -= 1;
            let by = if reflected.1 < worst { 0.5 } else { -0.5 };
            let nearer = away(&corners, by, &mut of);
            (nearer.1 < reflected.1.min(worst)).then_some(nearer)
        };
        if let Some(taken) = taken {
            corners[N] = taken;
            continue;
        }
        let lowest = corners[0].0;
        for (corner, value) in &mut corners[1..] {
            *corner = std::array::from_fn(|axis| f64::midpoint(corner[axis], lowest[axis]));
            *value = of(corner);
        }
        left = left.saturating_sub(N);
    }
}

/// The point so far beyond the middle of all corners but the last, seen from that one.
fn away<const N: usize>(
    corners: &[Corner<N>],
    by: f64,
    of: &mut impl FnMut(&[f64; N]) -> f64,
) -> Corner<N> {
    let (worst, others) = corners.split_last().expect("a simplex has corners");
    #[allow(clippy::cast_precision_loss)] // A handful.
    let count = others.len() as f64;
    let point = std::array::from_fn(|axis| {
        let middle = others.iter().map(|corner| corner.0[axis]).sum::<f64>() / count;
        middle + by * (middle - worst.0[axis])
    });
    let value = of(&point);
    (point, value)
}
