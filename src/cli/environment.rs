//! What the environment says: `MQTK_…` variables and where options files are.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

/// The part of the process environment that options come from.
///
/// A value of its own, so that tests need not change that of the process.
#[derive(Clone, Default)]
pub struct Environment {
    /// The variables whose name begins with `MQTK_`.
    variables: Vec<(String, OsString)>,
    /// `$XDG_CONFIG_HOME`, or `$HOME/.config`.
    config_dir: Option<PathBuf>,
    /// `$JOB_COMPLETION_INDEX`, by which Kubernetes tells the pods of an Indexed Job apart.
    job_index: Option<OsString>,
}

impl Environment {
    /// Takes what is needed from variables such as those of [`std::env::vars_os`].
    pub fn new(variables: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        let mut environment = Self::default();
        let mut home = None;
        for (name, value) in variables {
            match name.to_str() {
                Some("XDG_CONFIG_HOME") if !value.is_empty() => {
                    environment.config_dir = Some(value.into());
                }
                Some("JOB_COMPLETION_INDEX") => environment.job_index = Some(value),
                Some("HOME") if !value.is_empty() => home = Some(PathBuf::from(value)),
                Some(name) if name.starts_with("MQTK_") => {
                    environment.variables.push((name.to_owned(), value));
                }
                _ => {}
            }
        }
        if environment.config_dir.is_none() {
            environment.config_dir = home.map(|home| home.join(".config"));
        }
        environment
    }

    /// The environment of this process.
    pub fn of_process() -> Self {
        Self::new(std::env::vars_os())
    }

    /// Whether any `MQTK_…` variable is set.
    pub(super) fn is_empty(&self) -> bool {
        self.variables.is_empty()
    }

    /// The value of a variable that is set and not empty.
    pub(super) fn get(&self, name: &str) -> Option<&OsStr> {
        let (_, value) = self.variables.iter().find(|(set, _)| set == name)?;
        (!value.is_empty()).then_some(value)
    }

    /// The number of this process among those of a job, if there is a job.
    pub(super) fn job_index(&self) -> Option<&str> {
        self.job_index.as_deref()?.to_str()
    }

    /// Where the options file of a subcommand is, if there is one.
    pub(super) fn options_file(&self, subcommand: &str) -> Option<PathBuf> {
        Some(self.config_dir.as_ref()?.join("mqtk").join(subcommand))
    }
}

/// The variable that stands for an option: `MQTK_WILL_TOPIC` for `--will-topic`.
///
/// The broker's begin with `MQTK_BROKER_`, so that a port set for the clients does not move it.
pub(super) fn variable(subcommand: &str, long: &str) -> String {
    let prefix = match subcommand {
        "broker" => "MQTK_BROKER_",
        _ => "MQTK_",
    };
    format!("{prefix}{}", long.replace('-', "_").to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        Environment::new(variables.iter().map(|(k, v)| (k.into(), v.into())))
    }

    #[test]
    fn an_options_file_is_in_the_configuration_directory() {
        let home = environment(&[("HOME", "/home/ann")]);
        assert_eq!(
            home.options_file("pub"),
            Some("/home/ann/.config/mqtk/pub".into())
        );
        let xdg = environment(&[("XDG_CONFIG_HOME", "/etc/ann"), ("HOME", "/home/ann")]);
        assert_eq!(xdg.options_file("sub"), Some("/etc/ann/mqtk/sub".into()));
        assert_eq!(environment(&[]).options_file("sub"), None);
    }

    #[test]
    fn an_empty_variable_is_not_set() {
        let environment = environment(&[("MQTK_HOST", ""), ("MQTK_PORT", "1884"), ("X", "y")]);
        assert_eq!(environment.get("MQTK_HOST"), None);
        assert_eq!(environment.get("MQTK_PORT"), Some(OsStr::new("1884")));
        assert_eq!(environment.get("X"), None);
    }

    #[test]
    fn the_broker_has_its_own_variables() {
        assert_eq!(variable("pub", "will-topic"), "MQTK_WILL_TOPIC");
        assert_eq!(variable("broker", "port"), "MQTK_BROKER_PORT");
    }
}
