
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'mqtk' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'mqtk'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'mqtk' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print the version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print the version')
            [CompletionResult]::new('pub', 'pub', [CompletionResultType]::ParameterValue, 'Publish messages to topics')
            [CompletionResult]::new('sub', 'sub', [CompletionResultType]::ParameterValue, 'Subscribe to topics and print their messages')
            [CompletionResult]::new('broker', 'broker', [CompletionResultType]::ParameterValue, 'Run a broker for tests, in memory and on this machine')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Explain MQTT packets: from a hex dump, a file or a capture')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completions for a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Write the man pages into a directory')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'mqtk;pub' {
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Topic to publish to; may be repeated')
            [CompletionResult]::new('--topic', '--topic', [CompletionResultType]::ParameterName, 'Topic to publish to; may be repeated')
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Publish this text')
            [CompletionResult]::new('--message', '--message', [CompletionResultType]::ParameterName, 'Publish this text')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Publish the content of a file; - is stdin')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Publish the content of a file; - is stdin')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Quality of Service: 0, 1 or 2')
            [CompletionResult]::new('--qos', '--qos', [CompletionResultType]::ParameterName, 'Quality of Service: 0, 1 or 2')
            [CompletionResult]::new('--repeat', '--repeat', [CompletionResultType]::ParameterName, 'Publish the message this many times')
            [CompletionResult]::new('--repeat-delay', '--repeat-delay', [CompletionResultType]::ParameterName, 'Pause between repetitions')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Host name or address of the broker [default: localhost]')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Host name or address of the broker [default: localhost]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Port of the broker [default: 1883; with TLS 8883; by a ws URL 80, wss 443]')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port of the broker [default: 1883; with TLS 8883; by a ws URL 80, wss 443]')
            [CompletionResult]::new('-L', '-L ', [CompletionResultType]::ParameterName, 'Broker and topic: mqtt(s)|ws(s)://[user[:password]@]host[:port][/topic], or unix:///path')
            [CompletionResult]::new('--url', '--url', [CompletionResultType]::ParameterName, 'Broker and topic: mqtt(s)|ws(s)://[user[:password]@]host[:port][/topic], or unix:///path')
            [CompletionResult]::new('--unix', '--unix', [CompletionResultType]::ParameterName, 'Connect to a Unix domain socket')
            [CompletionResult]::new('-A', '-A ', [CompletionResultType]::ParameterName, 'Local address to connect from')
            [CompletionResult]::new('--bind-address', '--bind-address', [CompletionResultType]::ParameterName, 'Local address to connect from')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest wait for the connection, and for each answer of the broker; 0 waits for ever')
            [CompletionResult]::new('--reconnect-min', '--reconnect-min', [CompletionResultType]::ParameterName, 'First pause before connecting again; it doubles with each attempt')
            [CompletionResult]::new('--reconnect-max', '--reconnect-max', [CompletionResultType]::ParameterName, 'Longest pause before connecting again')
            [CompletionResult]::new('--reconnect-for', '--reconnect-for', [CompletionResultType]::ParameterName, 'Give up after this long without a connection [default: pub 60; sub never]')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User Name')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'User Name')
            [CompletionResult]::new('-P', '-P ', [CompletionResultType]::ParameterName, 'Password; every user of this machine can read it in the process list')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'Password; every user of this machine can read it in the process list')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'File whose first line is the password; - is stdin')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Client Identifier [default: the broker chooses one]')
            [CompletionResult]::new('--id', '--id', [CompletionResultType]::ParameterName, 'Client Identifier [default: the broker chooses one]')
            [CompletionResult]::new('-I', '-I ', [CompletionResultType]::ParameterName, 'Client Identifier: this prefix and the process id')
            [CompletionResult]::new('--id-prefix', '--id-prefix', [CompletionResultType]::ParameterName, 'Client Identifier: this prefix and the process id')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'MQTT version: 31, 311 or 5 (also mqttv31, mqttv311, mqttv5) [default: 311]')
            [CompletionResult]::new('--protocol-version', '--protocol-version', [CompletionResultType]::ParameterName, 'MQTT version: 31, 311 or 5 (also mqttv31, mqttv311, mqttv5) [default: 311]')
            [CompletionResult]::new('-x', '-x', [CompletionResultType]::ParameterName, 'Session Expiry Interval in seconds; -1 or ∞ is never (implies -V 5)')
            [CompletionResult]::new('--session-expiry-interval', '--session-expiry-interval', [CompletionResultType]::ParameterName, 'Session Expiry Interval in seconds; -1 or ∞ is never (implies -V 5)')
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'Keep Alive in seconds, up to 65535; 0 turns it off')
            [CompletionResult]::new('--keepalive', '--keepalive', [CompletionResultType]::ParameterName, 'Keep Alive in seconds, up to 65535; 0 turns it off')
            [CompletionResult]::new('-M', '-M ', [CompletionResultType]::ParameterName, 'Most QoS 1 and 2 messages on their way at once')
            [CompletionResult]::new('--max-inflight', '--max-inflight', [CompletionResultType]::ParameterName, 'Most QoS 1 and 2 messages on their way at once')
            [CompletionResult]::new('--max-packet-size', '--max-packet-size', [CompletionResultType]::ParameterName, 'Largest packet to accept from the broker, in bytes [default: no limit]')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Property of a packet: connect|publish|… NAME VALUE (implies -V 5); may be repeated')
            [CompletionResult]::new('--property', '--property', [CompletionResultType]::ParameterName, 'Property of a packet: connect|publish|… NAME VALUE (implies -V 5); may be repeated')
            [CompletionResult]::new('--cafile', '--cafile', [CompletionResultType]::ParameterName, 'File of CA certificates to trust (PEM); turns TLS on')
            [CompletionResult]::new('--capath', '--capath', [CompletionResultType]::ParameterName, 'Directory of CA certificates to trust (PEM); turns TLS on')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Client certificate with its chain (PEM); its key may stand in the same file')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Private key of the client certificate (PEM: PKCS#1, PKCS#8 or SEC1)')
            [CompletionResult]::new('--keyform', '--keyform', [CompletionResultType]::ParameterName, 'Form of the private key: pem')
            [CompletionResult]::new('--crlfile', '--crlfile', [CompletionResultType]::ParameterName, 'File of certificate revocation lists (PEM)')
            [CompletionResult]::new('--tls-alpn', '--tls-alpn', [CompletionResultType]::ParameterName, 'Protocol to offer by ALPN; may be repeated')
            [CompletionResult]::new('--tls-version', '--tls-version', [CompletionResultType]::ParameterName, 'The one TLS version to speak: tlsv1.2 or tlsv1.3 [default: either]')
            [CompletionResult]::new('--ciphers', '--ciphers', [CompletionResultType]::ParameterName, 'Cipher suites to offer, by their names in rustls, with commas between')
            [CompletionResult]::new('--tls-keylog', '--tls-keylog', [CompletionResultType]::ParameterName, 'Append the session secrets to this file, for Wireshark')
            [CompletionResult]::new('--psk', '--psk', [CompletionResultType]::ParameterName, 'Refused: rustls has no PSK cipher suites')
            [CompletionResult]::new('--psk-identity', '--psk-identity', [CompletionResultType]::ParameterName, 'Refused: rustls has no PSK cipher suites')
            [CompletionResult]::new('--tls-engine', '--tls-engine', [CompletionResultType]::ParameterName, 'Refused: rustls has no engines')
            [CompletionResult]::new('--tls-engine-kpass-sha1', '--tls-engine-kpass-sha1', [CompletionResultType]::ParameterName, 'Refused: rustls has no engines')
            [CompletionResult]::new('--ws-path', '--ws-path', [CompletionResultType]::ParameterName, 'Path of the WebSocket request (implies --ws) [default: /mqtt]')
            [CompletionResult]::new('--ws-header', '--ws-header', [CompletionResultType]::ParameterName, 'Header of the WebSocket request (implies --ws); may be repeated')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'SOCKS5 proxy: socks5h://[user[:password]@]host[:port]')
            [CompletionResult]::new('--will-topic', '--will-topic', [CompletionResultType]::ParameterName, 'Topic of the Will Message, which the broker sends if the connection breaks')
            [CompletionResult]::new('--will-payload', '--will-payload', [CompletionResultType]::ParameterName, 'Payload of the Will Message [default: empty]')
            [CompletionResult]::new('--will-qos', '--will-qos', [CompletionResultType]::ParameterName, 'QoS of the Will Message [default: 0]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Read options from this file, instead of the default one')
            [CompletionResult]::new('--options-file', '--options-file', [CompletionResultType]::ParameterName, 'Read options from this file, instead of the default one')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Publish all of stdin as one message')
            [CompletionResult]::new('--stdin-file', '--stdin-file', [CompletionResultType]::ParameterName, 'Publish all of stdin as one message')
            [CompletionResult]::new('-l', '-l', [CompletionResultType]::ParameterName, 'Publish each line of stdin as a message')
            [CompletionResult]::new('--stdin-line', '--stdin-line', [CompletionResultType]::ParameterName, 'Publish each line of stdin as a message')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Publish an empty message (with -r: clear the retained message)')
            [CompletionResult]::new('--null-message', '--null-message', [CompletionResultType]::ParameterName, 'Publish an empty message (with -r: clear the retained message)')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Have the broker retain the message')
            [CompletionResult]::new('--retain', '--retain', [CompletionResultType]::ParameterName, 'Have the broker retain the message')
            [CompletionResult]::new('--embedded', '--embedded', [CompletionResultType]::ParameterName, 'Run a broker inside this command, and connect to it; -p is its port, 0 a free one')
            [CompletionResult]::new('-S', '-S ', [CompletionResultType]::ParameterName, 'Find the broker by the SRV records of HOST, or else of this machine''s domain')
            [CompletionResult]::new('--srv', '--srv', [CompletionResultType]::ParameterName, 'Find the broker by the SRV records of HOST, or else of this machine''s domain')
            [CompletionResult]::new('--nodelay', '--nodelay', [CompletionResultType]::ParameterName, 'Send small packets at once (TCP_NODELAY), as mqtk always does')
            [CompletionResult]::new('--no-reconnect', '--no-reconnect', [CompletionResultType]::ParameterName, 'Give up when the connection is lost')
            [CompletionResult]::new('--ask-password', '--ask-password', [CompletionResultType]::ParameterName, 'Ask for the password on the terminal')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Keep the session: no Clean Start, and the session never expires unless -x says so')
            [CompletionResult]::new('--disable-clean-session', '--disable-clean-session', [CompletionResultType]::ParameterName, 'Keep the session: no Clean Start, and the session never expires unless -x says so')
            [CompletionResult]::new('--tls-use-os-certs', '--tls-use-os-certs', [CompletionResultType]::ParameterName, 'Trust the CA certificates of the system, as is the default; turns TLS on')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Accept any certificate: anyone on the way can then read and change the traffic')
            [CompletionResult]::new('--no-tls', '--no-tls', [CompletionResultType]::ParameterName, 'No TLS, whatever the other options say')
            [CompletionResult]::new('--ws', '--ws', [CompletionResultType]::ParameterName, 'Speak MQTT over WebSocket')
            [CompletionResult]::new('--will-retain', '--will-retain', [CompletionResultType]::ParameterName, 'Retain the Will Message')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Report each packet on stderr')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Report each packet on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no errors: only the exit status speaks')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print the version')
            break
        }
        'mqtk;sub' {
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Topic Filter to subscribe to; may be repeated')
            [CompletionResult]::new('--topic', '--topic', [CompletionResultType]::ParameterName, 'Topic Filter to subscribe to; may be repeated')
            [CompletionResult]::new('-T', '-T ', [CompletionResultType]::ParameterName, 'Do not print topics that match this Topic Filter; may be repeated')
            [CompletionResult]::new('--filter-out', '--filter-out', [CompletionResultType]::ParameterName, 'Do not print topics that match this Topic Filter; may be repeated')
            [CompletionResult]::new('-U', '-U ', [CompletionResultType]::ParameterName, 'Unsubscribe from this Topic Filter first (of a kept session); may be repeated')
            [CompletionResult]::new('--unsubscribe', '--unsubscribe', [CompletionResultType]::ParameterName, 'Unsubscribe from this Topic Filter first (of a kept session); may be repeated')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Highest Quality of Service to receive: 0, 1 or 2')
            [CompletionResult]::new('--qos', '--qos', [CompletionResultType]::ParameterName, 'Highest Quality of Service to receive: 0, 1 or 2')
            [CompletionResult]::new('--retain-handling', '--retain-handling', [CompletionResultType]::ParameterName, 'When to send retained messages: always, for new subscriptions, or never (-V 5)')
            [CompletionResult]::new('-F', '-F ', [CompletionResultType]::ParameterName, 'Print in this format: %t topic, %p payload, %q QoS, %r retain, %I time, %j JSON … (all: mqtk help sub)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Print in this format: %t topic, %p payload, %q QoS, %r retain, %I time, %j JSON … (all: mqtk help sub)')
            [CompletionResult]::new('--random-filter', '--random-filter', [CompletionResultType]::ParameterName, 'Print only this share of the messages, chosen by chance')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Exit after this many messages')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'Exit after this many messages')
            [CompletionResult]::new('-W', '-W ', [CompletionResultType]::ParameterName, 'Exit after this time, with status 27')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Exit after this time, with status 27')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Host name or address of the broker [default: localhost]')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Host name or address of the broker [default: localhost]')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Port of the broker [default: 1883; with TLS 8883; by a ws URL 80, wss 443]')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port of the broker [default: 1883; with TLS 8883; by a ws URL 80, wss 443]')
            [CompletionResult]::new('-L', '-L ', [CompletionResultType]::ParameterName, 'Broker and topic: mqtt(s)|ws(s)://[user[:password]@]host[:port][/topic], or unix:///path')
            [CompletionResult]::new('--url', '--url', [CompletionResultType]::ParameterName, 'Broker and topic: mqtt(s)|ws(s)://[user[:password]@]host[:port][/topic], or unix:///path')
            [CompletionResult]::new('--unix', '--unix', [CompletionResultType]::ParameterName, 'Connect to a Unix domain socket')
            [CompletionResult]::new('-A', '-A ', [CompletionResultType]::ParameterName, 'Local address to connect from')
            [CompletionResult]::new('--bind-address', '--bind-address', [CompletionResultType]::ParameterName, 'Local address to connect from')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest wait for the connection, and for each answer of the broker; 0 waits for ever')
            [CompletionResult]::new('--reconnect-min', '--reconnect-min', [CompletionResultType]::ParameterName, 'First pause before connecting again; it doubles with each attempt')
            [CompletionResult]::new('--reconnect-max', '--reconnect-max', [CompletionResultType]::ParameterName, 'Longest pause before connecting again')
            [CompletionResult]::new('--reconnect-for', '--reconnect-for', [CompletionResultType]::ParameterName, 'Give up after this long without a connection [default: pub 60; sub never]')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'User Name')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'User Name')
            [CompletionResult]::new('-P', '-P ', [CompletionResultType]::ParameterName, 'Password; every user of this machine can read it in the process list')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'Password; every user of this machine can read it in the process list')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'File whose first line is the password; - is stdin')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Client Identifier [default: the broker chooses one]')
            [CompletionResult]::new('--id', '--id', [CompletionResultType]::ParameterName, 'Client Identifier [default: the broker chooses one]')
            [CompletionResult]::new('-I', '-I ', [CompletionResultType]::ParameterName, 'Client Identifier: this prefix and the process id')
            [CompletionResult]::new('--id-prefix', '--id-prefix', [CompletionResultType]::ParameterName, 'Client Identifier: this prefix and the process id')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'MQTT version: 31, 311 or 5 (also mqttv31, mqttv311, mqttv5) [default: 311]')
            [CompletionResult]::new('--protocol-version', '--protocol-version', [CompletionResultType]::ParameterName, 'MQTT version: 31, 311 or 5 (also mqttv31, mqttv311, mqttv5) [default: 311]')
            [CompletionResult]::new('-x', '-x', [CompletionResultType]::ParameterName, 'Session Expiry Interval in seconds; -1 or ∞ is never (implies -V 5)')
            [CompletionResult]::new('--session-expiry-interval', '--session-expiry-interval', [CompletionResultType]::ParameterName, 'Session Expiry Interval in seconds; -1 or ∞ is never (implies -V 5)')
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'Keep Alive in seconds, up to 65535; 0 turns it off')
            [CompletionResult]::new('--keepalive', '--keepalive', [CompletionResultType]::ParameterName, 'Keep Alive in seconds, up to 65535; 0 turns it off')
            [CompletionResult]::new('-M', '-M ', [CompletionResultType]::ParameterName, 'Most QoS 1 and 2 messages on their way at once')
            [CompletionResult]::new('--max-inflight', '--max-inflight', [CompletionResultType]::ParameterName, 'Most QoS 1 and 2 messages on their way at once')
            [CompletionResult]::new('--max-packet-size', '--max-packet-size', [CompletionResultType]::ParameterName, 'Largest packet to accept from the broker, in bytes [default: no limit]')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Property of a packet: connect|publish|… NAME VALUE (implies -V 5); may be repeated')
            [CompletionResult]::new('--property', '--property', [CompletionResultType]::ParameterName, 'Property of a packet: connect|publish|… NAME VALUE (implies -V 5); may be repeated')
            [CompletionResult]::new('--cafile', '--cafile', [CompletionResultType]::ParameterName, 'File of CA certificates to trust (PEM); turns TLS on')
            [CompletionResult]::new('--capath', '--capath', [CompletionResultType]::ParameterName, 'Directory of CA certificates to trust (PEM); turns TLS on')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Client certificate with its chain (PEM); its key may stand in the same file')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Private key of the client certificate (PEM: PKCS#1, PKCS#8 or SEC1)')
            [CompletionResult]::new('--keyform', '--keyform', [CompletionResultType]::ParameterName, 'Form of the private key: pem')
            [CompletionResult]::new('--crlfile', '--crlfile', [CompletionResultType]::ParameterName, 'File of certificate revocation lists (PEM)')
            [CompletionResult]::new('--tls-alpn', '--tls-alpn', [CompletionResultType]::ParameterName, 'Protocol to offer by ALPN; may be repeated')
            [CompletionResult]::new('--tls-version', '--tls-version', [CompletionResultType]::ParameterName, 'The one TLS version to speak: tlsv1.2 or tlsv1.3 [default: either]')
            [CompletionResult]::new('--ciphers', '--ciphers', [CompletionResultType]::ParameterName, 'Cipher suites to offer, by their names in rustls, with commas between')
            [CompletionResult]::new('--tls-keylog', '--tls-keylog', [CompletionResultType]::ParameterName, 'Append the session secrets to this file, for Wireshark')
            [CompletionResult]::new('--psk', '--psk', [CompletionResultType]::ParameterName, 'Refused: rustls has no PSK cipher suites')
            [CompletionResult]::new('--psk-identity', '--psk-identity', [CompletionResultType]::ParameterName, 'Refused: rustls has no PSK cipher suites')
            [CompletionResult]::new('--tls-engine', '--tls-engine', [CompletionResultType]::ParameterName, 'Refused: rustls has no engines')
            [CompletionResult]::new('--tls-engine-kpass-sha1', '--tls-engine-kpass-sha1', [CompletionResultType]::ParameterName, 'Refused: rustls has no engines')
            [CompletionResult]::new('--ws-path', '--ws-path', [CompletionResultType]::ParameterName, 'Path of the WebSocket request (implies --ws) [default: /mqtt]')
            [CompletionResult]::new('--ws-header', '--ws-header', [CompletionResultType]::ParameterName, 'Header of the WebSocket request (implies --ws); may be repeated')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'SOCKS5 proxy: socks5h://[user[:password]@]host[:port]')
            [CompletionResult]::new('--will-topic', '--will-topic', [CompletionResultType]::ParameterName, 'Topic of the Will Message, which the broker sends if the connection breaks')
            [CompletionResult]::new('--will-payload', '--will-payload', [CompletionResultType]::ParameterName, 'Payload of the Will Message [default: empty]')
            [CompletionResult]::new('--will-qos', '--will-qos', [CompletionResultType]::ParameterName, 'QoS of the Will Message [default: 0]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Read options from this file, instead of the default one')
            [CompletionResult]::new('--options-file', '--options-file', [CompletionResultType]::ParameterName, 'Read options from this file, instead of the default one')
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Do not print stale messages: those that the broker had retained')
            [CompletionResult]::new('--no-retained', '--no-retained', [CompletionResultType]::ParameterName, 'Do not print stale messages: those that the broker had retained')
            [CompletionResult]::new('--retain-as-published', '--retain-as-published', [CompletionResultType]::ParameterName, 'Keep the retain flag as the publisher set it (-V 5)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print the topic before the payload')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print the topic before the payload')
            [CompletionResult]::new('-N', '-N ', [CompletionResultType]::ParameterName, 'Print no line end after the payload')
            [CompletionResult]::new('--no-newline', '--no-newline', [CompletionResultType]::ParameterName, 'Print no line end after the payload')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print a JSON object for each message, on a line')
            [CompletionResult]::new('--pretty', '--pretty', [CompletionResultType]::ParameterName, 'Indent the JSON of %j, %J and --json')
            [CompletionResult]::new('-w', '-w', [CompletionResultType]::ParameterName, 'Show one line for each topic, brought up to date in place (implies -v, without -F)')
            [CompletionResult]::new('--watch', '--watch', [CompletionResultType]::ParameterName, 'Show one line for each topic, brought up to date in place (implies -v, without -F)')
            [CompletionResult]::new('--message-rate', '--message-rate', [CompletionResultType]::ParameterName, 'Print the number of messages each second instead of the messages')
            [CompletionResult]::new('-E', '-E ', [CompletionResultType]::ParameterName, 'Exit when the broker has acknowledged the subscriptions')
            [CompletionResult]::new('--exit-after-subscribe', '--exit-after-subscribe', [CompletionResultType]::ParameterName, 'Exit when the broker has acknowledged the subscriptions')
            [CompletionResult]::new('--retained-only', '--retained-only', [CompletionResultType]::ParameterName, 'Print retained messages only, and exit when the broker has sent them all')
            [CompletionResult]::new('--remove-retained', '--remove-retained', [CompletionResultType]::ParameterName, 'Clear each retained message that is received')
            [CompletionResult]::new('--embedded', '--embedded', [CompletionResultType]::ParameterName, 'Run a broker inside this command, and connect to it; -p is its port, 0 a free one')
            [CompletionResult]::new('-S', '-S ', [CompletionResultType]::ParameterName, 'Find the broker by the SRV records of HOST, or else of this machine''s domain')
            [CompletionResult]::new('--srv', '--srv', [CompletionResultType]::ParameterName, 'Find the broker by the SRV records of HOST, or else of this machine''s domain')
            [CompletionResult]::new('--nodelay', '--nodelay', [CompletionResultType]::ParameterName, 'Send small packets at once (TCP_NODELAY), as mqtk always does')
            [CompletionResult]::new('--no-reconnect', '--no-reconnect', [CompletionResultType]::ParameterName, 'Give up when the connection is lost')
            [CompletionResult]::new('--ask-password', '--ask-password', [CompletionResultType]::ParameterName, 'Ask for the password on the terminal')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Keep the session: no Clean Start, and the session never expires unless -x says so')
            [CompletionResult]::new('--disable-clean-session', '--disable-clean-session', [CompletionResultType]::ParameterName, 'Keep the session: no Clean Start, and the session never expires unless -x says so')
            [CompletionResult]::new('--tls-use-os-certs', '--tls-use-os-certs', [CompletionResultType]::ParameterName, 'Trust the CA certificates of the system, as is the default; turns TLS on')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Accept any certificate: anyone on the way can then read and change the traffic')
            [CompletionResult]::new('--no-tls', '--no-tls', [CompletionResultType]::ParameterName, 'No TLS, whatever the other options say')
            [CompletionResult]::new('--ws', '--ws', [CompletionResultType]::ParameterName, 'Speak MQTT over WebSocket')
            [CompletionResult]::new('--will-retain', '--will-retain', [CompletionResultType]::ParameterName, 'Retain the Will Message')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Report each packet on stderr')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Report each packet on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no errors: only the exit status speaks')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print the version')
            break
        }
        'mqtk;broker' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Port to listen on; 0 picks a free one [default: 1883]')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port to listen on; 0 picks a free one [default: 1883]')
            [CompletionResult]::new('-b', '-b', [CompletionResultType]::ParameterName, 'Address to listen on; if other machines reach it, clients need authentication, or the broker --allow-anonymous [default: 127.0.0.1]')
            [CompletionResult]::new('--bind', '--bind', [CompletionResultType]::ParameterName, 'Address to listen on; if other machines reach it, clients need authentication, or the broker --allow-anonymous [default: 127.0.0.1]')
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Listen at mqtt://, mqtts://, ws:// or wss://ADDRESS[:PORT], or at unix://PATH, instead of there (with -p or -b: there too); may be repeated')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Certificate of the broker with its chain (PEM); its key may stand in the same file; may be repeated, for several host names: without a known one the first is used')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Private key of the certificate (PEM: PKCS#1, PKCS#8 or SEC1); for several certificates one each, in their order')
            [CompletionResult]::new('--client-ca', '--client-ca', [CompletionResultType]::ParameterName, 'Let in only clients with a certificate by one of the CAs in this file (PEM)')
            [CompletionResult]::new('--crlfile', '--crlfile', [CompletionResultType]::ParameterName, 'File of revocation lists (PEM), one for each CA of --client-ca that issues certificates')
            [CompletionResult]::new('--protocol-versions', '--protocol-versions', [CompletionResultType]::ParameterName, 'Protocol versions to accept, such as 311,5')
            [CompletionResult]::new('--maximum-qos', '--maximum-qos', [CompletionResultType]::ParameterName, 'Highest QoS to take and to grant: 0, 1 or 2')
            [CompletionResult]::new('--retain-available', '--retain-available', [CompletionResultType]::ParameterName, 'Whether messages can be retained')
            [CompletionResult]::new('--wildcard-available', '--wildcard-available', [CompletionResultType]::ParameterName, 'Whether Topic Filters may have wildcards')
            [CompletionResult]::new('--shared-available', '--shared-available', [CompletionResultType]::ParameterName, 'Whether there are Shared Subscriptions')
            [CompletionResult]::new('--subscription-ids-available', '--subscription-ids-available', [CompletionResultType]::ParameterName, 'Whether there are Subscription Identifiers')
            [CompletionResult]::new('--server-keep-alive', '--server-keep-alive', [CompletionResultType]::ParameterName, 'Keep Alive in seconds that MQTT 5.0 clients must use instead of their own; 0: off')
            [CompletionResult]::new('--receive-maximum', '--receive-maximum', [CompletionResultType]::ParameterName, 'QoS 1 and 2 messages that an MQTT 5.0 client may have unacknowledged')
            [CompletionResult]::new('--max-packet-size', '--max-packet-size', [CompletionResultType]::ParameterName, 'Largest packet to take, in bytes')
            [CompletionResult]::new('--topic-alias-maximum', '--topic-alias-maximum', [CompletionResultType]::ParameterName, 'Topic Aliases that an MQTT 5.0 client may use; 0: none')
            [CompletionResult]::new('--max-session-expiry', '--max-session-expiry', [CompletionResultType]::ParameterName, 'Longest time in seconds to keep a session without connection; -1: for ever')
            [CompletionResult]::new('--max-connections', '--max-connections', [CompletionResultType]::ParameterName, 'Clients connected at a time; one more is refused')
            [CompletionResult]::new('--max-sessions', '--max-sessions', [CompletionResultType]::ParameterName, 'Sessions of clients, connected or away; one more is refused')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Seconds that a connection may take until its CONNECT is there')
            [CompletionResult]::new('--max-authenticating-bytes', '--max-authenticating-bytes', [CompletionResultType]::ParameterName, 'Bytes of CONNECT packets whose clients are being authenticated; more are refused')
            [CompletionResult]::new('--max-inflight', '--max-inflight', [CompletionResultType]::ParameterName, 'QoS 1 and 2 messages sent to a client and not acknowledged')
            [CompletionResult]::new('--max-queued-messages', '--max-queued-messages', [CompletionResultType]::ParameterName, 'QoS 1 and 2 messages that wait for a client; further ones are dropped')
            [CompletionResult]::new('--max-queued-bytes', '--max-queued-bytes', [CompletionResultType]::ParameterName, 'Bytes of the messages that wait for a client')
            [CompletionResult]::new('--max-subscriptions', '--max-subscriptions', [CompletionResultType]::ParameterName, 'Subscriptions of a client; one more is refused')
            [CompletionResult]::new('--max-topic-levels', '--max-topic-levels', [CompletionResultType]::ParameterName, 'Levels of a Topic Filter, and of a topic with a retained message')
            [CompletionResult]::new('--max-retained-messages', '--max-retained-messages', [CompletionResultType]::ParameterName, 'Retained messages; one more is refused')
            [CompletionResult]::new('--max-retained-bytes', '--max-retained-bytes', [CompletionResultType]::ParameterName, 'Bytes of all retained messages')
            [CompletionResult]::new('--max-message-rate', '--max-message-rate', [CompletionResultType]::ParameterName, 'Messages a second that a client may publish; faster ones are slowed down; 0: no limit')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read options from this TOML file: max-connections = 100; the command line, the environment and -o override it')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'How to report events on stderr: as text, or as JSON with the time, one object a line')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Read options from this file, instead of the default one')
            [CompletionResult]::new('--options-file', '--options-file', [CompletionResultType]::ParameterName, 'Read options from this file, instead of the default one')
            [CompletionResult]::new('--self-signed', '--self-signed', [CompletionResultType]::ParameterName, 'Issue a certificate for this machine by a CA of its own, which is made once and kept under $XDG_STATE_HOME or ~/.local/state; the --cafile for clients goes to stderr')
            [CompletionResult]::new('--allow-anonymous', '--allow-anonymous', [CompletionResultType]::ParameterName, 'Let in clients without authentication; else only listeners on loopback, on Unix sockets and with --client-ca do, and they only if no authentication is set up')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Report subscriptions and ended sessions on stderr too, as -d does')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Report subscriptions and ended sessions on stderr too, as -d does')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no errors: only the exit status speaks')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print the version')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Report subscriptions and ended sessions on stderr too')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Report subscriptions and ended sessions on stderr too')
            break
        }
        'mqtk;inspect' {
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'What the packets speak where no CONNECT says it: 31, 311 or 5 [default: inferred]')
            [CompletionResult]::new('--protocol-version', '--protocol-version', [CompletionResultType]::ParameterName, 'What the packets speak where no CONNECT says it: 31, 311 or 5 [default: inferred]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Read options from this file, instead of the default one')
            [CompletionResult]::new('--options-file', '--options-file', [CompletionResultType]::ParameterName, 'Read options from this file, instead of the default one')
            [CompletionResult]::new('--oneline', '--oneline', [CompletionResultType]::ParameterName, 'Print a line for each packet')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Report each packet on stderr')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Report each packet on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no errors: only the exit status speaks')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print the version')
            break
        }
        'mqtk;completions' {
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'mqtk;man' {
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'mqtk;help' {
            [CompletionResult]::new('pub', 'pub', [CompletionResultType]::ParameterValue, 'Publish messages to topics')
            [CompletionResult]::new('sub', 'sub', [CompletionResultType]::ParameterValue, 'Subscribe to topics and print their messages')
            [CompletionResult]::new('broker', 'broker', [CompletionResultType]::ParameterValue, 'Run a broker for tests, in memory and on this machine')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Explain MQTT packets: from a hex dump, a file or a capture')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completions for a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Write the man pages into a directory')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'mqtk;help;pub' {
            break
        }
        'mqtk;help;sub' {
            break
        }
        'mqtk;help;broker' {
            break
        }
        'mqtk;help;inspect' {
            break
        }
        'mqtk;help;completions' {
            break
        }
        'mqtk;help;man' {
            break
        }
        'mqtk;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
