//! Plots, as SVG; the page's style gives them their colours.

use std::fmt::Write;

const WIDTH: f64 = 860.0;
const HEIGHT: f64 = 300.0;
/// Room for the labels: left, right, above, below.
const MARGIN: [f64; 4] = [80.0, 120.0, 16.0, 40.0];

/// A line of a plot.
pub(super) struct Line {
    pub(super) name: &'static str,
    /// What the page's style gives a colour to.
    pub(super) class: &'static str,
    /// Its points, with a gap between one piece and the next.
    pub(super) pieces: Vec<Vec<(f64, f64)>>,
}

impl Line {
    /// A line of steps, each from one moment to another: what is unknown between two is a gap.
    pub(super) fn of_steps(
        name: &'static str,
        class: &'static str,
        steps: impl Iterator<Item = [(f64, f64); 2]>,
    ) -> Line {
        let mut pieces: Vec<Vec<(f64, f64)>> = Vec::new();
        for step in steps {
            let last = pieces.last_mut();
            match last.filter(|piece| piece.last().is_some_and(|end| end.0 == step[0].0)) {
                Some(piece) => piece.extend(step),
                None => pieces.push(step.to_vec()),
            }
        }
        Line {
            name,
            class,
            pieces,
        }
    }

    pub(super) fn points(&self) -> impl Iterator<Item = &(f64, f64)> + Clone {
        self.pieces.iter().flatten()
    }
}

/// How an axis is divided.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Scale {
    Linear,
    /// By powers of ten.
    Logarithmic,
}

/// An axis with its marks and their labels.
struct Axis {
    scale: Scale,
    from: f64,
    to: f64,
    marks: Vec<f64>,
}

impl Axis {
    fn new(scale: Scale, values: impl Iterator<Item = f64> + Clone) -> Axis {
        let (low, high) = (
            values.clone().fold(f64::INFINITY, f64::min),
            values.fold(0.0, f64::max),
        );
        match scale {
            Scale::Linear => {
                let step = step(high.max(1e-9) / 5.0);
                let steps = (high / step).ceil().max(1.0) as u32;
                let marks: Vec<_> = (0..=steps).map(|at| f64::from(at) * step).collect();
                Axis {
                    scale,
                    from: 0.0,
                    to: f64::from(steps) * step,
                    marks,
                }
            }
            Scale::Logarithmic => {
                let first = low.clamp(1e-3, 1e12).log10().floor() as i32;
                let last = (high.clamp(1e-3, 1e12).log10().ceil() as i32).max(first + 1);
                Axis {
                    scale,
                    from: f64::from(first),
                    to: f64::from(last),
                    marks: (first..=last).map(|power| 10_f64.powi(power)).collect(),
                }
            }
        }
    }

    /// Where a value lies, from 0 to 1.
    fn place(&self, value: f64) -> f64 {
        let value = match self.scale {
            Scale::Linear => value,
            Scale::Logarithmic => value.max(1e-3).log10(),
        };
        ((value - self.from) / (self.to - self.from)).clamp(0.0, 1.0)
    }
}

/// 1, 2 or 5 times a power of ten, and not below `least`.
fn step(least: f64) -> f64 {
    let power = 10_f64.powf(least.log10().floor());
    let found = [1.0, 2.0, 5.0].map(|digit| digit * power);
    found
        .into_iter()
        .find(|step| *step >= least)
        .unwrap_or(10.0 * power)
}

/// Lines over a horizontal axis, with the label of a mark of each axis.
pub(super) fn plot(
    lines: &[Line],
    scale: Scale,
    shades: &[(f64, f64)],
    x_label: impl Fn(f64) -> String,
    y_label: impl Fn(f64) -> String,
) -> String {
    let [left, right, above, below] = MARGIN;
    let points = || lines.iter().flat_map(Line::points);
    let across = points().map(|point| point.0);
    let x = Axis::new(
        Scale::Linear,
        across.chain(shades.iter().map(|shade| shade.1)),
    );
    let y = Axis::new(scale, points().map(|point| point.1));
    let across = |value| left + x.place(value) * (WIDTH - left - right);
    let down = |value| HEIGHT - below - y.place(value) * (HEIGHT - above - below);
    let names: Vec<_> = lines.iter().map(|line| line.name).collect();
    let mut svg = format!(
        "<div class=\"plot\"><svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">",
        names.join(", ")
    );
    for (from, until) in shades {
        let (from, until) = (across(*from), across(*until));
        let _ = write!(
            svg,
            "<rect class=\"shade\" x=\"{from:.1}\" y=\"{above}\" width=\"{:.1}\" height=\"{}\"/>",
            until - from,
            HEIGHT - above - below
        );
    }
    for mark in &y.marks {
        let (at, end) = (down(*mark), WIDTH - right);
        let (text, label) = (left - 8.0, y_label(*mark));
        let _ = write!(
            svg,
            "<line class=\"grid\" x1=\"{left}\" x2=\"{end}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>\
             <text x=\"{text}\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>",
            at + 4.0
        );
    }
    for mark in &x.marks {
        let (at, text) = (across(*mark), HEIGHT - below + 20.0);
        let label = x_label(*mark);
        let _ = write!(
            svg,
            "<text x=\"{at:.1}\" y=\"{text}\" text-anchor=\"middle\">{label}</text>"
        );
    }
    for (number, line) in lines.iter().enumerate() {
        let (at, class) = (above + 12.0 + 20.0 * number as f64, line.class);
        let _ = write!(svg, "<g class=\"{class}\">");
        for piece in &line.pieces {
            let place = |(x, y): &(f64, f64)| format!("{:.1},{:.1}", across(*x), down(*y));
            let places: Vec<_> = piece.iter().map(place).collect();
            let _ = write!(svg, "<polyline points=\"{}\"/>", places.join(" "));
        }
        let _ = write!(
            svg,
            "<text x=\"{}\" y=\"{at}\">{}</text></g>",
            WIDTH - right + 10.0,
            line.name
        );
    }
    svg + "</svg></div>"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_hold_every_value() {
        let axis = Axis::new(Scale::Linear, [3.0, 47.0].into_iter());
        assert_eq!((axis.from, axis.to, axis.marks.len()), (0.0, 50.0, 6));
        assert_eq!(axis.place(25.0), 0.5);
        let axis = Axis::new(Scale::Logarithmic, [30.0, 4000.0].into_iter());
        assert_eq!((axis.from, axis.to), (1.0, 4.0));
        assert_eq!(axis.place(1000.0), 2.0 / 3.0);
        let nothing = Axis::new(Scale::Logarithmic, std::iter::empty());
        assert!(nothing.place(0.0).is_finite());
    }

    #[test]
    fn a_plot_has_its_lines_and_labels() {
        let steps = [[(1.0, 10.0), (2.0, 20.0)], [(3.0, 5.0), (4.0, 5.0)]];
        let line = Line::of_steps("sent", "one", steps.into_iter());
        let svg = plot(
            &[line],
            Scale::Linear,
            &[(1.0, 1.5)],
            |x| format!("{x} s"),
            |y| format!("{y}/s"),
        );
        assert!(
            svg.matches("<polyline ").count() == 2
                && svg.contains("class=\"shade\"")
                && svg.contains(">20/s<")
                && svg.contains(">2 s<"),
            "{svg}"
        );
        assert!(svg.ends_with("</svg></div>"));
    }
}
