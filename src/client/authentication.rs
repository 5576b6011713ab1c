//! Enhanced authentication: the client's side of SCRAM-SHA-256 in CONNECT and AUTH.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use ring::rand::{SecureRandom, SystemRandom};

use crate::codec::{Auth, Connack, Output, PropertyBuf, PropertyId, ReasonCode, Value};
use crate::scram::{self, METHOD};
use crate::session::Session;

use super::{Client, Error, Options, Phase};

/// The random bytes in a nonce.
const NONCE: usize = 18;

/// An authentication that is under way.
pub(super) struct Authentication {
    scram: scram::Client,
}

impl Authentication {
    /// Begins an exchange, if the options ask for one.
    pub(super) fn begin(options: &Options) -> Result<Option<Self>, Error> {
        let (Some(_), Some(username), Some(password)) =
            (options.auth_method, &options.username, &options.password)
        else {
            return Ok(None);
        };
        let mut nonce = [0; NONCE];
        if SystemRandom::new().fill(&mut nonce).is_err() {
            return Err(Error::Options("the system gives no random numbers".into()));
        }
        let nonce = STANDARD_NO_PAD.encode(nonce);
        let scram = scram::Client::new(username, &password.0, &nonce)?;
        Ok(Some(Self { scram }))
    }

    /// Adds the properties of the CONNECT, or of the AUTH that begins a re-authentication.
    pub(super) fn introduce(&self, properties: &mut PropertyBuf) {
        add(properties, &self.scram.first());
    }

    /// Answers an AUTH of the broker.
    pub(super) fn answer(
        &mut self,
        auth: &Auth<'_>,
        session: &mut Session,
        output: &mut Output,
    ) -> Result<(), Error> {
        let data = auth.properties.authentication_data().unwrap_or_default();
        if auth.reason == ReasonCode::SUCCESS {
            return Ok(self.scram.verify(data)?);
        }
        let mut properties = PropertyBuf::default();
        add(&mut properties, &self.scram.answer(data)?);
        let reason = ReasonCode::CONTINUE_AUTHENTICATION;
        session.auth(reason, properties.as_properties(), output);
        Ok(())
    }

    /// Checks that the broker has proved itself too.
    pub(super) fn conclude(&self, connack: &Connack<'_>) -> Result<(), Error> {
        let data = connack.properties.authentication_data();
        Ok(self.scram.verify(data.unwrap_or_default())?)
    }
}

impl Client {
    /// Authenticates again, if the client is connected and [`Options::auth_method`] is set (5.0
    /// section 4.12.1). If that fails, one of the sides will end the connection.
    ///
    /// # Errors
    ///
    /// The system has no random numbers.
    pub fn authenticate_again(&mut self) -> Result<(), Error> {
        let Phase::Open(open) = &mut self.phase else {
            return Ok(());
        };
        if self.session.is_connected()
            && let Some(authentication) = Authentication::begin(&self.options)?
        {
            let mut properties = PropertyBuf::default();
            authentication.introduce(&mut properties);
            let properties = properties.as_properties();
            let output = &mut open.link.output;
            let reason = ReasonCode::RE_AUTHENTICATE;
            self.session.auth(reason, properties, output);
            self.authentication = Some(authentication);
        }
        Ok(())
    }
}

fn add(properties: &mut PropertyBuf, data: &[u8]) {
    properties.push(PropertyId::AuthenticationMethod, Value::String(METHOD));
    properties.push(PropertyId::AuthenticationData, Value::Binary(data));
}
