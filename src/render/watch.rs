//! `--watch`: the last message of each topic, on a line of its own.

use std::collections::HashMap;

/// The size of a terminal, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Screen {
    /// Characters on a line.
    pub columns: u16,
    /// Lines.
    pub rows: u16,
}

/// One line per topic, in the order in which the topics came.
///
/// It is told of messages as they come and draws only what changed, when asked: a thousand
/// messages between two drawings cost one line each at most.
///
/// ```
/// use mqtk::render::{Screen, Watch};
///
/// let mut watch = Watch::new("mqtt://localhost");
/// watch.update("a", b"a 1");
/// watch.update("b", b"b 1");
/// watch.update("a", b"a 2");
/// assert_eq!(watch.lines().collect::<Vec<_>>(), ["mqtt://localhost", "a 2", "b 1"]);
///
/// let mut out = Vec::new();
/// watch.draw(Screen { columns: 80, rows: 24 }, &mut out);
/// ```
pub struct Watch {
    places: HashMap<Box<str>, usize>,
    lines: Vec<Line>,
    /// The places of the lines that changed since they were drawn.
    changed: Vec<usize>,
    drawn_on: Option<Screen>,
}

struct Line {
    text: String,
    changed: bool,
}

impl Watch {
    /// A screen that shows a title and nothing yet.
    pub fn new(title: &str) -> Self {
        let title = Line {
            text: title.to_owned(),
            changed: false,
        };
        Self {
            places: HashMap::new(),
            lines: vec![title],
            changed: Vec::new(),
            drawn_on: None,
        }
    }

    /// Sets a topic's line to a printed message. The line breaks in it become spaces.
    pub fn update(&mut self, topic: &str, printed: &[u8]) {
        let place = match self.places.get(topic) {
            Some(&place) => place,
            None => {
                self.lines.push(Line {
                    text: String::new(),
                    changed: false,
                });
                self.places.insert(topic.into(), self.lines.len() - 1);
                self.lines.len() - 1
            }
        };
        let line = &mut self.lines[place];
        line.text.clear();
        let printed = String::from_utf8_lossy(printed);
        let printed = printed.trim_end_matches(['\n', '\r']);
        line.text.extend(printed.chars().map(|c| match c {
            '\n' | '\r' | '\t' => ' ',
            c => c,
        }));
        if !std::mem::replace(&mut line.changed, true) {
            self.changed.push(place);
        }
    }

    /// All lines, the title first.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().map(|line| line.text.as_str())
    }

    /// Whether there is something to draw on a terminal of this size.
    pub fn is_stale(&self, screen: Screen) -> bool {
        self.drawn_on != Some(screen) || !self.changed.is_empty()
    }

    /// Has the next drawing draw everything: somebody else has written on the terminal.
    pub fn forget_screen(&mut self) {
        self.drawn_on = None;
    }

    /// Appends what brings a terminal up to date: changed lines only, or everything if the screen
    /// has another size than before. The last row counts the topics that do not fit.
    pub fn draw(&mut self, screen: Screen, out: &mut Vec<u8>) {
        let rows = usize::from(screen.rows.max(2));
        let shown = if self.lines.len() > rows {
            rows - 1
        } else {
            self.lines.len()
        };
        // Long lines are cut at the edge, not wrapped over their neighbours.
        out.extend_from_slice(b"\x1b[?7l");
        let mut changed = std::mem::take(&mut self.changed);
        if self.drawn_on != Some(screen) {
            self.drawn_on = Some(screen);
            out.extend_from_slice(b"\x1b[2J");
            changed.clear();
            changed.extend(0..shown);
        }
        for place in changed {
            let line = &mut self.lines[place];
            line.changed = false;
            if place < shown {
                draw_line(out, place, &line.text);
            }
        }
        let hidden = self.lines.len() - shown;
        if hidden > 0 {
            draw_line(out, shown, &format!("… {hidden} more"));
        }
        let below = (shown + usize::from(hidden > 0)).min(rows - 1);
        out.extend_from_slice(format!("\x1b[{};1H\x1b[?7h", below + 1).as_bytes());
    }
}

fn draw_line(out: &mut Vec<u8>, place: usize, text: &str) {
    out.extend_from_slice(format!("\x1b[{};1H{text}\x1b[0m\x1b[K", place + 1).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCREEN: Screen = Screen {
        columns: 20,
        rows: 4,
    };

    fn drawn(watch: &mut Watch, screen: Screen) -> String {
        let mut out = Vec::new();
        watch.draw(screen, &mut out);
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn each_topic_keeps_its_line() {
        let mut watch = Watch::new("t");
        for (topic, printed) in [("b", "b 1\n"), ("a", "a 1\n"), ("b", "b {\n\t2\n}\n")] {
            watch.update(topic, printed.as_bytes());
        }
        assert_eq!(watch.lines().collect::<Vec<_>>(), ["t", "b {  2 }", "a 1"]);
    }

    #[test]
    fn only_changes_are_drawn_again() {
        let mut watch = Watch::new("title");
        watch.update("a", b"a 1");
        watch.update("b", b"b 1");
        let all = drawn(&mut watch, SCREEN);
        assert!(
            all.contains("title") && all.contains("a 1") && all.contains("b 1"),
            "{all:?}"
        );
        assert!(!watch.is_stale(SCREEN));

        watch.update("b", b"b 2");
        watch.update("b", b"b 3");
        assert!(watch.is_stale(SCREEN));
        let changes = drawn(&mut watch, SCREEN);
        assert!(changes.contains("\x1b[3;1Hb 3"), "{changes:?}");
        assert!(
            !changes.contains("a 1") && !changes.contains("b 2"),
            "{changes:?}"
        );
    }

    #[test]
    fn another_size_draws_everything() {
        let mut watch = Watch::new("title");
        watch.update("a", b"a 1");
        drawn(&mut watch, SCREEN);
        let wider = Screen {
            columns: 30,
            ..SCREEN
        };
        assert!(watch.is_stale(wider));
        assert!(drawn(&mut watch, wider).contains("a 1"));
        assert!(!watch.is_stale(wider));
        watch.forget_screen();
        assert!(drawn(&mut watch, wider).contains("a 1"));
    }

    #[test]
    fn topics_that_do_not_fit_are_counted() {
        let mut watch = Watch::new("title");
        for topic in ["a", "b", "c", "d", "e"] {
            watch.update(topic, topic.as_bytes());
        }
        let all = drawn(&mut watch, SCREEN);
        assert!(
            all.contains("\x1b[3;1Hb") && all.contains("\x1b[4;1H… 3 more"),
            "{all:?}"
        );
        watch.update("e", b"e 2");
        assert!(!drawn(&mut watch, SCREEN).contains("e 2"));
    }
}
