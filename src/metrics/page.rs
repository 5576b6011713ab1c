//! The text format of Prometheus, version 0.0.4.

use std::fmt::{Display, Write};

/// The media type of the format.
pub(super) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// A page of metrics, all of whose names begin with `mqtk_`.
///
/// ```
/// use mqtk::metrics::Page;
///
/// let mut page = Page::default();
/// page.one_counter("cups_total", "Cups of tea.", 3);
/// page.gauge("pots", "Pots by what is in them.");
/// page.labelled("pots", "tea", "green", 1);
/// let text = page.into_text();
/// assert!(text.ends_with("\nmqtk_pots{tea=\"green\"} 1\n"), "{text}");
/// assert!(text.contains("\nmqtk_cups_total 3\n"), "{text}");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Page {
    families: Vec<Family>,
    /// The index of the family that samples are added to.
    current: usize,
    /// Labels of all samples, each followed by a comma.
    common: String,
}

/// All samples of a metric, which stand together on the page whenever they are added.
#[derive(Clone, Debug)]
struct Family {
    name: String,
    text: String,
}

impl Page {
    /// Gives these labels to all samples from now on, in place of earlier ones.
    pub fn with_labels(&mut self, labels: &[(&str, &str)]) {
        let label = |(name, value): &(&str, &str)| format!("{name}=\"{}\",", escaped(value));
        self.common = labels.iter().map(label).collect();
    }

    /// A gauge without labels.
    pub fn one_gauge(&mut self, name: &str, help: &str, value: impl Display) {
        self.gauge(name, help);
        self.sample(name, "", value);
    }

    /// A counter without labels.
    pub fn one_counter(&mut self, name: &str, help: &str, value: impl Display) {
        self.counter(name, help);
        self.sample(name, "", value);
    }

    /// Describes a gauge, whose samples are to follow.
    pub fn gauge(&mut self, name: &str, help: &str) {
        self.family(name, help, "gauge");
    }

    /// Describes a counter, whose samples are to follow.
    pub fn counter(&mut self, name: &str, help: &str) {
        self.family(name, help, "counter");
    }

    /// A histogram: the number of values up to each bound, in rising order, the sum of all values, and
    /// their number.
    pub fn histogram(
        &mut self,
        name: &str,
        help: &str,
        buckets: impl IntoIterator<Item = (f64, u64)>,
        sum: f64,
        count: u64,
    ) {
        self.family(name, help, "histogram");
        let bucket = format!("{name}_bucket");
        for (bound, count) in buckets {
            self.labelled(&bucket, "le", bound, count);
        }
        self.labelled(&bucket, "le", "+Inf", count);
        self.sample(&format!("{name}_sum"), "", sum);
        self.sample(&format!("{name}_count"), "", count);
    }

    /// A sample with a label.
    pub fn labelled(&mut self, name: &str, label: &str, value: impl Display, sample: impl Display) {
        let value = escaped(&value.to_string());
        self.sample(name, &format!("{label}=\"{value}\""), sample);
    }

    /// The whole page.
    pub fn into_text(self) -> String {
        self.families
            .into_iter()
            .map(|family| family.text)
            .collect()
    }

    fn family(&mut self, name: &str, help: &str, kind: &str) {
        let known = self.families.iter().position(|family| family.name == name);
        self.current = known.unwrap_or(self.families.len());
        if known.is_none() {
            self.families.push(Family {
                name: name.to_owned(),
                text: format!("# HELP mqtk_{name} {help}\n# TYPE mqtk_{name} {kind}\n"),
            });
        }
    }

    fn sample(&mut self, name: &str, label: &str, sample: impl Display) {
        let Some(family) = self.families.get_mut(self.current) else {
            return;
        };
        let labels = format!("{}{label}", self.common);
        let labels = match labels.trim_end_matches(',') {
            "" => String::new(),
            labels => format!("{{{labels}}}"),
        };
        // A string takes everything.
        let _ = writeln!(family.text, "mqtk_{name}{labels} {sample}");
    }
}

fn escaped(value: &str) -> String {
    let value = value.replace('\\', "\\\\").replace('"', "\\\"");
    value.replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_of_a_metric_stand_together() {
        let mut page = Page::default();
        for run in ["one", "two"] {
            page.with_labels(&[("run", run)]);
            page.one_gauge("cups", "Cups.", 1);
            page.gauge("pots", "Pots.");
            page.labelled("pots", "tea", "green", 2);
        }
        let text = page.into_text();
        let samples: Vec<_> = text.lines().filter(|line| !line.starts_with('#')).collect();
        let expected = [
            "mqtk_cups{run=\"one\"} 1",
            "mqtk_cups{run=\"two\"} 1",
            "mqtk_pots{run=\"one\",tea=\"green\"} 2",
            "mqtk_pots{run=\"two\",tea=\"green\"} 2",
        ];
        assert_eq!(samples, expected);
        assert_eq!(text.matches("# TYPE").count(), 2, "{text}");
    }

    #[test]
    fn a_histogram_ends_with_all_and_labels_are_escaped() {
        let mut page = Page::default();
        page.histogram("wait_seconds", "Waiting.", [(0.5, 1), (1.0, 3)], 4.25, 4);
        page.labelled("x", "why", "a \"b\" \\ c\n", 1);
        let text = page.into_text();
        for line in [
            "# TYPE mqtk_wait_seconds histogram",
            "mqtk_wait_seconds_bucket{le=\"0.5\"} 1",
            "mqtk_wait_seconds_bucket{le=\"1\"} 3",
            "mqtk_wait_seconds_bucket{le=\"+Inf\"} 4",
            "mqtk_wait_seconds_sum 4.25",
            "mqtk_wait_seconds_count 4",
            "mqtk_x{why=\"a \\\"b\\\" \\\\ c\\n\"} 1",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in {text}");
        }
    }
}
