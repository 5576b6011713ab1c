//! A DNS server that answers as a test wants.

use std::net::SocketAddr;
use std::str::FromStr as _;
use std::sync::{Arc, Mutex};

use domain::base::iana::Rcode;
use domain::base::name::Name;
use domain::base::{Message, MessageBuilder, Ttl};
use domain::rdata::{Cname, Srv};
use tokio::net::UdpSocket;

use super::*;
use crate::transport::DnsServers;

/// An SRV record: priority, weight, port and target.
pub type Record = (u16, u16, u16, &'static str);

/// What the server does with every query.
pub enum Script {
    /// Answers with these records.
    Records(Vec<Record>),
    /// Answers that the name is an alias of another, which has this record.
    Alias(Record),
    /// Sends an answer to another query first.
    AfterForgery(Record),
    /// Answers over UDP that there is more than fits, and with the record over TCP.
    OverTcp(Record),
    /// Answers with this code and nothing else.
    Code(Rcode),
    /// Answers nothing.
    Silence,
}

/// The server, until it is dropped.
pub struct NameServer {
    pub address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    tasks: tokio::task::JoinSet<()>,
}

impl NameServer {
    pub async fn start(script: Script) -> Self {
        // UDP and TCP on one port: another may have taken the one of them.
        let (udp, tcp) = loop {
            let udp = UdpSocket::bind("127.0.0.1:0").await.unwrap();
            if let Ok(tcp) = TcpListener::bind(udp.local_addr().unwrap()).await {
                break (udp, tcp);
            }
        };
        let mut server = Self {
            address: udp.local_addr().unwrap(),
            asked: Arc::default(),
            tasks: tokio::task::JoinSet::new(),
        };
        let script = Arc::new(script);
        let (asked, over_udp) = (Arc::clone(&server.asked), Arc::clone(&script));
        server.tasks.spawn(async move {
            let mut datagram = [0; 512];
            loop {
                let (length, client) = udp.recv_from(&mut datagram).await.unwrap();
                let query = Message::from_octets(datagram[..length].to_vec()).unwrap();
                let name = query.sole_question().unwrap().qname().to_string();
                asked.lock().unwrap().push(name);
                for answer in answers(&over_udp, &query, false) {
                    udp.send_to(&answer, client).await.unwrap();
                }
            }
        });
        server.tasks.spawn(async move {
            loop {
                let mut client = accept(&tcp).await;
                let mut query = vec![0; client.read_u16().await.unwrap().into()];
                client.read_exact(&mut query).await.unwrap();
                let query = Message::from_octets(query).unwrap();
                for answer in answers(&script, &query, true) {
                    client.write_u16(answer.len() as u16).await.unwrap();
                    client.write_all(&answer).await.unwrap();
                }
            }
        });
        server
    }

    /// The names that were asked for over UDP.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// The target whose broker this server knows.
    pub fn target(&self, domain: &str) -> Target {
        let domain = domain.to_owned();
        Target {
            dns: DnsServers::These(vec![self.address]),
            ..Target::new(Address::Srv { domain })
        }
    }
}

/// The messages that answer a query.
fn answers(script: &Script, query: &Message<Vec<u8>>, over_tcp: bool) -> Vec<Vec<u8>> {
    let asked = || query.sole_question().unwrap().into_qname().to_string();
    match script {
        Script::Records(records) => vec![answer(query, Rcode::NOERROR, None, records)],
        Script::Alias(record) => {
            vec![answer(query, Rcode::NOERROR, Some(&asked()), &[*record])]
        }
        Script::AfterForgery(record) => {
            let right = answer(query, Rcode::NOERROR, None, &[*record]);
            let mut forged = answer(query, Rcode::NXDOMAIN, None, &[]);
            forged[0] ^= 1;
            vec![b"noise".to_vec(), forged, right]
        }
        Script::OverTcp(record) if over_tcp => {
            vec![answer(query, Rcode::NOERROR, None, &[*record])]
        }
        Script::OverTcp(_) => {
            let mut truncated =
                Message::from_octets(answer(query, Rcode::NOERROR, None, &[])).unwrap();
            truncated.header_mut().set_tc(true);
            vec![truncated.into_octets()]
        }
        Script::Code(code) => vec![answer(query, *code, None, &[])],
        Script::Silence => Vec::new(),
    }
}

fn answer(
    query: &Message<Vec<u8>>,
    code: Rcode,
    alias: Option<&str>,
    records: &[Record],
) -> Vec<u8> {
    let name = |text: &str| Name::<Vec<u8>>::from_str(text).unwrap();
    let mut owner = name(&query.sole_question().unwrap().qname().to_string());
    let mut answer = MessageBuilder::new_vec().start_answer(query, code).unwrap();
    if let Some(alias) = alias {
        let canonical = name("elsewhere.test");
        answer
            .push((name(alias), Ttl::ZERO, Cname::new(canonical.clone())))
            .unwrap();
        owner = canonical;
    }
    for (priority, weight, port, target) in records {
        let srv = Srv::new(*priority, *weight, *port, name(target));
        answer.push((&owner, Ttl::ZERO, srv)).unwrap();
    }
    answer.finish()
}
