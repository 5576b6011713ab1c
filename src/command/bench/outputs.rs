//! The files that a run writes besides its report.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::bench::{Checked, Report};
use crate::cli::BenchFiles;
use crate::command::failure::Failure;
use crate::render;

/// The files written besides the report: made before the run, so that none is lost for want of one.
pub(super) struct Outputs {
    csv: Option<(PathBuf, File)>,
    hlog: Option<(PathBuf, File)>,
    html: Option<(PathBuf, File)>,
}

impl Outputs {
    /// Makes the files.
    pub(super) fn create(files: &BenchFiles) -> Result<Outputs, Failure> {
        let create = |path: &Option<PathBuf>| match path {
            None => Ok(None),
            Some(path) => match File::create(path) {
                Ok(file) => Ok(Some((path.clone(), file))),
                Err(error) => Err(unwritable(path, &error)),
            },
        };
        Ok(Outputs {
            csv: create(&files.csv)?,
            hlog: create(&files.hlog)?,
            html: create(&files.html)?,
        })
    }

    /// Writes what a run found out.
    pub(super) fn write(self, report: &Report, checks: &[Checked]) -> Result<(), Failure> {
        let write = |output: Option<(PathBuf, File)>, bytes: &[u8]| match output {
            None => Ok(()),
            Some((path, mut file)) => {
                let written = file.write_all(bytes);
                written.map_err(|error| unwritable(&path, &error))
            }
        };
        let (mut csv, mut hlog, mut html) = (Vec::new(), Vec::new(), Vec::new());
        render::intervals_csv(&mut csv, report)
            .and_then(|()| render::interval_log(&mut hlog, report))
            .and_then(|()| render::report_html(&mut html, report, checks))
            .map_err(|error| Failure::io("cannot write the report", &error))?;
        write(self.csv, &csv)?;
        write(self.hlog, &hlog)?;
        write(self.html, &html)
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::io(format_args!("cannot write {}", path.display()), error)
}
