//! What a client says first: its CONNECT.

use std::sync::Arc;

use super::context::{Context, Part};
use crate::bench::payload::Writer;
use crate::bench::{Act, Plan, Series, Stamp};
use crate::codec::{Connect, Properties, PropertyBuf, PropertyId, Value, Version, Will};

/// How long a session stays that is to be found again, in seconds (5.0).
const SESSION_EXPIRY: u32 = 3600;

/// What the CONNECT of one client says that others do not.
pub(super) struct Hello {
    plan: Arc<Plan>,
    /// Its number among all clients of the run.
    client: u64,
    client_id: String,
    properties: PropertyBuf,
    clean_start: bool,
    /// Topic and payload of the Will Message.
    will: Option<(String, Vec<u8>)>,
}

impl Hello {
    /// That of a client with this number among those of its part.
    pub(super) fn new(context: &Context, number: u64, part: Part) -> Hello {
        let plan = &context.plan;
        let client = match part {
            Part::Publisher => plan.subscribers + number,
            Part::Subscriber | Part::Returner | Part::Idler => number,
        };
        let properties = plan.client.connect_properties();
        let mut hello = Hello::simple(plan, client, properties, plan.client.clean_start);
        if plan.scenario.act() == Act::Return && part != Part::Publisher {
            hello.keep_session(part);
        }
        if plan.scenario.act() == Act::Die && part == Part::Publisher {
            hello.will = Some((plan.topic.render(number, 0), will(context, number)));
        }
        hello
    }

    /// That of a client which leaves its session at once, and finds none.
    pub(super) fn forgetful(plan: &Arc<Plan>, client: u64) -> Hello {
        Hello::simple(plan, client, PropertyBuf::default(), true)
    }

    fn simple(plan: &Arc<Plan>, client: u64, properties: PropertyBuf, clean_start: bool) -> Hello {
        let given = plan.credentials.as_ref().and_then(|all| all.of(client));
        let given = given.and_then(|given| given.client_id.clone());
        Hello {
            client,
            client_id: given.unwrap_or_else(|| plan.client_id.render(client, 0)),
            properties,
            clean_start,
            will: None,
            plan: Arc::clone(plan),
        }
    }

    /// The session is to be found again.
    fn keep_session(&mut self, part: Part) {
        let is_v5 = self.plan.client.version == Version::V5;
        // In 5.0 a session that begins clean may stay.
        self.clean_start = is_v5 && part == Part::Subscriber;
        let expiry = PropertyId::SessionExpiryInterval;
        if is_v5 && self.properties.as_properties().get(expiry).is_none() {
            self.properties
                .push(expiry, Value::FourByte(SESSION_EXPIRY));
        }
    }

    /// The CONNECT, with what all clients have in common.
    pub(super) fn connect(&self) -> Connect<'_> {
        let plan = &*self.plan;
        let mut connect = (plan.client).connect(&self.properties, self.clean_start);
        connect.client_id = &self.client_id;
        if let Some(given) = plan
            .credentials
            .as_ref()
            .and_then(|all| all.of(self.client))
        {
            connect.username = Some(&given.username);
            connect.password = given.password.as_ref().map(|secret| &secret.0[..]);
        }
        if plan.scenario.act() == Act::Die {
            // Those who receive the wills have none.
            let common = connect.will.take();
            connect.will = self.will.as_ref().map(|(topic, payload)| Will {
                qos: plan.qos,
                retain: false,
                properties: common.map_or(Properties::EMPTY, |will| will.properties),
                topic,
                payload,
            });
        }
        connect
    }
}

/// The Will Payload of a client, which tells whose it is.
fn will(context: &Context, number: u64) -> Vec<u8> {
    let mut writer = Writer::new(&context.plan.payload, true);
    let stamp = || Stamp {
        run: context.run,
        series: Series::new(number, context.plan.qos),
        sequence: Some(0),
        intended: 0,
        lag: 0,
    };
    writer.next(number, 0, stamp).to_vec()
}
