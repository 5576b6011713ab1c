//! Any text, read as a dump in every form, and what it stands for dissected.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mqtk::inspect::input::{self, Form};
use mqtk::inspect::{Chunk, Data, Dissector, Observed, Origin, Partial, Sink, Skipped};

struct Nobody;

impl Sink for Nobody {
    fn packet(&mut self, _: &Observed<'_>) {}
    fn skipped(&mut self, _: &Skipped<'_>) {}
    fn partial(&mut self, _: &Partial<'_>) {}
}

fuzz_target!(|text: &[u8]| {
    for form in [None].into_iter().chain(Form::ALL.map(Some)) {
        let Ok(reading) = input::read(text, form) else {
            continue;
        };
        let mut dissector = Dissector::default();
        for block in &reading.blocks {
            let origin = Origin {
                direction: block.direction,
                ..Origin::default()
            };
            for data in [Data::Gap(block.gap), Data::Bytes(&block.bytes), Data::End] {
                dissector.push(Chunk { origin, data }, &mut Nobody);
            }
        }
    }
});
