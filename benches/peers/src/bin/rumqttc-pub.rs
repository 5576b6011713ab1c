//! `rumqttc-pub PORT QOS COUNT`: publishes so many messages of 32 bytes with rumqttc, and ends
//! when all of them are acknowledged.

use std::env;

use rumqttc::{AsyncClient, Event, EventLoop, MqttOptions, Outgoing, Packet, QoS};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let numbers: Vec<u64> = env::args()
        .skip(1)
        .map(|word| word.parse().expect("a number"))
        .collect();
    let [port, qos, count] = numbers[..] else {
        panic!("usage: rumqttc-pub PORT QOS COUNT")
    };
    let qos = rumqttc::qos(qos as u8).expect("a QoS is 0, 1 or 2");
    let mut options = MqttOptions::new("rumqttc-pub", "127.0.0.1", port as u16);
    options.set_inflight(100);
    let (client, mut connection) = AsyncClient::new(options, 100);
    tokio::spawn(publish(client, qos, count));
    wait(&mut connection, qos, count).await;
}

async fn publish(client: AsyncClient, qos: QoS, count: u64) {
    for number in 1..=count {
        let payload = format!("{number:032}");
        client
            .publish("l", qos, false, payload)
            .await
            .expect("the connection stands");
    }
    if qos == QoS::AtMostOnce {
        client.disconnect().await.expect("the connection stands");
    }
}

async fn wait(connection: &mut EventLoop, qos: QoS, count: u64) {
    let mut done = 0;
    while done < count {
        match connection.poll().await {
            Ok(Event::Incoming(Packet::PubAck(_) | Packet::PubComp(_))) => done += 1,
            Ok(Event::Outgoing(Outgoing::Disconnect)) => break,
            Ok(_) => {}
            // A QoS 0 publisher may see the broker close before it sees its own DISCONNECT.
            Err(_) if qos == QoS::AtMostOnce => break,
            Err(error) => panic!("{error}"),
        }
    }
}
