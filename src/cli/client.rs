//! What the flags say about the connection, as [`client::Options`](crate::client::Options).

use std::time::Duration;

use clap::Args;

use super::connection::{ConnectionFlags, CredentialFlags};
use super::credentials;
use super::property::{Carrier, properties};
use super::session::SessionFlags;
use super::tls::{TlsFlags, TunnelFlags};
use super::values::{FOR_EVER, NEVER_EXPIRES};
use super::will::WillFlags;
use crate::client::{Options, Reconnect, WillMessage};
use crate::codec::{PropertyBuf, PropertyId, Value, Version};
use crate::topic::check_name;
use crate::transport::{Address, Target, local_domain};

/// The flags that `pub` and `sub` share.
#[derive(Args)]
pub(super) struct ClientFlags {
    #[command(flatten)]
    pub connection: ConnectionFlags,
    #[command(flatten)]
    pub credentials: CredentialFlags,
    #[command(flatten)]
    pub session: SessionFlags,
    #[command(flatten)]
    pub tls: TlsFlags,
    #[command(flatten)]
    pub tunnel: TunnelFlags,
    #[command(flatten)]
    pub will: WillFlags,
}

impl ClientFlags {
    /// The version: the one given, or 5 where something else asks for it, or 3.1.1.
    pub fn version(&self) -> Result<Version, String> {
        let asks = if self.session.session_expiry_interval.is_some() {
            Some("-x")
        } else if !self.session.property.is_empty() {
            Some("-D")
        } else if self.credentials.auth_method.is_some() {
            Some("--auth-method")
        } else {
            None
        };
        match (self.session.protocol_version, asks) {
            (None, None) => Ok(Version::V3_1_1),
            (None | Some(Version::V5), _) => Ok(Version::V5),
            (Some(version), None) => Ok(version),
            (Some(_), Some(flag)) => Err(format!("{flag} needs MQTT 5: say -V 5, or leave -V out")),
        }
    }

    /// Takes the topic out of the URL, if one stands there. Where there are `others`, the path
    /// of a WebSocket URL is that of the request, unless this is given apart.
    pub fn take_url_topic(&mut self, others: bool) -> Option<String> {
        let is_path_wanted = others && self.tunnel.ws_path.is_none();
        self.connection.url.as_mut()?.take_topic(is_path_wanted)
    }

    /// Everything the client core is told. Reads the password last, since it may ask for it.
    ///
    /// `window` is how long to try again after a lost connection, if the flags do not say.
    pub fn options(self, window: Option<Duration>) -> Result<Options, String> {
        let version = self.version()?;
        let mut options = Options::new(self.target()?);
        options.version = version;
        options.client_id = self.client_id(version)?;
        options.clean_start = !self.session.disable_clean_session;
        options.keep_alive = self.session.keepalive;
        if let Some(count) = self.session.max_inflight {
            options.max_inflight = count;
        }
        options.will = self.will(version)?;
        options.properties = self.connect_properties(version)?;
        options.disconnect_properties = properties(&self.session.property, Carrier::Disconnect)?;
        if let Some(bytes) = self.session.max_packet_size {
            options.max_packet_size = bytes as usize;
        }
        options.reconnect = self.reconnect(window);
        let patience = match self.connection.timeout {
            Duration::ZERO => FOR_EVER,
            timeout => timeout,
        };
        options.connect_timeout = patience;
        options.ack_timeout = patience;

        let url = self.connection.url.as_ref();
        options.username = self
            .credentials
            .username
            .clone()
            .or_else(|| Some(url?.user()?.to_owned()));
        options.password = credentials::password(&self.credentials, url, &options)?;
        options.auth_method = self.credentials.auth_method;
        if options.auth_method.is_some()
            && (options.username.is_none() || options.password.is_none())
        {
            return Err("--auth-method needs a user name and a password: -u and -P".into());
        }
        if version != Version::V5 && options.password.is_some() && options.username.is_none() {
            return Err("before MQTT 5, a password needs a user name: give -u, or -V 5".into());
        }
        Ok(options)
    }

    fn client_id(&self, version: Version) -> Result<String, String> {
        if let Some(id) = &self.session.id {
            return Ok(id.clone());
        }
        if let Some(prefix) = &self.session.id_prefix {
            return Ok(format!("{prefix}{}", std::process::id()));
        }
        if self.session.disable_clean_session {
            return Err(
                "-c needs a Client Identifier, by which the session is found again: -i".into(),
            );
        }
        Ok(match version {
            // 3.1 has no empty Client Identifier, and at most 23 characters.
            Version::V3_1 => format!("mqtk{}", std::process::id()),
            _ => String::new(),
        })
    }

    /// The properties of CONNECT: those of -D, and those that other flags stand for.
    fn connect_properties(&self, version: Version) -> Result<PropertyBuf, String> {
        let mut all = properties(&self.session.property, Carrier::Connect)?;
        let expiry = match self.session.session_expiry_interval {
            None if self.session.disable_clean_session => Some(NEVER_EXPIRES),
            given => given,
        };
        for (id, number) in [
            (PropertyId::SessionExpiryInterval, expiry),
            (PropertyId::MaximumPacketSize, self.session.max_packet_size),
        ] {
            let is_given = all.as_properties().get(id).is_some();
            if let Some(number) = number.filter(|_| version == Version::V5 && !is_given) {
                all.push(id, Value::FourByte(number));
            }
        }
        Ok(all)
    }

    fn reconnect(&self, window: Option<Duration>) -> Option<Reconnect> {
        let flags = &self.connection;
        (!flags.no_reconnect).then(|| Reconnect {
            min_delay: flags.reconnect_min,
            // A longer first pause says more than the default of the longest.
            max_delay: flags.reconnect_max.max(flags.reconnect_min),
            window: flags.reconnect_for.or(window),
        })
    }

    fn will(&self, version: Version) -> Result<Option<WillMessage>, String> {
        let flags = &self.will;
        let properties = properties(&self.session.property, Carrier::Will)?;
        let Some(topic) = &flags.will_topic else {
            let detail = flags.will_payload.is_some() || flags.will_qos.is_some();
            let detail = detail || flags.will_retain || properties != Default::default();
            return match detail {
                true => Err("a Will Message needs its topic: --will-topic".into()),
                false => Ok(None),
            };
        };
        check_name(topic, version).map_err(|error| format!("--will-topic '{topic}': {error}"))?;
        let payload = flags.will_payload.clone().unwrap_or_default();
        if payload.len() > usize::from(u16::MAX) {
            return Err("--will-payload is longer than the 65535 bytes of a Will Message".into());
        }
        Ok(Some(WillMessage {
            topic: topic.clone(),
            payload: payload.into_encoded_bytes(),
            qos: flags.will_qos.unwrap_or_default(),
            retain: flags.will_retain,
            properties,
        }))
    }

    fn target(&self) -> Result<Target, String> {
        let connection = &self.connection;
        let from_url = connection.url.as_ref().map(|url| url.url.target());
        let (tls, websocket) =
            from_url.map_or((None, None), |target| (target.tls, target.websocket));
        let websocket = self.tunnel.options(websocket);
        // With Mosquitto's clients, port 8883 alone means TLS.
        let tls = self
            .tls
            .options(tls.is_some() || connection.port == Some(8883))?;
        let address = self.address(tls.is_some())?;
        if matches!(address, Address::Unix(_)) && (tls.is_some() || websocket.is_some()) {
            return Err("a Unix socket is used without TLS and WebSocket".into());
        }
        Ok(Target {
            tls,
            websocket,
            proxy: self.tunnel.proxy.clone(),
            bind: connection.bind_address,
            nodelay: true,
            ..Target::new(address)
        })
    }

    fn address(&self, tls: bool) -> Result<Address, String> {
        let connection = &self.connection;
        if connection.srv {
            return self.domain().map(|domain| Address::Srv { domain });
        }
        if let Some(path) = &connection.unix {
            return Ok(Address::Unix(path.clone()));
        }
        // --ws alone does not change the port, as in Mosquitto's clients; a URL does.
        let url = connection.url.as_ref();
        let default_port = match (tls, url.is_some_and(|url| url.url.scheme.is_websocket())) {
            (false, false) => 1883,
            (true, false) => 8883,
            (false, true) => 80,
            (true, true) => 443,
        };
        let port = connection.port.unwrap_or(default_port);
        Ok(match (&connection.host, &connection.url) {
            (Some(host), None) => Address::tcp(host, port),
            (None, None) => Address::tcp("localhost", port),
            (host, Some(url)) => match &url.url.address {
                Address::Tcp { host: from_url, .. } => Address::tcp(
                    host.as_ref().unwrap_or(from_url),
                    connection
                        .port
                        .or(url.url.explicit_port)
                        .unwrap_or(default_port),
                ),
                other => other.clone(),
            },
        })
    }

    /// The domain whose SRV records name the broker.
    fn domain(&self) -> Result<String, String> {
        let connection = &self.connection;
        let url = connection.url.as_ref().map(|url| &url.url);
        if url.is_some_and(|url| url.explicit_port.is_some()) {
            return Err("-S: the SRV record says the port: leave it out of the URL".into());
        }
        match (&connection.host, url.map(|url| &url.address)) {
            (Some(host), _) | (None, Some(Address::Tcp { host, .. })) => Ok(host.clone()),
            (None, Some(_)) => Err("-S: a Unix socket has no SRV record".into()),
            (None, None) => local_domain()
                .map_err(|error| format!("-S: whose broker? Give the domain, -h: {error}")),
        }
    }
}
