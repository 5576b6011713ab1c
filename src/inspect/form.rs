//! The forms in which packets, and the bytes of packets, are written.

/// The form in which a packet is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PacketForm {
    /// Every field on its own line.
    #[default]
    Tree,
    /// One line.
    OneLine,
    /// Every byte, with the name of its field.
    Annotate,
    /// A JSON object.
    Json,
}

/// The form in which the bytes of an encoded packet are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BytesForm {
    /// Hexadecimal digits, a packet on a line.
    #[default]
    Hex,
    /// As `xxd` prints them.
    Xxd,
    /// An array of C.
    C,
    /// A string with escapes, as in C and Python.
    Escaped,
    /// Decimal numbers in brackets.
    Decimal,
    /// Base64.
    Base64,
    /// The bytes themselves.
    Raw,
}

impl BytesForm {
    /// Every form.
    pub const ALL: [BytesForm; 7] = [
        BytesForm::Hex,
        BytesForm::Xxd,
        BytesForm::C,
        BytesForm::Escaped,
        BytesForm::Decimal,
        BytesForm::Base64,
        BytesForm::Raw,
    ];

    /// The form's name, as `--output-format` takes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            BytesForm::Hex => "hex",
            BytesForm::Xxd => "xxd",
            BytesForm::C => "c",
            BytesForm::Escaped => "escaped",
            BytesForm::Decimal => "decimal",
            BytesForm::Base64 => "base64",
            BytesForm::Raw => "raw",
        }
    }
}
