//! The text format of Prometheus, version 0.0.4.

use std::fmt::{Display, Write};

/// Of the format.
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
    text: String,
}

impl Page {
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

    /// What a gauge is; its samples follow.
    pub fn gauge(&mut self, name: &str, help: &str) {
        self.family(name, help, "gauge");
    }

    /// What a counter is; its samples follow.
    pub fn counter(&mut self, name: &str, help: &str) {
        self.family(name, help, "counter");
    }

    /// A histogram: how many values there are up to each bound, in rising order, the sum of all,
    /// and how many there are.
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
        let value = value.to_string();
        let value = value.replace('\\', "\\\\").replace('"', "\\\"");
        let value = value.replace('\n', "\\n");
        self.sample(name, &format!("{{{label}=\"{value}\"}}"), sample);
    }

    /// The whole page.
    pub fn into_text(self) -> String {
        self.text
    }

    fn family(&mut self, name: &str, help: &str, kind: &str) {
        // A string takes everything.
        let _ = writeln!(
            self.text,
            "# HELP mqtk_{name} {help}\n# TYPE mqtk_{name} {kind}"
        );
    }

    fn sample(&mut self, name: &str, labels: &str, sample: impl Display) {
        let _ = writeln!(self.text, "mqtk_{name}{labels} {sample}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
