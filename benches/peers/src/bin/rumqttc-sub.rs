//! `rumqttc-sub PORT QOS COUNT`: subscribes with rumqttc, writes each payload as a line, and
//! ends after so many messages.

use std::env;
use std::io::{self, BufWriter, Write};

use rumqttc::{AsyncClient, Event, MqttOptions, Packet};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let numbers: Vec<u64> = env::args()
        .skip(1)
        .map(|word| word.parse().expect("a number"))
        .collect();
    let [port, qos, count] = numbers[..] else {
        panic!("usage: rumqttc-sub PORT QOS COUNT")
    };
    let qos = rumqttc::qos(qos as u8).expect("a QoS is 0, 1 or 2");
    let mut options = MqttOptions::new("rumqttc-sub", "127.0.0.1", port as u16);
    options.set_inflight(100);
    let (client, mut connection) = AsyncClient::new(options, 100);
    client
        .subscribe("l", qos)
        .await
        .expect("the channel has room");
    let mut out = BufWriter::with_capacity(64 * 1024, io::stdout().lock());
    let mut received = 0;
    while received < count {
        if let Event::Incoming(Packet::Publish(message)) =
            connection.poll().await.expect("the connection stands")
        {
            received += 1;
            out.write_all(&message.payload)
                .and_then(|()| out.write_all(b"\n"))
                .expect("stdout");
        }
    }
    out.flush().expect("stdout");
}
