# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_mqtk_global_optspecs
    string join \n h/help V/version
end

function __fish_mqtk_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_mqtk_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_mqtk_using_subcommand
    set -l cmd (__fish_mqtk_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c mqtk -n "__fish_mqtk_needs_command" -s h -l help -d 'Print help'
complete -c mqtk -n "__fish_mqtk_needs_command" -s V -l version -d 'Print the version'
complete -c mqtk -n "__fish_mqtk_needs_command" -f -a "pub" -d 'Publish messages to topics'
complete -c mqtk -n "__fish_mqtk_needs_command" -f -a "sub" -d 'Subscribe to topics and print their messages'
complete -c mqtk -n "__fish_mqtk_needs_command" -f -a "broker" -d 'Run a broker for tests, on this machine'
complete -c mqtk -n "__fish_mqtk_needs_command" -f -a "inspect" -d 'Explain MQTT packets: from a hex dump, a file or a capture'
complete -c mqtk -n "__fish_mqtk_needs_command" -f -a "bench" -d 'Load a broker, and measure what it holds'
complete -c mqtk -n "__fish_mqtk_needs_command" -f -a "passwd" -d 'Manage the password file of a broker'
complete -c mqtk -n "__fish_mqtk_needs_command" -f -a "completions" -d 'Print the completions for a shell'
complete -c mqtk -n "__fish_mqtk_needs_command" -f -a "man" -d 'Write the man pages into a directory'
complete -c mqtk -n "__fish_mqtk_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -s t -l topic -d 'Topic to publish to; may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -s m -l message -d 'Publish this text' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -s f -l file -d 'Publish the content of a file; - is stdin' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -s q -l qos -d 'Quality of Service: 0, 1 or 2' -r -f -a "0\t''
1\t''
2\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l repeat -d 'Publish the message this many times' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l repeat-delay -d 'Pause between repetitions' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -s h -l host -d 'Host name or address of the broker [default: localhost]' -r -f -a "(__fish_print_hostnames)"
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -s p -l port -d 'Port of the broker [default: 1883; with TLS 8883; by a ws URL 80, wss 443]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -s L -l url -d 'Broker and topic: mqtt(s)|ws(s)://[user[:password]@]host[:port][/topic], or unix:///path' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l unix -d 'Connect to a Unix domain socket' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -s A -l bind-address -d 'Local address to connect from' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l timeout -d 'Longest wait for the connection, and for each answer of the broker; 0 waits for ever' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l reconnect-min -d 'First pause before connecting again; it doubles with each attempt' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l reconnect-max -d 'Longest pause before connecting again' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l reconnect-for -d 'Give up this long after the connection was lost [default: pub 60; sub never]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -s u -l username -d 'User Name' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -s P -l password -d 'Password; every user of this machine can read it in the process list' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l password-file -d 'File whose first line is the password; - is stdin' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l auth-method -d 'Prove by SCRAM-SHA-256 that the password is known, without sending it (implies -V 5)' -r -f -a "SCRAM-SHA-256\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -s i -l id -d 'Client Identifier [default: the broker chooses one]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -s I -l id-prefix -d 'Client Identifier: this prefix and the process id' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -s V -l protocol-version -d 'MQTT version: 31, 311 or 5 (also mqttv31, mqttv311, mqttv5) [default: 311]' -r -f -a "31\t''
311\t''
5\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -s x -l session-expiry-interval -d 'Session Expiry Interval in seconds; -1 or ∞ is never (implies -V 5)' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -s k -l keepalive -d 'Keep Alive in seconds, up to 65535; 0 turns it off' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -s M -l max-inflight -d 'Most QoS 1 and 2 messages on their way at once [default: 100; at QoS 2 before MQTT 5.0: 20]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l max-packet-size -d 'Largest packet to accept from the broker, in bytes [default: no limit]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -s D -l property -d 'Property of a packet: connect|publish|… NAME VALUE (implies -V 5); may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l cafile -d 'File of CA certificates to trust (PEM); turns TLS on' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l capath -d 'Directory of CA certificates to trust (PEM); turns TLS on' -r -f -a "(__fish_complete_directories)"
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l cert -d 'Client certificate with its chain (PEM); its key may stand in the same file' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l key -d 'Private key of the client certificate (PEM: PKCS#1, PKCS#8 or SEC1)' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l keyform -d 'Form of the private key: pem' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l crlfile -d 'File of certificate revocation lists (PEM)' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l tls-alpn -d 'Protocol to offer by ALPN; may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l tls-version -d 'The one TLS version to speak: tlsv1.2 or tlsv1.3 [default: either]' -r -f -a "tlsv1.2\t''
tlsv1.3\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l ciphers -d 'Cipher suites to offer, by their names in rustls, with commas between' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l tls-keylog -d 'Append the session secrets to this file, for Wireshark' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l psk -d 'Refused: rustls has no PSK cipher suites' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l psk-identity -d 'Refused: rustls has no PSK cipher suites' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l tls-engine -d 'Refused: rustls has no engines' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l tls-engine-kpass-sha1 -d 'Refused: rustls has no engines' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l ws-path -d 'Path of the WebSocket request (implies --ws) [default: /mqtt]' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l ws-header -d 'Header of the WebSocket request (implies --ws); may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l proxy -d 'SOCKS5 proxy: socks5h://[user[:password]@]host[:port]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l will-topic -d 'Topic of the Will Message, which the broker sends if the connection breaks' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l will-payload -d 'Payload of the Will Message [default: empty]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l will-qos -d 'QoS of the Will Message [default: 0]' -r -f -a "0\t''
1\t''
2\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -s o -l options-file -d 'Read options from this file, instead of the default one' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -s s -l stdin-file -d 'Publish all of stdin as one message'
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -s l -l stdin-line -d 'Publish each line of stdin as a message'
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -s n -l null-message -d 'Publish an empty message (with -r: clear the retained message)'
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -s r -l retain -d 'Have the broker retain the message'
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l embedded -d 'Run a broker inside this command, and connect to it; -p is its port, 0 a free one'
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -s S -l srv -d 'Find the broker by the SRV records of HOST, or else of this machine\'s domain'
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l nodelay -d 'Send small packets at once (TCP_NODELAY), as mqtk always does'
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l no-reconnect -d 'Give up when the connection is lost'
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l ask-password -d 'Ask for the password on the terminal'
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -s c -l disable-clean-session -d 'Keep the session: no Clean Start, and the session never expires unless -x says so'
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l tls-use-os-certs -d 'Trust the CA certificates of the system, as is the default; turns TLS on'
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l insecure -d 'Accept any certificate: anyone on the way can then read and change the traffic'
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l no-tls -d 'No TLS, whatever the other options say'
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l ws -d 'Speak MQTT over WebSocket'
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l will-retain -d 'Retain the Will Message'
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -s d -l debug -d 'Report each packet on stderr'
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l quiet -d 'Print no errors: only the exit status speaks'
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l help -d 'Print help'
complete -c mqtk -n "__fish_mqtk_using_subcommand pub" -l version -d 'Print the version'
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -s t -l topic -d 'Topic Filter to subscribe to; may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -s T -l filter-out -d 'Do not print topics that match this Topic Filter; may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -s U -l unsubscribe -d 'Unsubscribe from this Topic Filter first (of a kept session); may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -s q -l qos -d 'Highest Quality of Service to receive: 0, 1 or 2' -r -f -a "0\t''
1\t''
2\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l retain-handling -d 'When to send retained messages: always, for new subscriptions, or never (-V 5)' -r -f -a "always\t''
new\t''
never\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -s F -l format -d 'Print in this format: %t topic, %p payload, %q QoS, %r retain, %I time, %j JSON … (all: mqtk help sub)' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l random-filter -d 'Print only this share of the messages, chosen by chance' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -s C -l count -d 'Exit after this many messages' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -s W -l wait -d 'Exit after this time, with status 27' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -s h -l host -d 'Host name or address of the broker [default: localhost]' -r -f -a "(__fish_print_hostnames)"
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -s p -l port -d 'Port of the broker [default: 1883; with TLS 8883; by a ws URL 80, wss 443]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -s L -l url -d 'Broker and topic: mqtt(s)|ws(s)://[user[:password]@]host[:port][/topic], or unix:///path' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l unix -d 'Connect to a Unix domain socket' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -s A -l bind-address -d 'Local address to connect from' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l timeout -d 'Longest wait for the connection, and for each answer of the broker; 0 waits for ever' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l reconnect-min -d 'First pause before connecting again; it doubles with each attempt' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l reconnect-max -d 'Longest pause before connecting again' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l reconnect-for -d 'Give up this long after the connection was lost [default: pub 60; sub never]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -s u -l username -d 'User Name' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -s P -l password -d 'Password; every user of this machine can read it in the process list' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l password-file -d 'File whose first line is the password; - is stdin' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l auth-method -d 'Prove by SCRAM-SHA-256 that the password is known, without sending it (implies -V 5)' -r -f -a "SCRAM-SHA-256\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -s i -l id -d 'Client Identifier [default: the broker chooses one]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -s I -l id-prefix -d 'Client Identifier: this prefix and the process id' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -s V -l protocol-version -d 'MQTT version: 31, 311 or 5 (also mqttv31, mqttv311, mqttv5) [default: 311]' -r -f -a "31\t''
311\t''
5\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -s x -l session-expiry-interval -d 'Session Expiry Interval in seconds; -1 or ∞ is never (implies -V 5)' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -s k -l keepalive -d 'Keep Alive in seconds, up to 65535; 0 turns it off' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -s M -l max-inflight -d 'Most QoS 1 and 2 messages on their way at once [default: 100; at QoS 2 before MQTT 5.0: 20]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l max-packet-size -d 'Largest packet to accept from the broker, in bytes [default: no limit]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -s D -l property -d 'Property of a packet: connect|publish|… NAME VALUE (implies -V 5); may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l cafile -d 'File of CA certificates to trust (PEM); turns TLS on' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l capath -d 'Directory of CA certificates to trust (PEM); turns TLS on' -r -f -a "(__fish_complete_directories)"
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l cert -d 'Client certificate with its chain (PEM); its key may stand in the same file' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l key -d 'Private key of the client certificate (PEM: PKCS#1, PKCS#8 or SEC1)' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l keyform -d 'Form of the private key: pem' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l crlfile -d 'File of certificate revocation lists (PEM)' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l tls-alpn -d 'Protocol to offer by ALPN; may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l tls-version -d 'The one TLS version to speak: tlsv1.2 or tlsv1.3 [default: either]' -r -f -a "tlsv1.2\t''
tlsv1.3\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l ciphers -d 'Cipher suites to offer, by their names in rustls, with commas between' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l tls-keylog -d 'Append the session secrets to this file, for Wireshark' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l psk -d 'Refused: rustls has no PSK cipher suites' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l psk-identity -d 'Refused: rustls has no PSK cipher suites' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l tls-engine -d 'Refused: rustls has no engines' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l tls-engine-kpass-sha1 -d 'Refused: rustls has no engines' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l ws-path -d 'Path of the WebSocket request (implies --ws) [default: /mqtt]' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l ws-header -d 'Header of the WebSocket request (implies --ws); may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l proxy -d 'SOCKS5 proxy: socks5h://[user[:password]@]host[:port]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l will-topic -d 'Topic of the Will Message, which the broker sends if the connection breaks' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l will-payload -d 'Payload of the Will Message [default: empty]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l will-qos -d 'QoS of the Will Message [default: 0]' -r -f -a "0\t''
1\t''
2\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -s o -l options-file -d 'Read options from this file, instead of the default one' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -s R -l no-retained -d 'Do not print stale messages: those that the broker had retained'
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l retain-as-published -d 'Keep the retain flag as the publisher set it (-V 5)'
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -s v -l verbose -d 'Print the topic before the payload'
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -s N -l no-newline -d 'Print no line end after the payload'
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l json -d 'Print a JSON object for each message, on a line'
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l pretty -d 'Indent the JSON of %j, %J and --json'
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -s w -l watch -d 'Show one line for each topic, brought up to date in place (implies -v, without -F)'
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l message-rate -d 'Print the number of messages each second instead of the messages'
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -s E -l exit-after-subscribe -d 'Exit when the broker has acknowledged the subscriptions'
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l retained-only -d 'Print retained messages only, and exit when the broker has sent them all'
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l remove-retained -d 'Clear each retained message that is received'
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l embedded -d 'Run a broker inside this command, and connect to it; -p is its port, 0 a free one'
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -s S -l srv -d 'Find the broker by the SRV records of HOST, or else of this machine\'s domain'
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l nodelay -d 'Send small packets at once (TCP_NODELAY), as mqtk always does'
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l no-reconnect -d 'Give up when the connection is lost'
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l ask-password -d 'Ask for the password on the terminal'
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -s c -l disable-clean-session -d 'Keep the session: no Clean Start, and the session never expires unless -x says so'
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l tls-use-os-certs -d 'Trust the CA certificates of the system, as is the default; turns TLS on'
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l insecure -d 'Accept any certificate: anyone on the way can then read and change the traffic'
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l no-tls -d 'No TLS, whatever the other options say'
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l ws -d 'Speak MQTT over WebSocket'
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l will-retain -d 'Retain the Will Message'
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -s d -l debug -d 'Report each packet on stderr'
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l quiet -d 'Print no errors: only the exit status speaks'
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l help -d 'Print help'
complete -c mqtk -n "__fish_mqtk_using_subcommand sub" -l version -d 'Print the version'
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -s p -l port -d 'Port to listen on; 0 picks a free one [default: 1883]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -s b -l bind -d 'Address to listen on; if other machines reach it, clients need authentication, or the broker --allow-anonymous [default: 127.0.0.1]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l listen -d 'Listen at mqtt://, mqtts://, ws:// or wss://ADDRESS[:PORT], or at unix://PATH, instead of at the port and address of -p and -b (if one of them is given: there too); may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l cert -d 'Certificate to show to clients, with its chain (PEM); its key may stand in the same file; may be repeated, for several host names: without a known one the first is used' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l key -d 'Private key of the certificate (PEM: PKCS#1, PKCS#8 or SEC1); for several certificates one each, in their order' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l ocsp-staple -d 'OCSP response for the certificate (DER), for clients that ask for it; for several certificates one each, in their order' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l client-ca -d 'Let in only clients with a certificate by one of the CAs in this file (PEM)' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l crlfile -d 'File of revocation lists (PEM), one for each CA of --client-ca that issues certificates' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l password-file -d 'File of users and password hashes, as mqtk passwd and mosquitto_passwd make it' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l auth-command -d 'Shell command to ask about each client, which it is told as JSON on its stdin' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l auth-timeout -d 'Seconds to wait for an answer of --auth-command' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l acl-file -d 'Who may publish and receive what, in Mosquitto\'s syntax: topic, user and pattern lines; and address 10.0.0.0/8 for clients from there; without a file, everything is allowed' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l protocol-versions -d 'Protocol versions to accept, such as 311,5' -r -f -a "31\t''
311\t''
5\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l maximum-qos -d 'Highest QoS to take and to grant: 0, 1 or 2' -r -f -a "0\t''
1\t''
2\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l retain-available -d 'Whether messages can be retained' -r -f -a "true\t''
false\t''
1\t''
0\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l wildcard-available -d 'Whether Topic Filters may have wildcards' -r -f -a "true\t''
false\t''
1\t''
0\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l shared-available -d 'Whether there are Shared Subscriptions' -r -f -a "true\t''
false\t''
1\t''
0\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l subscription-ids-available -d 'Whether there are Subscription Identifiers' -r -f -a "true\t''
false\t''
1\t''
0\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l server-keep-alive -d 'Keep Alive in seconds that MQTT 5.0 clients must use instead of their own; 0: off' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l max-keep-alive -d 'Longest Keep Alive in seconds for MQTT 5.0 clients, who are told to use it if they ask for as much or more; a Keep Alive of 0 stays off; 0: no limit' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l response-information -d 'Response Information for MQTT 5.0 clients that ask for it, such as the root of their response topics' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l use-another-server -d 'Refuse every client, and tell MQTT 5.0 clients to use another server for now; several with a space between' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l server-moved -d 'Refuse every client, and tell MQTT 5.0 clients that the server has moved for good' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l receive-maximum -d 'QoS 1 and 2 messages that an MQTT 5.0 client may have unacknowledged' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l max-packet-size -d 'Largest packet to take, in bytes' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l topic-alias-maximum -d 'Topic Aliases that an MQTT 5.0 client may use; 0: none' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l max-session-expiry -d 'Longest time in seconds to keep a session without connection; -1: for ever' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l max-connections -d 'Clients connected at a time; one more is refused' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l max-sessions -d 'Sessions of clients, connected or away; one more is refused' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l connect-timeout -d 'Seconds that a connection may take until its CONNECT has arrived' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l max-authenticating-bytes -d 'Bytes of CONNECT packets whose clients are being authenticated; more are refused' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l max-connection-age -d 'Most seconds that a connection may last; it is closed in the last tenth of them' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l max-inflight -d 'QoS 1 and 2 messages sent to a client and not acknowledged' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l max-queued-messages -d 'QoS 1 and 2 messages that wait for a client; further ones are dropped. As many of QoS 2 may wait for their publisher\'s PUBREL' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l max-queued-bytes -d 'Bytes of the messages that wait for a client' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l max-inflight-in-all -d 'QoS 1 and 2 messages sent to all clients together and not acknowledged; above it each client has one at a time, and the others wait' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l max-inflight-bytes-in-all -d 'Bytes of the messages that are sent to all clients together and not acknowledged' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l max-queued-messages-in-all -d 'QoS 1 and 2 messages that wait for all clients together; further ones are dropped' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l max-queued-bytes-in-all -d 'Bytes of the messages that wait for all clients together' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l max-output-in-all -d 'Bytes on their way to all clients together; above it publishers wait for slow clients sooner' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l max-subscriptions -d 'Subscriptions of a client; one more is refused' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l max-subscription-bytes -d 'Bytes of the Topic Filters of a client; one more is refused' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l max-subscription-bytes-in-all -d 'Bytes of the Topic Filters of all clients together, and 128 more for each; one more is refused' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l max-topic-levels -d 'Levels of a Topic Filter, and of a topic with a retained message' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l max-retained-messages -d 'Retained messages; one more is refused' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l max-retained-bytes -d 'Bytes of all retained messages' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l max-message-rate -d 'Messages a second that a client may publish; faster ones are slowed down; 0: no limit' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l abuse-window -d 'Seconds within which one of the counts below leads to a block; half of it slows down' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l abuse-block -d 'Seconds that a block lasts' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l abuse-address-connects -d 'CONNECTs of an address; 0: any number' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l abuse-no-connects -d 'Connections of an address without CONNECT' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l abuse-failed-logins -d 'Failed logins of an address' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l abuse-client-connects -d 'CONNECTs with a Client Identifier' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l abuse-abnormal-ends -d 'Connections of a Client Identifier that end without DISCONNECT, or by breaking the protocol' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l abuse-refusals -d 'Messages and subscriptions of a Client Identifier that are refused by the ACL' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l abuse-unwanted-messages -d 'Messages of a Client Identifier that nobody gets; 0: any number' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l persist -d 'Keep sessions, their messages, retained messages and delayed wills in this directory, also through a crash; it is made if it is not there' -r -f -a "(__fish_complete_directories)"
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l sync -d 'What --persist survives: with batch, a power failure too: nothing is acknowledged before it is on the disk; with never, a crash of the broker only' -r -f -a "batch\t''
never\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l watch -d 'Print to stdout what clients publish on topics that match [default: #], as mqtk sub does: the publisher\'s Client Identifier, the topic and the payload; may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -s F -l format -d 'Print what --watch shows in this format, which is that of mqtk sub -F, with %c for the publisher\'s Client Identifier' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l metrics -d 'Serve the broker\'s counters for Prometheus at http://ADDRESS:PORT/metrics, and /healthz [default address: 127.0.0.1]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l sys-interval -d 'Seconds between updates of the $SYS topics, which are Mosquitto\'s; 0: no such topics' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l fault -d 'Misbehave by this rule, such as \'drop probability=0.1 packet=PUBLISH direction=out\' (all: mqtk help broker); may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l fault-seed -d 'Seed of the rules\' chance, which the log of an earlier run has told: repeats its faults' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l config -d 'Read options from this TOML file: max-connections = 100; the command line, the environment and -o override it' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l log-format -d 'How to report events on stderr: as text, or as JSON with the time, one object a line' -r -f -a "text\t''
json\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l log-time -d 'The time before each line of text: iso (2026-11-22T20:42:22.515+01:00), unix (1795380142:, as Mosquitto), none; auto is iso, but none in systemd\'s journal, which has the time' -r -f -a "auto\t''
iso\t''
unix\t''
none\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -s o -l options-file -d 'Read options from this file, instead of the default one' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l self-signed -d 'Issue a certificate for this machine by a CA of its own, which is made once and kept under $XDG_STATE_HOME or ~/.local/state; the --cafile for clients goes to stderr'
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l allow-anonymous -d 'Let in clients without authentication; by default only listeners on loopback, on Unix sockets and with --client-ca do, and only if no authentication is set up'
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l use-identity-as-username -d 'With --client-ca: the Common Name of a client\'s certificate is its User Name, and nothing else is asked for'
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l strict-subscribe -d 'Refuse subscriptions to what --acl-file lets the client read nothing of, instead of granting them as Mosquitto does'
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l abuse-loopback -d 'Count and block clients on this machine as well'
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l json -d 'Print what --watch shows as JSON, an object for each message, on a line'
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -s v -l verbose -d 'Report everything on stderr: subscriptions, ended sessions, faults, and what repeats itself'
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l end-with-stdin -d 'End when stdin does, and so with the program that started it'
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l quiet -d 'Print no errors: only the exit status speaks'
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l help -d 'Print help'
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -l version -d 'Print the version'
complete -c mqtk -n "__fish_mqtk_using_subcommand broker" -s d -l debug -d 'Report everything on stderr, as -v does'
complete -c mqtk -n "__fish_mqtk_using_subcommand inspect" -l input-format -d 'How the input is written: hex, decimal, octal, binary, dump, escaped, base64 or raw [default: recognised]' -r -f -a "hex\t''
decimal\t''
octal\t''
binary\t''
dump\t''
escaped\t''
base64\t''
raw\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand inspect" -s V -l protocol-version -d 'What the packets speak where no CONNECT says it: 31, 311 or 5 [default: inferred]' -r -f -a "31\t''
311\t''
5\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand inspect" -l port -d 'In a capture: read what travels on this TCP port as MQTT, whatever it looks like; repeat it for several ports' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand inspect" -l listen -d 'Stand between clients and a broker: listen at mqtt://, mqtts://, ws:// or wss://ADDRESS[:PORT], or at unix://PATH; may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand inspect" -l to -d 'The broker that --listen passes on to: mqtt(s)|ws(s)://host[:port], or unix:///path' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand inspect" -l record -d 'Record what goes through, as plain MQTT, for Wireshark and for mqtk inspect' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand inspect" -l cafile -d 'File of CA certificates to trust (PEM), for --to with TLS [default: those of the system]' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand inspect" -l to-cert -d 'Client certificate with its chain (PEM), for --to; its key may stand in the same file' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand inspect" -l to-key -d 'Private key of --to-cert (PEM)' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand inspect" -l tls-alpn -d 'Protocol to offer to --to by ALPN; may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand inspect" -l ws-header -d 'Header of the WebSocket request to --to; may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand inspect" -l cert -d 'Certificate to show to clients, with its chain (PEM); its key may stand in the same file; may be repeated, for several host names: without a known one the first is used' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand inspect" -l key -d 'Private key of the certificate (PEM: PKCS#1, PKCS#8 or SEC1); for several certificates one each, in their order' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand inspect" -l ocsp-staple -d 'OCSP response for the certificate (DER), for clients that ask for it; for several certificates one each, in their order' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand inspect" -l client-ca -d 'Let in only clients with a certificate by one of the CAs in this file (PEM)' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand inspect" -l crlfile -d 'File of revocation lists (PEM), one for each CA of --client-ca that issues certificates' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand inspect" -l output-format -d 'Print the bytes as hex, xxd, c, escaped, decimal, base64 or raw [default: hex]' -r -f -a "hex\t''
xxd\t''
c\t''
escaped\t''
decimal\t''
base64\t''
raw\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand inspect" -l type -d 'Print packets of this type only, such as PUBLISH; may be repeated' -r -f -a "CONNECT\t''
CONNACK\t''
PUBLISH\t''
PUBACK\t''
PUBREC\t''
PUBREL\t''
PUBCOMP\t''
SUBSCRIBE\t''
SUBACK\t''
UNSUBSCRIBE\t''
UNSUBACK\t''
PINGREQ\t''
PINGRESP\t''
DISCONNECT\t''
AUTH\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand inspect" -l topic -d 'Print packets with a topic that this Topic Filter matches, a Topic Alias for one, or with this Topic Filter; may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand inspect" -l client -d 'Print the packets of this client\'s connections, from CONNECT on; may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand inspect" -l stream -d 'Print the packets of the stream with this number; may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand inspect" -s o -l options-file -d 'Read options from this file, instead of the default one' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand inspect" -l insecure -d 'Accept any certificate of the broker of --to'
complete -c mqtk -n "__fish_mqtk_using_subcommand inspect" -l self-signed -d 'Issue a certificate for this machine by a CA of its own, which is made once and kept under $XDG_STATE_HOME or ~/.local/state; the --cafile for clients goes to stderr'
complete -c mqtk -n "__fish_mqtk_using_subcommand inspect" -l oneline -d 'Print a line for each packet: time, stream, direction, type, what matters'
complete -c mqtk -n "__fish_mqtk_using_subcommand inspect" -l annotate -d 'Print every byte, with the name of its field beside it'
complete -c mqtk -n "__fish_mqtk_using_subcommand inspect" -l json -d 'Print a JSON object for each packet, on a line'
complete -c mqtk -n "__fish_mqtk_using_subcommand inspect" -l fields -d 'In the JSON, list every field with name, offset, len and value'
complete -c mqtk -n "__fish_mqtk_using_subcommand inspect" -l show-secrets -d 'Show passwords and authentication data'
complete -c mqtk -n "__fish_mqtk_using_subcommand inspect" -l strict -d 'Exit with 10 if a rule is broken, a dump ends within a packet, or bytes are in no packet'
complete -c mqtk -n "__fish_mqtk_using_subcommand inspect" -l encode -d 'Make bytes of packets: of JSON as --json prints it, one object a line, or of words such as PUBLISH topic=a qos=1 payload=hi'
complete -c mqtk -n "__fish_mqtk_using_subcommand inspect" -l only-violations -d 'Print packets that break a rule only'
complete -c mqtk -n "__fish_mqtk_using_subcommand inspect" -s v -l verbose -d 'Say on stderr how the input was read, as on a terminal'
complete -c mqtk -n "__fish_mqtk_using_subcommand inspect" -l help -d 'Print help'
complete -c mqtk -n "__fish_mqtk_using_subcommand inspect" -l version -d 'Print the version'
complete -c mqtk -n "__fish_mqtk_using_subcommand inspect" -s d -l debug -d 'Say how the input was read, as -v does'
complete -c mqtk -n "__fish_mqtk_using_subcommand inspect" -l quiet -d 'Print no summary, warnings or errors: only the exit status speaks'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and not __fish_seen_subcommand_from connect idle pub sub pairs shared mix retained queue wills subscribe churn tls run search compare merge" -s h -l help -d 'Print help'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and not __fish_seen_subcommand_from connect idle pub sub pairs shared mix retained queue wills subscribe churn tls run search compare merge" -f -a "connect" -d 'Open many connections, and time each'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and not __fish_seen_subcommand_from connect idle pub sub pairs shared mix retained queue wills subscribe churn tls run search compare merge" -f -a "idle" -d 'Hold many connections, kept alive'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and not __fish_seen_subcommand_from connect idle pub sub pairs shared mix retained queue wills subscribe churn tls run search compare merge" -f -a "pub" -d 'Publish from many clients to nobody (fan-in)'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and not __fish_seen_subcommand_from connect idle pub sub pairs shared mix retained queue wills subscribe churn tls run search compare merge" -f -a "sub" -d 'Publish from few clients to many (fan-out)'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and not __fish_seen_subcommand_from connect idle pub sub pairs shared mix retained queue wills subscribe churn tls run search compare merge" -f -a "pairs" -d 'Publish from each client to one of its own'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and not __fish_seen_subcommand_from connect idle pub sub pairs shared mix retained queue wills subscribe churn tls run search compare merge" -f -a "shared" -d 'Publish to the members of a Shared Subscription'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and not __fish_seen_subcommand_from connect idle pub sub pairs shared mix retained queue wills subscribe churn tls run search compare merge" -f -a "mix" -d 'Publish at several QoS in one run'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and not __fish_seen_subcommand_from connect idle pub sub pairs shared mix retained queue wills subscribe churn tls run search compare merge" -f -a "retained" -d 'Subscribe many clients to many retained messages'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and not __fish_seen_subcommand_from connect idle pub sub pairs shared mix retained queue wills subscribe churn tls run search compare merge" -f -a "queue" -d 'Let many clients come back to sessions full of messages'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and not __fish_seen_subcommand_from connect idle pub sub pairs shared mix retained queue wills subscribe churn tls run search compare merge" -f -a "wills" -d 'Cut off many clients, and count their wills'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and not __fish_seen_subcommand_from connect idle pub sub pairs shared mix retained queue wills subscribe churn tls run search compare merge" -f -a "subscribe" -d 'Subscribe and unsubscribe, again and again'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and not __fish_seen_subcommand_from connect idle pub sub pairs shared mix retained queue wills subscribe churn tls run search compare merge" -f -a "churn" -d 'Connect and disconnect, again and again'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and not __fish_seen_subcommand_from connect idle pub sub pairs shared mix retained queue wills subscribe churn tls run search compare merge" -f -a "tls" -d 'Compare full TLS handshakes with resumed ones'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and not __fish_seen_subcommand_from connect idle pub sub pairs shared mix retained queue wills subscribe churn tls run search compare merge" -f -a "run" -d 'Run the scenarios of a file, in phases'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and not __fish_seen_subcommand_from connect idle pub sub pairs shared mix retained queue wills subscribe churn tls run search compare merge" -f -a "search" -d 'Find the highest rate that a broker sustains within a latency'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and not __fish_seen_subcommand_from connect idle pub sub pairs shared mix retained queue wills subscribe churn tls run search compare merge" -f -a "compare" -d 'Compare the reports of two runs'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and not __fish_seen_subcommand_from connect idle pub sub pairs shared mix retained queue wills subscribe churn tls run search compare merge" -f -a "merge" -d 'Make one report of those of all shards'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l credentials -d 'Who each client is: a CSV file with user,password and perhaps client-id. Clients take its lines in turn' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l connect-rate -d 'Open so many connections a second [default: as fast as the broker accepts them]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l connecting -d 'Open so many connections at once' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l threads -d 'Threads [default: one for each core, for each two in connect, and no more than clients]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l fail-if -d 'Fail with exit status 10 if this is true at the end, such as \'latency.p99>50ms\', \'lost>0\' or \'rate<99%\'; may be given several times' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l prometheus -d 'Serve how the run goes for Prometheus at http://ADDRESS:PORT/metrics, until it ends; the address is 127.0.0.1 if only a port is given' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l html -d 'Write the report with its plots to a file as HTML' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l shard -d 'Do part I of N, counted from 0, of a run that N processes share: -c, --rate, -n and --connect-rate are of all together; but in retained, queue and wills every part has the --publishers, -n and --receivers that are given. Without I, it is $JOB_COMPLETION_INDEX. mqtk bench merge makes one report of theirs' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l start-at -d 'Connect, and begin at this time: such as 2030-01-31T12:00:00Z' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l bind -d 'Local addresses to connect from in turn: a list of addresses, ranges such as 127.0.0.2-127.0.0.9, and networks such as 10.0.0.0/28' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l over -d 'How to speak to the broker of --embedded: mqtt, mqtts, ws or wss [default: mqtt; in the scenario tls mqtts]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -s p -l port -d 'Port of the broker [default: 1883; with TLS 8883; by a ws URL 80, wss 443]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l unix -d 'Connect to a Unix domain socket' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -s A -l bind-address -d 'Local address to connect from' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l timeout -d 'Longest wait for the connection, and for each answer of the broker; 0 waits for ever' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -s u -l username -d 'User Name' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -s P -l password -d 'Password; every user of this machine can read it in the process list' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l password-file -d 'File whose first line is the password; - is stdin' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l auth-method -d 'Prove by SCRAM-SHA-256 that the password is known, without sending it (implies -V 5)' -r -f -a "SCRAM-SHA-256\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -s I -l id-prefix -d 'Client Identifier: this prefix and the process id' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -s V -l protocol-version -d 'MQTT version: 31, 311 or 5 (also mqttv31, mqttv311, mqttv5) [default: 311]' -r -f -a "31\t''
311\t''
5\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -s x -l session-expiry-interval -d 'Session Expiry Interval in seconds; -1 or ∞ is never (implies -V 5)' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -s k -l keepalive -d 'Keep Alive in seconds, up to 65535; 0 turns it off' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l max-packet-size -d 'Largest packet to accept from the broker, in bytes [default: no limit]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -s D -l property -d 'Property of a packet: connect|publish|… NAME VALUE (implies -V 5); may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l cafile -d 'File of CA certificates to trust (PEM); turns TLS on' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l capath -d 'Directory of CA certificates to trust (PEM); turns TLS on' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l cert -d 'Client certificate with its chain (PEM); its key may stand in the same file' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l key -d 'Private key of the client certificate (PEM: PKCS#1, PKCS#8 or SEC1)' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l keyform -d 'Form of the private key: pem' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l crlfile -d 'File of certificate revocation lists (PEM)' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l tls-alpn -d 'Protocol to offer by ALPN; may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l tls-version -d 'The one TLS version to speak: tlsv1.2 or tlsv1.3 [default: either]' -r -f -a "tlsv1.2\t''
tlsv1.3\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l ciphers -d 'Cipher suites to offer, by their names in rustls, with commas between' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l tls-keylog -d 'Append the session secrets to this file, for Wireshark' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l psk -d 'Refused: rustls has no PSK cipher suites' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l psk-identity -d 'Refused: rustls has no PSK cipher suites' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l tls-engine -d 'Refused: rustls has no engines' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l tls-engine-kpass-sha1 -d 'Refused: rustls has no engines' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l ws-path -d 'Path of the WebSocket request (implies --ws) [default: /mqtt]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l ws-header -d 'Header of the WebSocket request (implies --ws); may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l proxy -d 'SOCKS5 proxy: socks5h://[user[:password]@]host[:port]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l will-topic -d 'Topic of the Will Message, which the broker sends if the connection breaks' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l will-payload -d 'Payload of the Will Message [default: empty]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l will-qos -d 'QoS of the Will Message [default: 0]' -r -f -a "0\t''
1\t''
2\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -s o -l options-file -d 'Read options from this file, instead of the default one' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -s i -l id -d 'Client Identifiers, with {client} in it [default: bench-RUN-{client}]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -s h -l host -d 'Host names or addresses of the brokers, with commas between; each gets the same share of the clients [default: localhost]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -s L -l url -d 'Broker and topic: mqtt(s)|ws(s)://[user[:password]@]host[:port][/topic], or unix:///path' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l reconnect-min -d 'First pause before connecting again; it doubles with each attempt' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l reconnect-max -d 'Longest pause before connecting again' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l reconnect-for -d 'Give up this long after the connection was lost [default: pub 60; sub never]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l publishers -d 'Clients that publish, in the scenarios sub, shared, retained and queue' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l receivers -d 'Clients that receive the wills, in the scenario wills' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l duration -d 'Measure for this long [default: 8s]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l warmup -d 'Warm up for this long before that: send, but do not measure [default: 1s; with --messages 0s]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l messages -d 'End after so many messages, those of a --warmup not counted, if that is sooner than --duration' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l group -d 'Name of the Shared Subscription, in the scenario shared, which is of MQTT 5 unless -V says otherwise [default: one of its own]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l qos -d 'Quality of Service: 0, 1 or 2' -r -f -a "0\t''
1\t''
2\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l mix -d 'Shares of the messages of each QoS, in the scenario mix' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l drain -d 'Wait for what is missing at the end as long as something arrives, and then for this long' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l interval -d 'Report progress in steps of this length' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l csv -d 'Write the intervals to a file as CSV' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l hlog -d 'Write the latencies of the intervals to a file as an HDR histogram log' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l size -d 'Bytes of a payload: 64; 16..1024, any number of them; or 64:90,1024:9,65536:1, sizes with how often each comes. Where arrivals are measured, the first 28 are the measurement' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l payload -d 'Send this text, with places for numbers as in --topic. Where arrivals are measured, 28 bytes of measurement come before it' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l payload-file -d 'Send what is in the file. Where arrivals are measured, 28 bytes of measurement come before it' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l max-inflight -d 'Most unacknowledged messages of a client at QoS 1 and 2, without --rate' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -s c -l clients -d 'Connections' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l rate -d 'Open so many connections a second, as --connect-rate does [default: as fast as the broker accepts them]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l topic -d 'Topic to publish to, with places for numbers [default: bench/RUN/{client}]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l json -d 'Print the report as JSON'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -s S -l srv -d 'Find the broker by the SRV records of HOST, or else of this machine\'s domain'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l nodelay -d 'Send small packets at once (TCP_NODELAY), as mqtk always does'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l ask-password -d 'Ask for the password on the terminal'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l tls-use-os-certs -d 'Trust the CA certificates of the system, as is the default; turns TLS on'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l insecure -d 'Accept any certificate: anyone on the way can then read and change the traffic'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l no-tls -d 'No TLS, whatever the other options say'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l ws -d 'Speak MQTT over WebSocket'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l will-retain -d 'Retain the Will Message'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -s d -l debug -d 'Report each packet on stderr'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l quiet -d 'Print no errors: only the exit status speaks'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l help -d 'Print help'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l version -d 'Print the version'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l disable-clean-session -d 'Keep the session: no Clean Start, and the session never expires unless -x says so'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l embedded -d 'Run a broker in a process of its own, and connect to it; -p is its port, 0 a free one [default: 1883, with TLS 8883]'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l no-reconnect -d 'Give up when the connection is lost'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l retain -d 'Have the broker retain the messages'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from connect" -l random-payload -d 'Fill payloads with random bytes, others in each message'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l duration -d 'Measure for this long [default: 8s]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l credentials -d 'Who each client is: a CSV file with user,password and perhaps client-id. Clients take its lines in turn' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l connect-rate -d 'Open so many connections a second [default: as fast as the broker accepts them]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l connecting -d 'Open so many connections at once' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l threads -d 'Threads [default: one for each core, for each two in connect, and no more than clients]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l interval -d 'Report progress in steps of this length' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l fail-if -d 'Fail with exit status 10 if this is true at the end, such as \'latency.p99>50ms\', \'lost>0\' or \'rate<99%\'; may be given several times' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l prometheus -d 'Serve how the run goes for Prometheus at http://ADDRESS:PORT/metrics, until it ends; the address is 127.0.0.1 if only a port is given' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l csv -d 'Write the intervals to a file as CSV' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l hlog -d 'Write the latencies of the intervals to a file as an HDR histogram log' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l html -d 'Write the report with its plots to a file as HTML' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l shard -d 'Do part I of N, counted from 0, of a run that N processes share: -c, --rate, -n and --connect-rate are of all together; but in retained, queue and wills every part has the --publishers, -n and --receivers that are given. Without I, it is $JOB_COMPLETION_INDEX. mqtk bench merge makes one report of theirs' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l start-at -d 'Connect, and begin at this time: such as 2030-01-31T12:00:00Z' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l bind -d 'Local addresses to connect from in turn: a list of addresses, ranges such as 127.0.0.2-127.0.0.9, and networks such as 10.0.0.0/28' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l over -d 'How to speak to the broker of --embedded: mqtt, mqtts, ws or wss [default: mqtt; in the scenario tls mqtts]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -s p -l port -d 'Port of the broker [default: 1883; with TLS 8883; by a ws URL 80, wss 443]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l unix -d 'Connect to a Unix domain socket' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -s A -l bind-address -d 'Local address to connect from' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l timeout -d 'Longest wait for the connection, and for each answer of the broker; 0 waits for ever' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -s u -l username -d 'User Name' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -s P -l password -d 'Password; every user of this machine can read it in the process list' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l password-file -d 'File whose first line is the password; - is stdin' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l auth-method -d 'Prove by SCRAM-SHA-256 that the password is known, without sending it (implies -V 5)' -r -f -a "SCRAM-SHA-256\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -s I -l id-prefix -d 'Client Identifier: this prefix and the process id' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -s V -l protocol-version -d 'MQTT version: 31, 311 or 5 (also mqttv31, mqttv311, mqttv5) [default: 311]' -r -f -a "31\t''
311\t''
5\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -s x -l session-expiry-interval -d 'Session Expiry Interval in seconds; -1 or ∞ is never (implies -V 5)' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l max-packet-size -d 'Largest packet to accept from the broker, in bytes [default: no limit]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -s D -l property -d 'Property of a packet: connect|publish|… NAME VALUE (implies -V 5); may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l cafile -d 'File of CA certificates to trust (PEM); turns TLS on' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l capath -d 'Directory of CA certificates to trust (PEM); turns TLS on' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l cert -d 'Client certificate with its chain (PEM); its key may stand in the same file' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l key -d 'Private key of the client certificate (PEM: PKCS#1, PKCS#8 or SEC1)' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l keyform -d 'Form of the private key: pem' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l crlfile -d 'File of certificate revocation lists (PEM)' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l tls-alpn -d 'Protocol to offer by ALPN; may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l tls-version -d 'The one TLS version to speak: tlsv1.2 or tlsv1.3 [default: either]' -r -f -a "tlsv1.2\t''
tlsv1.3\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l ciphers -d 'Cipher suites to offer, by their names in rustls, with commas between' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l tls-keylog -d 'Append the session secrets to this file, for Wireshark' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l psk -d 'Refused: rustls has no PSK cipher suites' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l psk-identity -d 'Refused: rustls has no PSK cipher suites' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l tls-engine -d 'Refused: rustls has no engines' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l tls-engine-kpass-sha1 -d 'Refused: rustls has no engines' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l ws-path -d 'Path of the WebSocket request (implies --ws) [default: /mqtt]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l ws-header -d 'Header of the WebSocket request (implies --ws); may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l proxy -d 'SOCKS5 proxy: socks5h://[user[:password]@]host[:port]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l will-topic -d 'Topic of the Will Message, which the broker sends if the connection breaks' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l will-payload -d 'Payload of the Will Message [default: empty]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l will-qos -d 'QoS of the Will Message [default: 0]' -r -f -a "0\t''
1\t''
2\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -s o -l options-file -d 'Read options from this file, instead of the default one' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -s i -l id -d 'Client Identifiers, with {client} in it [default: bench-RUN-{client}]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -s h -l host -d 'Host names or addresses of the brokers, with commas between; each gets the same share of the clients [default: localhost]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -s L -l url -d 'Broker and topic: mqtt(s)|ws(s)://[user[:password]@]host[:port][/topic], or unix:///path' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l reconnect-min -d 'First pause before connecting again; it doubles with each attempt' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l reconnect-max -d 'Longest pause before connecting again' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l reconnect-for -d 'Give up this long after the connection was lost [default: pub 60; sub never]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l publishers -d 'Clients that publish, in the scenarios sub, shared, retained and queue' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l receivers -d 'Clients that receive the wills, in the scenario wills' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l warmup -d 'Warm up for this long before that: send, but do not measure [default: 1s; with --messages 0s]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l messages -d 'End after so many messages, those of a --warmup not counted, if that is sooner than --duration' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l group -d 'Name of the Shared Subscription, in the scenario shared, which is of MQTT 5 unless -V says otherwise [default: one of its own]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l qos -d 'Quality of Service: 0, 1 or 2' -r -f -a "0\t''
1\t''
2\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l mix -d 'Shares of the messages of each QoS, in the scenario mix' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l drain -d 'Wait for what is missing at the end as long as something arrives, and then for this long' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l size -d 'Bytes of a payload: 64; 16..1024, any number of them; or 64:90,1024:9,65536:1, sizes with how often each comes. Where arrivals are measured, the first 28 are the measurement' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l payload -d 'Send this text, with places for numbers as in --topic. Where arrivals are measured, 28 bytes of measurement come before it' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l payload-file -d 'Send what is in the file. Where arrivals are measured, 28 bytes of measurement come before it' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l max-inflight -d 'Most unacknowledged messages of a client at QoS 1 and 2, without --rate' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -s c -l clients -d 'Connections' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l rate -d 'Messages a second over all publishers, whatever the broker does [default: as fast as it takes them]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l topic -d 'Topic to publish to, with places for numbers [default: bench/RUN/{client}]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -s k -l keepalive -d 'Keep Alive in seconds, up to 65535; 0 turns it off' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l json -d 'Print the report as JSON'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -s S -l srv -d 'Find the broker by the SRV records of HOST, or else of this machine\'s domain'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l nodelay -d 'Send small packets at once (TCP_NODELAY), as mqtk always does'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l ask-password -d 'Ask for the password on the terminal'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l tls-use-os-certs -d 'Trust the CA certificates of the system, as is the default; turns TLS on'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l insecure -d 'Accept any certificate: anyone on the way can then read and change the traffic'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l no-tls -d 'No TLS, whatever the other options say'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l ws -d 'Speak MQTT over WebSocket'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l will-retain -d 'Retain the Will Message'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -s d -l debug -d 'Report each packet on stderr'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l quiet -d 'Print no errors: only the exit status speaks'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l help -d 'Print help'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l version -d 'Print the version'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l disable-clean-session -d 'Keep the session: no Clean Start, and the session never expires unless -x says so'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l embedded -d 'Run a broker in a process of its own, and connect to it; -p is its port, 0 a free one [default: 1883, with TLS 8883]'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l no-reconnect -d 'Give up when the connection is lost'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l retain -d 'Have the broker retain the messages'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from idle" -l random-payload -d 'Fill payloads with random bytes, others in each message'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l duration -d 'Measure for this long [default: 8s]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l warmup -d 'Warm up for this long before that: send, but do not measure [default: 1s; with --messages 0s]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -s n -l messages -d 'End after so many messages, those of a --warmup not counted, if that is sooner than --duration' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -s q -l qos -d 'Quality of Service: 0, 1 or 2' -r -f -a "0\t''
1\t''
2\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l credentials -d 'Who each client is: a CSV file with user,password and perhaps client-id. Clients take its lines in turn' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l connect-rate -d 'Open so many connections a second [default: as fast as the broker accepts them]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l connecting -d 'Open so many connections at once' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l threads -d 'Threads [default: one for each core, for each two in connect, and no more than clients]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l drain -d 'Wait for what is missing at the end as long as something arrives, and then for this long' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l interval -d 'Report progress in steps of this length' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l fail-if -d 'Fail with exit status 10 if this is true at the end, such as \'latency.p99>50ms\', \'lost>0\' or \'rate<99%\'; may be given several times' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l prometheus -d 'Serve how the run goes for Prometheus at http://ADDRESS:PORT/metrics, until it ends; the address is 127.0.0.1 if only a port is given' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l csv -d 'Write the intervals to a file as CSV' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l hlog -d 'Write the latencies of the intervals to a file as an HDR histogram log' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l html -d 'Write the report with its plots to a file as HTML' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l size -d 'Bytes of a payload: 64; 16..1024, any number of them; or 64:90,1024:9,65536:1, sizes with how often each comes. Where arrivals are measured, the first 28 are the measurement' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -s m -l payload -d 'Send this text, with places for numbers as in --topic. Where arrivals are measured, 28 bytes of measurement come before it' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -s f -l payload-file -d 'Send what is in the file. Where arrivals are measured, 28 bytes of measurement come before it' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l shard -d 'Do part I of N, counted from 0, of a run that N processes share: -c, --rate, -n and --connect-rate are of all together; but in retained, queue and wills every part has the --publishers, -n and --receivers that are given. Without I, it is $JOB_COMPLETION_INDEX. mqtk bench merge makes one report of theirs' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l start-at -d 'Connect, and begin at this time: such as 2030-01-31T12:00:00Z' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l bind -d 'Local addresses to connect from in turn: a list of addresses, ranges such as 127.0.0.2-127.0.0.9, and networks such as 10.0.0.0/28' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l over -d 'How to speak to the broker of --embedded: mqtt, mqtts, ws or wss [default: mqtt; in the scenario tls mqtts]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -s p -l port -d 'Port of the broker [default: 1883; with TLS 8883; by a ws URL 80, wss 443]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l unix -d 'Connect to a Unix domain socket' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -s A -l bind-address -d 'Local address to connect from' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l timeout -d 'Longest wait for the connection, and for each answer of the broker; 0 waits for ever' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -s u -l username -d 'User Name' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -s P -l password -d 'Password; every user of this machine can read it in the process list' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l password-file -d 'File whose first line is the password; - is stdin' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l auth-method -d 'Prove by SCRAM-SHA-256 that the password is known, without sending it (implies -V 5)' -r -f -a "SCRAM-SHA-256\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -s I -l id-prefix -d 'Client Identifier: this prefix and the process id' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -s V -l protocol-version -d 'MQTT version: 31, 311 or 5 (also mqttv31, mqttv311, mqttv5) [default: 311]' -r -f -a "31\t''
311\t''
5\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -s x -l session-expiry-interval -d 'Session Expiry Interval in seconds; -1 or ∞ is never (implies -V 5)' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -s k -l keepalive -d 'Keep Alive in seconds, up to 65535; 0 turns it off' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l max-packet-size -d 'Largest packet to accept from the broker, in bytes [default: no limit]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -s D -l property -d 'Property of a packet: connect|publish|… NAME VALUE (implies -V 5); may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l cafile -d 'File of CA certificates to trust (PEM); turns TLS on' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l capath -d 'Directory of CA certificates to trust (PEM); turns TLS on' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l cert -d 'Client certificate with its chain (PEM); its key may stand in the same file' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l key -d 'Private key of the client certificate (PEM: PKCS#1, PKCS#8 or SEC1)' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l keyform -d 'Form of the private key: pem' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l crlfile -d 'File of certificate revocation lists (PEM)' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l tls-alpn -d 'Protocol to offer by ALPN; may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l tls-version -d 'The one TLS version to speak: tlsv1.2 or tlsv1.3 [default: either]' -r -f -a "tlsv1.2\t''
tlsv1.3\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l ciphers -d 'Cipher suites to offer, by their names in rustls, with commas between' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l tls-keylog -d 'Append the session secrets to this file, for Wireshark' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l psk -d 'Refused: rustls has no PSK cipher suites' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l psk-identity -d 'Refused: rustls has no PSK cipher suites' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l tls-engine -d 'Refused: rustls has no engines' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l tls-engine-kpass-sha1 -d 'Refused: rustls has no engines' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l ws-path -d 'Path of the WebSocket request (implies --ws) [default: /mqtt]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l ws-header -d 'Header of the WebSocket request (implies --ws); may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l proxy -d 'SOCKS5 proxy: socks5h://[user[:password]@]host[:port]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l will-topic -d 'Topic of the Will Message, which the broker sends if the connection breaks' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l will-payload -d 'Payload of the Will Message [default: empty]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l will-qos -d 'QoS of the Will Message [default: 0]' -r -f -a "0\t''
1\t''
2\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -s o -l options-file -d 'Read options from this file, instead of the default one' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -s i -l id -d 'Client Identifiers, with {client} in it [default: bench-RUN-{client}]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -s h -l host -d 'Host names or addresses of the brokers, with commas between; each gets the same share of the clients [default: localhost]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -s L -l url -d 'Broker and topic: mqtt(s)|ws(s)://[user[:password]@]host[:port][/topic], or unix:///path' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -s M -l max-inflight -d 'Most unacknowledged messages of a client at QoS 1 and 2, without --rate' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l reconnect-min -d 'First pause before connecting again; it doubles with each attempt' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l reconnect-max -d 'Longest pause before connecting again' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l reconnect-for -d 'Give up this long after the connection was lost [default: pub 60; sub never]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l publishers -d 'Clients that publish, in the scenarios sub, shared, retained and queue' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l receivers -d 'Clients that receive the wills, in the scenario wills' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l group -d 'Name of the Shared Subscription, in the scenario shared, which is of MQTT 5 unless -V says otherwise [default: one of its own]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l mix -d 'Shares of the messages of each QoS, in the scenario mix' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -s c -l clients -d 'Clients that publish' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l rate -d 'Messages a second over all publishers, whatever the broker does [default: as fast as it takes them]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -s t -l topic -d 'Topic to publish to, with places for numbers [default: bench/RUN/{client}]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -s r -l retain -d 'Have the broker retain the messages'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l json -d 'Print the report as JSON'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l random-payload -d 'Fill payloads with random bytes, others in each message'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -s S -l srv -d 'Find the broker by the SRV records of HOST, or else of this machine\'s domain'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l nodelay -d 'Send small packets at once (TCP_NODELAY), as mqtk always does'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l ask-password -d 'Ask for the password on the terminal'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l tls-use-os-certs -d 'Trust the CA certificates of the system, as is the default; turns TLS on'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l insecure -d 'Accept any certificate: anyone on the way can then read and change the traffic'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l no-tls -d 'No TLS, whatever the other options say'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l ws -d 'Speak MQTT over WebSocket'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l will-retain -d 'Retain the Will Message'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -s d -l debug -d 'Report each packet on stderr'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l quiet -d 'Print no errors: only the exit status speaks'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l help -d 'Print help'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l version -d 'Print the version'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l disable-clean-session -d 'Keep the session: no Clean Start, and the session never expires unless -x says so'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l embedded -d 'Run a broker in a process of its own, and connect to it; -p is its port, 0 a free one [default: 1883, with TLS 8883]'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pub" -l no-reconnect -d 'Give up when the connection is lost'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l publishers -d 'Clients that publish, in the scenarios sub, shared, retained and queue' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l duration -d 'Measure for this long [default: 8s]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l warmup -d 'Warm up for this long before that: send, but do not measure [default: 1s; with --messages 0s]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -s n -l messages -d 'End after so many messages, those of a --warmup not counted, if that is sooner than --duration' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -s q -l qos -d 'Quality of Service: 0, 1 or 2' -r -f -a "0\t''
1\t''
2\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l credentials -d 'Who each client is: a CSV file with user,password and perhaps client-id. Clients take its lines in turn' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l connect-rate -d 'Open so many connections a second [default: as fast as the broker accepts them]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l connecting -d 'Open so many connections at once' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l threads -d 'Threads [default: one for each core, for each two in connect, and no more than clients]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l drain -d 'Wait for what is missing at the end as long as something arrives, and then for this long' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l interval -d 'Report progress in steps of this length' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l fail-if -d 'Fail with exit status 10 if this is true at the end, such as \'latency.p99>50ms\', \'lost>0\' or \'rate<99%\'; may be given several times' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l prometheus -d 'Serve how the run goes for Prometheus at http://ADDRESS:PORT/metrics, until it ends; the address is 127.0.0.1 if only a port is given' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l csv -d 'Write the intervals to a file as CSV' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l hlog -d 'Write the latencies of the intervals to a file as an HDR histogram log' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l html -d 'Write the report with its plots to a file as HTML' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l size -d 'Bytes of a payload: 64; 16..1024, any number of them; or 64:90,1024:9,65536:1, sizes with how often each comes. Where arrivals are measured, the first 28 are the measurement' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -s m -l payload -d 'Send this text, with places for numbers as in --topic. Where arrivals are measured, 28 bytes of measurement come before it' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -s f -l payload-file -d 'Send what is in the file. Where arrivals are measured, 28 bytes of measurement come before it' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l shard -d 'Do part I of N, counted from 0, of a run that N processes share: -c, --rate, -n and --connect-rate are of all together; but in retained, queue and wills every part has the --publishers, -n and --receivers that are given. Without I, it is $JOB_COMPLETION_INDEX. mqtk bench merge makes one report of theirs' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l start-at -d 'Connect, and begin at this time: such as 2030-01-31T12:00:00Z' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l bind -d 'Local addresses to connect from in turn: a list of addresses, ranges such as 127.0.0.2-127.0.0.9, and networks such as 10.0.0.0/28' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l over -d 'How to speak to the broker of --embedded: mqtt, mqtts, ws or wss [default: mqtt; in the scenario tls mqtts]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -s p -l port -d 'Port of the broker [default: 1883; with TLS 8883; by a ws URL 80, wss 443]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l unix -d 'Connect to a Unix domain socket' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -s A -l bind-address -d 'Local address to connect from' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l timeout -d 'Longest wait for the connection, and for each answer of the broker; 0 waits for ever' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -s u -l username -d 'User Name' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -s P -l password -d 'Password; every user of this machine can read it in the process list' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l password-file -d 'File whose first line is the password; - is stdin' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l auth-method -d 'Prove by SCRAM-SHA-256 that the password is known, without sending it (implies -V 5)' -r -f -a "SCRAM-SHA-256\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -s I -l id-prefix -d 'Client Identifier: this prefix and the process id' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -s V -l protocol-version -d 'MQTT version: 31, 311 or 5 (also mqttv31, mqttv311, mqttv5) [default: 311]' -r -f -a "31\t''
311\t''
5\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -s x -l session-expiry-interval -d 'Session Expiry Interval in seconds; -1 or ∞ is never (implies -V 5)' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -s k -l keepalive -d 'Keep Alive in seconds, up to 65535; 0 turns it off' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l max-packet-size -d 'Largest packet to accept from the broker, in bytes [default: no limit]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -s D -l property -d 'Property of a packet: connect|publish|… NAME VALUE (implies -V 5); may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l cafile -d 'File of CA certificates to trust (PEM); turns TLS on' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l capath -d 'Directory of CA certificates to trust (PEM); turns TLS on' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l cert -d 'Client certificate with its chain (PEM); its key may stand in the same file' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l key -d 'Private key of the client certificate (PEM: PKCS#1, PKCS#8 or SEC1)' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l keyform -d 'Form of the private key: pem' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l crlfile -d 'File of certificate revocation lists (PEM)' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l tls-alpn -d 'Protocol to offer by ALPN; may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l tls-version -d 'The one TLS version to speak: tlsv1.2 or tlsv1.3 [default: either]' -r -f -a "tlsv1.2\t''
tlsv1.3\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l ciphers -d 'Cipher suites to offer, by their names in rustls, with commas between' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l tls-keylog -d 'Append the session secrets to this file, for Wireshark' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l psk -d 'Refused: rustls has no PSK cipher suites' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l psk-identity -d 'Refused: rustls has no PSK cipher suites' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l tls-engine -d 'Refused: rustls has no engines' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l tls-engine-kpass-sha1 -d 'Refused: rustls has no engines' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l ws-path -d 'Path of the WebSocket request (implies --ws) [default: /mqtt]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l ws-header -d 'Header of the WebSocket request (implies --ws); may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l proxy -d 'SOCKS5 proxy: socks5h://[user[:password]@]host[:port]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l will-topic -d 'Topic of the Will Message, which the broker sends if the connection breaks' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l will-payload -d 'Payload of the Will Message [default: empty]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l will-qos -d 'QoS of the Will Message [default: 0]' -r -f -a "0\t''
1\t''
2\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -s o -l options-file -d 'Read options from this file, instead of the default one' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -s i -l id -d 'Client Identifiers, with {client} in it [default: bench-RUN-{client}]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -s h -l host -d 'Host names or addresses of the brokers, with commas between; each gets the same share of the clients [default: localhost]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -s L -l url -d 'Broker and topic: mqtt(s)|ws(s)://[user[:password]@]host[:port][/topic], or unix:///path' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -s M -l max-inflight -d 'Most unacknowledged messages of a client at QoS 1 and 2, without --rate' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l reconnect-min -d 'First pause before connecting again; it doubles with each attempt' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l reconnect-max -d 'Longest pause before connecting again' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l reconnect-for -d 'Give up this long after the connection was lost [default: pub 60; sub never]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l receivers -d 'Clients that receive the wills, in the scenario wills' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l group -d 'Name of the Shared Subscription, in the scenario shared, which is of MQTT 5 unless -V says otherwise [default: one of its own]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l mix -d 'Shares of the messages of each QoS, in the scenario mix' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -s c -l clients -d 'Clients that subscribe' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l rate -d 'Messages a second over all publishers, whatever the broker does [default: as fast as it takes them]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -s t -l topic -d 'Topic to publish to, with places for numbers [default: bench/RUN/{client}]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -s r -l retain -d 'Have the broker retain the messages'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l json -d 'Print the report as JSON'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l random-payload -d 'Fill payloads with random bytes, others in each message'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -s S -l srv -d 'Find the broker by the SRV records of HOST, or else of this machine\'s domain'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l nodelay -d 'Send small packets at once (TCP_NODELAY), as mqtk always does'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l ask-password -d 'Ask for the password on the terminal'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l tls-use-os-certs -d 'Trust the CA certificates of the system, as is the default; turns TLS on'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l insecure -d 'Accept any certificate: anyone on the way can then read and change the traffic'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l no-tls -d 'No TLS, whatever the other options say'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l ws -d 'Speak MQTT over WebSocket'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l will-retain -d 'Retain the Will Message'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -s d -l debug -d 'Report each packet on stderr'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l quiet -d 'Print no errors: only the exit status speaks'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l help -d 'Print help'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l version -d 'Print the version'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l disable-clean-session -d 'Keep the session: no Clean Start, and the session never expires unless -x says so'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l embedded -d 'Run a broker in a process of its own, and connect to it; -p is its port, 0 a free one [default: 1883, with TLS 8883]'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from sub" -l no-reconnect -d 'Give up when the connection is lost'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l duration -d 'Measure for this long [default: 8s]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l warmup -d 'Warm up for this long before that: send, but do not measure [default: 1s; with --messages 0s]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -s n -l messages -d 'End after so many messages, those of a --warmup not counted, if that is sooner than --duration' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -s q -l qos -d 'Quality of Service: 0, 1 or 2' -r -f -a "0\t''
1\t''
2\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l credentials -d 'Who each client is: a CSV file with user,password and perhaps client-id. Clients take its lines in turn' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l connect-rate -d 'Open so many connections a second [default: as fast as the broker accepts them]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l connecting -d 'Open so many connections at once' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l threads -d 'Threads [default: one for each core, for each two in connect, and no more than clients]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l drain -d 'Wait for what is missing at the end as long as something arrives, and then for this long' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l interval -d 'Report progress in steps of this length' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l fail-if -d 'Fail with exit status 10 if this is true at the end, such as \'latency.p99>50ms\', \'lost>0\' or \'rate<99%\'; may be given several times' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l prometheus -d 'Serve how the run goes for Prometheus at http://ADDRESS:PORT/metrics, until it ends; the address is 127.0.0.1 if only a port is given' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l csv -d 'Write the intervals to a file as CSV' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l hlog -d 'Write the latencies of the intervals to a file as an HDR histogram log' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l html -d 'Write the report with its plots to a file as HTML' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l size -d 'Bytes of a payload: 64; 16..1024, any number of them; or 64:90,1024:9,65536:1, sizes with how often each comes. Where arrivals are measured, the first 28 are the measurement' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -s m -l payload -d 'Send this text, with places for numbers as in --topic. Where arrivals are measured, 28 bytes of measurement come before it' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -s f -l payload-file -d 'Send what is in the file. Where arrivals are measured, 28 bytes of measurement come before it' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l shard -d 'Do part I of N, counted from 0, of a run that N processes share: -c, --rate, -n and --connect-rate are of all together; but in retained, queue and wills every part has the --publishers, -n and --receivers that are given. Without I, it is $JOB_COMPLETION_INDEX. mqtk bench merge makes one report of theirs' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l start-at -d 'Connect, and begin at this time: such as 2030-01-31T12:00:00Z' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l bind -d 'Local addresses to connect from in turn: a list of addresses, ranges such as 127.0.0.2-127.0.0.9, and networks such as 10.0.0.0/28' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l over -d 'How to speak to the broker of --embedded: mqtt, mqtts, ws or wss [default: mqtt; in the scenario tls mqtts]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -s p -l port -d 'Port of the broker [default: 1883; with TLS 8883; by a ws URL 80, wss 443]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l unix -d 'Connect to a Unix domain socket' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -s A -l bind-address -d 'Local address to connect from' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l timeout -d 'Longest wait for the connection, and for each answer of the broker; 0 waits for ever' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -s u -l username -d 'User Name' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -s P -l password -d 'Password; every user of this machine can read it in the process list' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l password-file -d 'File whose first line is the password; - is stdin' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l auth-method -d 'Prove by SCRAM-SHA-256 that the password is known, without sending it (implies -V 5)' -r -f -a "SCRAM-SHA-256\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -s I -l id-prefix -d 'Client Identifier: this prefix and the process id' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -s V -l protocol-version -d 'MQTT version: 31, 311 or 5 (also mqttv31, mqttv311, mqttv5) [default: 311]' -r -f -a "31\t''
311\t''
5\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -s x -l session-expiry-interval -d 'Session Expiry Interval in seconds; -1 or ∞ is never (implies -V 5)' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -s k -l keepalive -d 'Keep Alive in seconds, up to 65535; 0 turns it off' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l max-packet-size -d 'Largest packet to accept from the broker, in bytes [default: no limit]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -s D -l property -d 'Property of a packet: connect|publish|… NAME VALUE (implies -V 5); may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l cafile -d 'File of CA certificates to trust (PEM); turns TLS on' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l capath -d 'Directory of CA certificates to trust (PEM); turns TLS on' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l cert -d 'Client certificate with its chain (PEM); its key may stand in the same file' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l key -d 'Private key of the client certificate (PEM: PKCS#1, PKCS#8 or SEC1)' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l keyform -d 'Form of the private key: pem' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l crlfile -d 'File of certificate revocation lists (PEM)' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l tls-alpn -d 'Protocol to offer by ALPN; may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l tls-version -d 'The one TLS version to speak: tlsv1.2 or tlsv1.3 [default: either]' -r -f -a "tlsv1.2\t''
tlsv1.3\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l ciphers -d 'Cipher suites to offer, by their names in rustls, with commas between' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l tls-keylog -d 'Append the session secrets to this file, for Wireshark' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l psk -d 'Refused: rustls has no PSK cipher suites' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l psk-identity -d 'Refused: rustls has no PSK cipher suites' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l tls-engine -d 'Refused: rustls has no engines' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l tls-engine-kpass-sha1 -d 'Refused: rustls has no engines' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l ws-path -d 'Path of the WebSocket request (implies --ws) [default: /mqtt]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l ws-header -d 'Header of the WebSocket request (implies --ws); may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l proxy -d 'SOCKS5 proxy: socks5h://[user[:password]@]host[:port]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l will-topic -d 'Topic of the Will Message, which the broker sends if the connection breaks' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l will-payload -d 'Payload of the Will Message [default: empty]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l will-qos -d 'QoS of the Will Message [default: 0]' -r -f -a "0\t''
1\t''
2\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -s o -l options-file -d 'Read options from this file, instead of the default one' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -s i -l id -d 'Client Identifiers, with {client} in it [default: bench-RUN-{client}]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -s h -l host -d 'Host names or addresses of the brokers, with commas between; each gets the same share of the clients [default: localhost]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -s L -l url -d 'Broker and topic: mqtt(s)|ws(s)://[user[:password]@]host[:port][/topic], or unix:///path' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -s M -l max-inflight -d 'Most unacknowledged messages of a client at QoS 1 and 2, without --rate' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l reconnect-min -d 'First pause before connecting again; it doubles with each attempt' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l reconnect-max -d 'Longest pause before connecting again' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l reconnect-for -d 'Give up this long after the connection was lost [default: pub 60; sub never]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l publishers -d 'Clients that publish, in the scenarios sub, shared, retained and queue' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l receivers -d 'Clients that receive the wills, in the scenario wills' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l group -d 'Name of the Shared Subscription, in the scenario shared, which is of MQTT 5 unless -V says otherwise [default: one of its own]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l mix -d 'Shares of the messages of each QoS, in the scenario mix' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -s c -l clients -d 'Pairs of a publisher and a subscriber' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l rate -d 'Messages a second over all publishers, whatever the broker does [default: as fast as it takes them]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -s t -l topic -d 'Topic to publish to, with places for numbers [default: bench/RUN/{client}]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -s r -l retain -d 'Have the broker retain the messages'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l json -d 'Print the report as JSON'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l random-payload -d 'Fill payloads with random bytes, others in each message'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -s S -l srv -d 'Find the broker by the SRV records of HOST, or else of this machine\'s domain'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l nodelay -d 'Send small packets at once (TCP_NODELAY), as mqtk always does'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l ask-password -d 'Ask for the password on the terminal'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l tls-use-os-certs -d 'Trust the CA certificates of the system, as is the default; turns TLS on'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l insecure -d 'Accept any certificate: anyone on the way can then read and change the traffic'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l no-tls -d 'No TLS, whatever the other options say'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l ws -d 'Speak MQTT over WebSocket'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l will-retain -d 'Retain the Will Message'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -s d -l debug -d 'Report each packet on stderr'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l quiet -d 'Print no errors: only the exit status speaks'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l help -d 'Print help'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l version -d 'Print the version'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l disable-clean-session -d 'Keep the session: no Clean Start, and the session never expires unless -x says so'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l embedded -d 'Run a broker in a process of its own, and connect to it; -p is its port, 0 a free one [default: 1883, with TLS 8883]'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from pairs" -l no-reconnect -d 'Give up when the connection is lost'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l publishers -d 'Clients that publish, in the scenarios sub, shared, retained and queue' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l duration -d 'Measure for this long [default: 8s]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l warmup -d 'Warm up for this long before that: send, but do not measure [default: 1s; with --messages 0s]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -s n -l messages -d 'End after so many messages, those of a --warmup not counted, if that is sooner than --duration' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l group -d 'Name of the Shared Subscription, in the scenario shared, which is of MQTT 5 unless -V says otherwise [default: one of its own]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -s q -l qos -d 'Quality of Service: 0, 1 or 2' -r -f -a "0\t''
1\t''
2\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l credentials -d 'Who each client is: a CSV file with user,password and perhaps client-id. Clients take its lines in turn' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l connect-rate -d 'Open so many connections a second [default: as fast as the broker accepts them]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l connecting -d 'Open so many connections at once' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l threads -d 'Threads [default: one for each core, for each two in connect, and no more than clients]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l drain -d 'Wait for what is missing at the end as long as something arrives, and then for this long' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l interval -d 'Report progress in steps of this length' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l fail-if -d 'Fail with exit status 10 if this is true at the end, such as \'latency.p99>50ms\', \'lost>0\' or \'rate<99%\'; may be given several times' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l prometheus -d 'Serve how the run goes for Prometheus at http://ADDRESS:PORT/metrics, until it ends; the address is 127.0.0.1 if only a port is given' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l csv -d 'Write the intervals to a file as CSV' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l hlog -d 'Write the latencies of the intervals to a file as an HDR histogram log' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l html -d 'Write the report with its plots to a file as HTML' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l size -d 'Bytes of a payload: 64; 16..1024, any number of them; or 64:90,1024:9,65536:1, sizes with how often each comes. Where arrivals are measured, the first 28 are the measurement' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -s m -l payload -d 'Send this text, with places for numbers as in --topic. Where arrivals are measured, 28 bytes of measurement come before it' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -s f -l payload-file -d 'Send what is in the file. Where arrivals are measured, 28 bytes of measurement come before it' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l shard -d 'Do part I of N, counted from 0, of a run that N processes share: -c, --rate, -n and --connect-rate are of all together; but in retained, queue and wills every part has the --publishers, -n and --receivers that are given. Without I, it is $JOB_COMPLETION_INDEX. mqtk bench merge makes one report of theirs' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l start-at -d 'Connect, and begin at this time: such as 2030-01-31T12:00:00Z' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l bind -d 'Local addresses to connect from in turn: a list of addresses, ranges such as 127.0.0.2-127.0.0.9, and networks such as 10.0.0.0/28' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l over -d 'How to speak to the broker of --embedded: mqtt, mqtts, ws or wss [default: mqtt; in the scenario tls mqtts]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -s p -l port -d 'Port of the broker [default: 1883; with TLS 8883; by a ws URL 80, wss 443]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l unix -d 'Connect to a Unix domain socket' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -s A -l bind-address -d 'Local address to connect from' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l timeout -d 'Longest wait for the connection, and for each answer of the broker; 0 waits for ever' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -s u -l username -d 'User Name' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -s P -l password -d 'Password; every user of this machine can read it in the process list' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l password-file -d 'File whose first line is the password; - is stdin' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l auth-method -d 'Prove by SCRAM-SHA-256 that the password is known, without sending it (implies -V 5)' -r -f -a "SCRAM-SHA-256\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -s I -l id-prefix -d 'Client Identifier: this prefix and the process id' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -s V -l protocol-version -d 'MQTT version: 31, 311 or 5 (also mqttv31, mqttv311, mqttv5) [default: 311]' -r -f -a "31\t''
311\t''
5\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -s x -l session-expiry-interval -d 'Session Expiry Interval in seconds; -1 or ∞ is never (implies -V 5)' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -s k -l keepalive -d 'Keep Alive in seconds, up to 65535; 0 turns it off' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l max-packet-size -d 'Largest packet to accept from the broker, in bytes [default: no limit]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -s D -l property -d 'Property of a packet: connect|publish|… NAME VALUE (implies -V 5); may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l cafile -d 'File of CA certificates to trust (PEM); turns TLS on' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l capath -d 'Directory of CA certificates to trust (PEM); turns TLS on' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l cert -d 'Client certificate with its chain (PEM); its key may stand in the same file' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l key -d 'Private key of the client certificate (PEM: PKCS#1, PKCS#8 or SEC1)' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l keyform -d 'Form of the private key: pem' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l crlfile -d 'File of certificate revocation lists (PEM)' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l tls-alpn -d 'Protocol to offer by ALPN; may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l tls-version -d 'The one TLS version to speak: tlsv1.2 or tlsv1.3 [default: either]' -r -f -a "tlsv1.2\t''
tlsv1.3\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l ciphers -d 'Cipher suites to offer, by their names in rustls, with commas between' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l tls-keylog -d 'Append the session secrets to this file, for Wireshark' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l psk -d 'Refused: rustls has no PSK cipher suites' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l psk-identity -d 'Refused: rustls has no PSK cipher suites' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l tls-engine -d 'Refused: rustls has no engines' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l tls-engine-kpass-sha1 -d 'Refused: rustls has no engines' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l ws-path -d 'Path of the WebSocket request (implies --ws) [default: /mqtt]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l ws-header -d 'Header of the WebSocket request (implies --ws); may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l proxy -d 'SOCKS5 proxy: socks5h://[user[:password]@]host[:port]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l will-topic -d 'Topic of the Will Message, which the broker sends if the connection breaks' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l will-payload -d 'Payload of the Will Message [default: empty]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l will-qos -d 'QoS of the Will Message [default: 0]' -r -f -a "0\t''
1\t''
2\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -s o -l options-file -d 'Read options from this file, instead of the default one' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -s i -l id -d 'Client Identifiers, with {client} in it [default: bench-RUN-{client}]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -s h -l host -d 'Host names or addresses of the brokers, with commas between; each gets the same share of the clients [default: localhost]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -s L -l url -d 'Broker and topic: mqtt(s)|ws(s)://[user[:password]@]host[:port][/topic], or unix:///path' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -s M -l max-inflight -d 'Most unacknowledged messages of a client at QoS 1 and 2, without --rate' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l reconnect-min -d 'First pause before connecting again; it doubles with each attempt' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l reconnect-max -d 'Longest pause before connecting again' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l reconnect-for -d 'Give up this long after the connection was lost [default: pub 60; sub never]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l receivers -d 'Clients that receive the wills, in the scenario wills' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l mix -d 'Shares of the messages of each QoS, in the scenario mix' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -s c -l clients -d 'Members of the Shared Subscription' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l rate -d 'Messages a second over all publishers, whatever the broker does [default: as fast as it takes them]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -s t -l topic -d 'Topic to publish to, with places for numbers [default: bench/RUN/{client}]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -s r -l retain -d 'Have the broker retain the messages'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l json -d 'Print the report as JSON'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l random-payload -d 'Fill payloads with random bytes, others in each message'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -s S -l srv -d 'Find the broker by the SRV records of HOST, or else of this machine\'s domain'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l nodelay -d 'Send small packets at once (TCP_NODELAY), as mqtk always does'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l ask-password -d 'Ask for the password on the terminal'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l tls-use-os-certs -d 'Trust the CA certificates of the system, as is the default; turns TLS on'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l insecure -d 'Accept any certificate: anyone on the way can then read and change the traffic'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l no-tls -d 'No TLS, whatever the other options say'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l ws -d 'Speak MQTT over WebSocket'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l will-retain -d 'Retain the Will Message'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -s d -l debug -d 'Report each packet on stderr'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l quiet -d 'Print no errors: only the exit status speaks'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l help -d 'Print help'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l version -d 'Print the version'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l disable-clean-session -d 'Keep the session: no Clean Start, and the session never expires unless -x says so'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l embedded -d 'Run a broker in a process of its own, and connect to it; -p is its port, 0 a free one [default: 1883, with TLS 8883]'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from shared" -l no-reconnect -d 'Give up when the connection is lost'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l duration -d 'Measure for this long [default: 8s]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l warmup -d 'Warm up for this long before that: send, but do not measure [default: 1s; with --messages 0s]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -s n -l messages -d 'End after so many messages, those of a --warmup not counted, if that is sooner than --duration' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l mix -d 'Shares of the messages of each QoS, in the scenario mix' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l credentials -d 'Who each client is: a CSV file with user,password and perhaps client-id. Clients take its lines in turn' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l connect-rate -d 'Open so many connections a second [default: as fast as the broker accepts them]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l connecting -d 'Open so many connections at once' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l threads -d 'Threads [default: one for each core, for each two in connect, and no more than clients]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l drain -d 'Wait for what is missing at the end as long as something arrives, and then for this long' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l interval -d 'Report progress in steps of this length' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l fail-if -d 'Fail with exit status 10 if this is true at the end, such as \'latency.p99>50ms\', \'lost>0\' or \'rate<99%\'; may be given several times' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l prometheus -d 'Serve how the run goes for Prometheus at http://ADDRESS:PORT/metrics, until it ends; the address is 127.0.0.1 if only a port is given' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l csv -d 'Write the intervals to a file as CSV' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l hlog -d 'Write the latencies of the intervals to a file as an HDR histogram log' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l html -d 'Write the report with its plots to a file as HTML' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l size -d 'Bytes of a payload: 64; 16..1024, any number of them; or 64:90,1024:9,65536:1, sizes with how often each comes. Where arrivals are measured, the first 28 are the measurement' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -s m -l payload -d 'Send this text, with places for numbers as in --topic. Where arrivals are measured, 28 bytes of measurement come before it' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -s f -l payload-file -d 'Send what is in the file. Where arrivals are measured, 28 bytes of measurement come before it' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l shard -d 'Do part I of N, counted from 0, of a run that N processes share: -c, --rate, -n and --connect-rate are of all together; but in retained, queue and wills every part has the --publishers, -n and --receivers that are given. Without I, it is $JOB_COMPLETION_INDEX. mqtk bench merge makes one report of theirs' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l start-at -d 'Connect, and begin at this time: such as 2030-01-31T12:00:00Z' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l bind -d 'Local addresses to connect from in turn: a list of addresses, ranges such as 127.0.0.2-127.0.0.9, and networks such as 10.0.0.0/28' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l over -d 'How to speak to the broker of --embedded: mqtt, mqtts, ws or wss [default: mqtt; in the scenario tls mqtts]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -s p -l port -d 'Port of the broker [default: 1883; with TLS 8883; by a ws URL 80, wss 443]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l unix -d 'Connect to a Unix domain socket' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -s A -l bind-address -d 'Local address to connect from' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l timeout -d 'Longest wait for the connection, and for each answer of the broker; 0 waits for ever' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -s u -l username -d 'User Name' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -s P -l password -d 'Password; every user of this machine can read it in the process list' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l password-file -d 'File whose first line is the password; - is stdin' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l auth-method -d 'Prove by SCRAM-SHA-256 that the password is known, without sending it (implies -V 5)' -r -f -a "SCRAM-SHA-256\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -s I -l id-prefix -d 'Client Identifier: this prefix and the process id' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -s V -l protocol-version -d 'MQTT version: 31, 311 or 5 (also mqttv31, mqttv311, mqttv5) [default: 311]' -r -f -a "31\t''
311\t''
5\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -s x -l session-expiry-interval -d 'Session Expiry Interval in seconds; -1 or ∞ is never (implies -V 5)' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -s k -l keepalive -d 'Keep Alive in seconds, up to 65535; 0 turns it off' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l max-packet-size -d 'Largest packet to accept from the broker, in bytes [default: no limit]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -s D -l property -d 'Property of a packet: connect|publish|… NAME VALUE (implies -V 5); may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l cafile -d 'File of CA certificates to trust (PEM); turns TLS on' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l capath -d 'Directory of CA certificates to trust (PEM); turns TLS on' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l cert -d 'Client certificate with its chain (PEM); its key may stand in the same file' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l key -d 'Private key of the client certificate (PEM: PKCS#1, PKCS#8 or SEC1)' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l keyform -d 'Form of the private key: pem' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l crlfile -d 'File of certificate revocation lists (PEM)' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l tls-alpn -d 'Protocol to offer by ALPN; may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l tls-version -d 'The one TLS version to speak: tlsv1.2 or tlsv1.3 [default: either]' -r -f -a "tlsv1.2\t''
tlsv1.3\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l ciphers -d 'Cipher suites to offer, by their names in rustls, with commas between' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l tls-keylog -d 'Append the session secrets to this file, for Wireshark' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l psk -d 'Refused: rustls has no PSK cipher suites' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l psk-identity -d 'Refused: rustls has no PSK cipher suites' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l tls-engine -d 'Refused: rustls has no engines' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l tls-engine-kpass-sha1 -d 'Refused: rustls has no engines' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l ws-path -d 'Path of the WebSocket request (implies --ws) [default: /mqtt]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l ws-header -d 'Header of the WebSocket request (implies --ws); may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l proxy -d 'SOCKS5 proxy: socks5h://[user[:password]@]host[:port]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l will-topic -d 'Topic of the Will Message, which the broker sends if the connection breaks' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l will-payload -d 'Payload of the Will Message [default: empty]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l will-qos -d 'QoS of the Will Message [default: 0]' -r -f -a "0\t''
1\t''
2\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -s o -l options-file -d 'Read options from this file, instead of the default one' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -s i -l id -d 'Client Identifiers, with {client} in it [default: bench-RUN-{client}]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -s h -l host -d 'Host names or addresses of the brokers, with commas between; each gets the same share of the clients [default: localhost]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -s L -l url -d 'Broker and topic: mqtt(s)|ws(s)://[user[:password]@]host[:port][/topic], or unix:///path' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -s M -l max-inflight -d 'Most unacknowledged messages of a client at QoS 1 and 2, without --rate' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l reconnect-min -d 'First pause before connecting again; it doubles with each attempt' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l reconnect-max -d 'Longest pause before connecting again' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l reconnect-for -d 'Give up this long after the connection was lost [default: pub 60; sub never]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l publishers -d 'Clients that publish, in the scenarios sub, shared, retained and queue' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l receivers -d 'Clients that receive the wills, in the scenario wills' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l group -d 'Name of the Shared Subscription, in the scenario shared, which is of MQTT 5 unless -V says otherwise [default: one of its own]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l qos -d 'Quality of Service: 0, 1 or 2' -r -f -a "0\t''
1\t''
2\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -s c -l clients -d 'Pairs of a publisher and a subscriber' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l rate -d 'Messages a second over all publishers, whatever the broker does [default: as fast as it takes them]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -s t -l topic -d 'Topic to publish to, with places for numbers [default: bench/RUN/{client}]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -s r -l retain -d 'Have the broker retain the messages'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l json -d 'Print the report as JSON'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l random-payload -d 'Fill payloads with random bytes, others in each message'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -s S -l srv -d 'Find the broker by the SRV records of HOST, or else of this machine\'s domain'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l nodelay -d 'Send small packets at once (TCP_NODELAY), as mqtk always does'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l ask-password -d 'Ask for the password on the terminal'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l tls-use-os-certs -d 'Trust the CA certificates of the system, as is the default; turns TLS on'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l insecure -d 'Accept any certificate: anyone on the way can then read and change the traffic'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l no-tls -d 'No TLS, whatever the other options say'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l ws -d 'Speak MQTT over WebSocket'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l will-retain -d 'Retain the Will Message'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -s d -l debug -d 'Report each packet on stderr'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l quiet -d 'Print no errors: only the exit status speaks'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l help -d 'Print help'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l version -d 'Print the version'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l disable-clean-session -d 'Keep the session: no Clean Start, and the session never expires unless -x says so'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l embedded -d 'Run a broker in a process of its own, and connect to it; -p is its port, 0 a free one [default: 1883, with TLS 8883]'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from mix" -l no-reconnect -d 'Give up when the connection is lost'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l publishers -d 'Clients that publish, in the scenarios sub, shared, retained and queue' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -s q -l qos -d 'Quality of Service: 0, 1 or 2' -r -f -a "0\t''
1\t''
2\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l credentials -d 'Who each client is: a CSV file with user,password and perhaps client-id. Clients take its lines in turn' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l connect-rate -d 'Open so many connections a second [default: as fast as the broker accepts them]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l connecting -d 'Open so many connections at once' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l threads -d 'Threads [default: one for each core, for each two in connect, and no more than clients]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l drain -d 'Wait for what is missing at the end as long as something arrives, and then for this long' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l interval -d 'Report progress in steps of this length' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l fail-if -d 'Fail with exit status 10 if this is true at the end, such as \'latency.p99>50ms\', \'lost>0\' or \'rate<99%\'; may be given several times' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l prometheus -d 'Serve how the run goes for Prometheus at http://ADDRESS:PORT/metrics, until it ends; the address is 127.0.0.1 if only a port is given' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l csv -d 'Write the intervals to a file as CSV' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l hlog -d 'Write the latencies of the intervals to a file as an HDR histogram log' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l html -d 'Write the report with its plots to a file as HTML' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l size -d 'Bytes of a payload: 64; 16..1024, any number of them; or 64:90,1024:9,65536:1, sizes with how often each comes. Where arrivals are measured, the first 28 are the measurement' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -s m -l payload -d 'Send this text, with places for numbers as in --topic. Where arrivals are measured, 28 bytes of measurement come before it' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -s f -l payload-file -d 'Send what is in the file. Where arrivals are measured, 28 bytes of measurement come before it' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l shard -d 'Do part I of N, counted from 0, of a run that N processes share: -c, --rate, -n and --connect-rate are of all together; but in retained, queue and wills every part has the --publishers, -n and --receivers that are given. Without I, it is $JOB_COMPLETION_INDEX. mqtk bench merge makes one report of theirs' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l start-at -d 'Connect, and begin at this time: such as 2030-01-31T12:00:00Z' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l bind -d 'Local addresses to connect from in turn: a list of addresses, ranges such as 127.0.0.2-127.0.0.9, and networks such as 10.0.0.0/28' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l over -d 'How to speak to the broker of --embedded: mqtt, mqtts, ws or wss [default: mqtt; in the scenario tls mqtts]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -s p -l port -d 'Port of the broker [default: 1883; with TLS 8883; by a ws URL 80, wss 443]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l unix -d 'Connect to a Unix domain socket' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -s A -l bind-address -d 'Local address to connect from' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l timeout -d 'Longest wait for the connection, and for each answer of the broker; 0 waits for ever' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -s u -l username -d 'User Name' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -s P -l password -d 'Password; every user of this machine can read it in the process list' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l password-file -d 'File whose first line is the password; - is stdin' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l auth-method -d 'Prove by SCRAM-SHA-256 that the password is known, without sending it (implies -V 5)' -r -f -a "SCRAM-SHA-256\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -s I -l id-prefix -d 'Client Identifier: this prefix and the process id' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -s V -l protocol-version -d 'MQTT version: 31, 311 or 5 (also mqttv31, mqttv311, mqttv5) [default: 311]' -r -f -a "31\t''
311\t''
5\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -s x -l session-expiry-interval -d 'Session Expiry Interval in seconds; -1 or ∞ is never (implies -V 5)' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -s k -l keepalive -d 'Keep Alive in seconds, up to 65535; 0 turns it off' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l max-packet-size -d 'Largest packet to accept from the broker, in bytes [default: no limit]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -s D -l property -d 'Property of a packet: connect|publish|… NAME VALUE (implies -V 5); may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l cafile -d 'File of CA certificates to trust (PEM); turns TLS on' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l capath -d 'Directory of CA certificates to trust (PEM); turns TLS on' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l cert -d 'Client certificate with its chain (PEM); its key may stand in the same file' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l key -d 'Private key of the client certificate (PEM: PKCS#1, PKCS#8 or SEC1)' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l keyform -d 'Form of the private key: pem' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l crlfile -d 'File of certificate revocation lists (PEM)' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l tls-alpn -d 'Protocol to offer by ALPN; may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l tls-version -d 'The one TLS version to speak: tlsv1.2 or tlsv1.3 [default: either]' -r -f -a "tlsv1.2\t''
tlsv1.3\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l ciphers -d 'Cipher suites to offer, by their names in rustls, with commas between' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l tls-keylog -d 'Append the session secrets to this file, for Wireshark' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l psk -d 'Refused: rustls has no PSK cipher suites' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l psk-identity -d 'Refused: rustls has no PSK cipher suites' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l tls-engine -d 'Refused: rustls has no engines' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l tls-engine-kpass-sha1 -d 'Refused: rustls has no engines' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l ws-path -d 'Path of the WebSocket request (implies --ws) [default: /mqtt]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l ws-header -d 'Header of the WebSocket request (implies --ws); may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l proxy -d 'SOCKS5 proxy: socks5h://[user[:password]@]host[:port]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l will-topic -d 'Topic of the Will Message, which the broker sends if the connection breaks' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l will-payload -d 'Payload of the Will Message [default: empty]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l will-qos -d 'QoS of the Will Message [default: 0]' -r -f -a "0\t''
1\t''
2\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -s o -l options-file -d 'Read options from this file, instead of the default one' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -s i -l id -d 'Client Identifiers, with {client} in it [default: bench-RUN-{client}]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -s h -l host -d 'Host names or addresses of the brokers, with commas between; each gets the same share of the clients [default: localhost]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -s L -l url -d 'Broker and topic: mqtt(s)|ws(s)://[user[:password]@]host[:port][/topic], or unix:///path' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -s M -l max-inflight -d 'Most unacknowledged messages of a client at QoS 1 and 2, without --rate' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l reconnect-min -d 'First pause before connecting again; it doubles with each attempt' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l reconnect-max -d 'Longest pause before connecting again' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l reconnect-for -d 'Give up this long after the connection was lost [default: pub 60; sub never]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l receivers -d 'Clients that receive the wills, in the scenario wills' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l warmup -d 'Warm up for this long before that: send, but do not measure [default: 1s; with --messages 0s]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l group -d 'Name of the Shared Subscription, in the scenario shared, which is of MQTT 5 unless -V says otherwise [default: one of its own]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l mix -d 'Shares of the messages of each QoS, in the scenario mix' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -s c -l clients -d 'Clients that subscribe' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l rate -d 'Clients that subscribe a second, whatever the broker does [default: all at once]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -s t -l topic -d 'Topic to publish to, with places for numbers [default: bench/RUN/{client}/{message}]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -s n -l messages -d 'Messages to fill the broker with [default: 1000]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l duration -d 'Give up what is missing after this long [default: when nothing more comes]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -s r -l retain -d 'Have the broker retain the messages'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l json -d 'Print the report as JSON'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l random-payload -d 'Fill payloads with random bytes, others in each message'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -s S -l srv -d 'Find the broker by the SRV records of HOST, or else of this machine\'s domain'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l nodelay -d 'Send small packets at once (TCP_NODELAY), as mqtk always does'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l ask-password -d 'Ask for the password on the terminal'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l tls-use-os-certs -d 'Trust the CA certificates of the system, as is the default; turns TLS on'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l insecure -d 'Accept any certificate: anyone on the way can then read and change the traffic'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l no-tls -d 'No TLS, whatever the other options say'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l ws -d 'Speak MQTT over WebSocket'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l will-retain -d 'Retain the Will Message'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -s d -l debug -d 'Report each packet on stderr'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l quiet -d 'Print no errors: only the exit status speaks'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l help -d 'Print help'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l version -d 'Print the version'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l disable-clean-session -d 'Keep the session: no Clean Start, and the session never expires unless -x says so'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l embedded -d 'Run a broker in a process of its own, and connect to it; -p is its port, 0 a free one [default: 1883, with TLS 8883]'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from retained" -l no-reconnect -d 'Give up when the connection is lost'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l publishers -d 'Clients that publish, in the scenarios sub, shared, retained and queue' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l credentials -d 'Who each client is: a CSV file with user,password and perhaps client-id. Clients take its lines in turn' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l connect-rate -d 'Open so many connections a second [default: as fast as the broker accepts them]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l connecting -d 'Open so many connections at once' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l threads -d 'Threads [default: one for each core, for each two in connect, and no more than clients]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l drain -d 'Wait for what is missing at the end as long as something arrives, and then for this long' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l interval -d 'Report progress in steps of this length' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l fail-if -d 'Fail with exit status 10 if this is true at the end, such as \'latency.p99>50ms\', \'lost>0\' or \'rate<99%\'; may be given several times' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l prometheus -d 'Serve how the run goes for Prometheus at http://ADDRESS:PORT/metrics, until it ends; the address is 127.0.0.1 if only a port is given' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l csv -d 'Write the intervals to a file as CSV' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l hlog -d 'Write the latencies of the intervals to a file as an HDR histogram log' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l html -d 'Write the report with its plots to a file as HTML' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l size -d 'Bytes of a payload: 64; 16..1024, any number of them; or 64:90,1024:9,65536:1, sizes with how often each comes. Where arrivals are measured, the first 28 are the measurement' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -s m -l payload -d 'Send this text, with places for numbers as in --topic. Where arrivals are measured, 28 bytes of measurement come before it' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -s f -l payload-file -d 'Send what is in the file. Where arrivals are measured, 28 bytes of measurement come before it' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l shard -d 'Do part I of N, counted from 0, of a run that N processes share: -c, --rate, -n and --connect-rate are of all together; but in retained, queue and wills every part has the --publishers, -n and --receivers that are given. Without I, it is $JOB_COMPLETION_INDEX. mqtk bench merge makes one report of theirs' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l start-at -d 'Connect, and begin at this time: such as 2030-01-31T12:00:00Z' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l bind -d 'Local addresses to connect from in turn: a list of addresses, ranges such as 127.0.0.2-127.0.0.9, and networks such as 10.0.0.0/28' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l over -d 'How to speak to the broker of --embedded: mqtt, mqtts, ws or wss [default: mqtt; in the scenario tls mqtts]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -s p -l port -d 'Port of the broker [default: 1883; with TLS 8883; by a ws URL 80, wss 443]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l unix -d 'Connect to a Unix domain socket' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -s A -l bind-address -d 'Local address to connect from' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l timeout -d 'Longest wait for the connection, and for each answer of the broker; 0 waits for ever' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -s u -l username -d 'User Name' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -s P -l password -d 'Password; every user of this machine can read it in the process list' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l password-file -d 'File whose first line is the password; - is stdin' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l auth-method -d 'Prove by SCRAM-SHA-256 that the password is known, without sending it (implies -V 5)' -r -f -a "SCRAM-SHA-256\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -s I -l id-prefix -d 'Client Identifier: this prefix and the process id' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -s V -l protocol-version -d 'MQTT version: 31, 311 or 5 (also mqttv31, mqttv311, mqttv5) [default: 311]' -r -f -a "31\t''
311\t''
5\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -s x -l session-expiry-interval -d 'Session Expiry Interval in seconds; -1 or ∞ is never (implies -V 5)' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -s k -l keepalive -d 'Keep Alive in seconds, up to 65535; 0 turns it off' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l max-packet-size -d 'Largest packet to accept from the broker, in bytes [default: no limit]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -s D -l property -d 'Property of a packet: connect|publish|… NAME VALUE (implies -V 5); may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l cafile -d 'File of CA certificates to trust (PEM); turns TLS on' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l capath -d 'Directory of CA certificates to trust (PEM); turns TLS on' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l cert -d 'Client certificate with its chain (PEM); its key may stand in the same file' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l key -d 'Private key of the client certificate (PEM: PKCS#1, PKCS#8 or SEC1)' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l keyform -d 'Form of the private key: pem' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l crlfile -d 'File of certificate revocation lists (PEM)' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l tls-alpn -d 'Protocol to offer by ALPN; may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l tls-version -d 'The one TLS version to speak: tlsv1.2 or tlsv1.3 [default: either]' -r -f -a "tlsv1.2\t''
tlsv1.3\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l ciphers -d 'Cipher suites to offer, by their names in rustls, with commas between' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l tls-keylog -d 'Append the session secrets to this file, for Wireshark' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l psk -d 'Refused: rustls has no PSK cipher suites' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l psk-identity -d 'Refused: rustls has no PSK cipher suites' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l tls-engine -d 'Refused: rustls has no engines' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l tls-engine-kpass-sha1 -d 'Refused: rustls has no engines' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l ws-path -d 'Path of the WebSocket request (implies --ws) [default: /mqtt]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l ws-header -d 'Header of the WebSocket request (implies --ws); may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l proxy -d 'SOCKS5 proxy: socks5h://[user[:password]@]host[:port]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l will-topic -d 'Topic of the Will Message, which the broker sends if the connection breaks' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l will-payload -d 'Payload of the Will Message [default: empty]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l will-qos -d 'QoS of the Will Message [default: 0]' -r -f -a "0\t''
1\t''
2\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -s o -l options-file -d 'Read options from this file, instead of the default one' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -s i -l id -d 'Client Identifiers, with {client} in it [default: bench-RUN-{client}]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -s h -l host -d 'Host names or addresses of the brokers, with commas between; each gets the same share of the clients [default: localhost]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -s L -l url -d 'Broker and topic: mqtt(s)|ws(s)://[user[:password]@]host[:port][/topic], or unix:///path' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -s M -l max-inflight -d 'Most unacknowledged messages of a client at QoS 1 and 2, without --rate' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l reconnect-min -d 'First pause before connecting again; it doubles with each attempt' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l reconnect-max -d 'Longest pause before connecting again' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l reconnect-for -d 'Give up this long after the connection was lost [default: pub 60; sub never]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l receivers -d 'Clients that receive the wills, in the scenario wills' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l warmup -d 'Warm up for this long before that: send, but do not measure [default: 1s; with --messages 0s]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l group -d 'Name of the Shared Subscription, in the scenario shared, which is of MQTT 5 unless -V says otherwise [default: one of its own]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l mix -d 'Shares of the messages of each QoS, in the scenario mix' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -s c -l clients -d 'Clients with sessions' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l rate -d 'Clients that come back a second, whatever the broker does [default: all at once]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -s t -l topic -d 'Topic to publish to, with places for numbers [default: bench/RUN/{client}]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -s n -l messages -d 'Messages to fill the broker with [default: 500]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l duration -d 'Give up what is missing after this long [default: when nothing more comes]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -s q -l qos -d 'Quality of Service: 0, 1 or 2' -r -f -a "0\t''
1\t''
2\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l json -d 'Print the report as JSON'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l random-payload -d 'Fill payloads with random bytes, others in each message'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -s S -l srv -d 'Find the broker by the SRV records of HOST, or else of this machine\'s domain'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l nodelay -d 'Send small packets at once (TCP_NODELAY), as mqtk always does'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l ask-password -d 'Ask for the password on the terminal'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l tls-use-os-certs -d 'Trust the CA certificates of the system, as is the default; turns TLS on'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l insecure -d 'Accept any certificate: anyone on the way can then read and change the traffic'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l no-tls -d 'No TLS, whatever the other options say'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l ws -d 'Speak MQTT over WebSocket'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l will-retain -d 'Retain the Will Message'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -s d -l debug -d 'Report each packet on stderr'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l quiet -d 'Print no errors: only the exit status speaks'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l help -d 'Print help'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l version -d 'Print the version'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l disable-clean-session -d 'Keep the session: no Clean Start, and the session never expires unless -x says so'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l embedded -d 'Run a broker in a process of its own, and connect to it; -p is its port, 0 a free one [default: 1883, with TLS 8883]'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l no-reconnect -d 'Give up when the connection is lost'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from queue" -l retain -d 'Have the broker retain the messages'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l receivers -d 'Clients that receive the wills, in the scenario wills' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -s q -l qos -d 'Quality of Service: 0, 1 or 2' -r -f -a "0\t''
1\t''
2\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l credentials -d 'Who each client is: a CSV file with user,password and perhaps client-id. Clients take its lines in turn' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l connect-rate -d 'Open so many connections a second [default: as fast as the broker accepts them]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l connecting -d 'Open so many connections at once' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l threads -d 'Threads [default: one for each core, for each two in connect, and no more than clients]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l drain -d 'Wait for what is missing at the end as long as something arrives, and then for this long' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l interval -d 'Report progress in steps of this length' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l fail-if -d 'Fail with exit status 10 if this is true at the end, such as \'latency.p99>50ms\', \'lost>0\' or \'rate<99%\'; may be given several times' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l prometheus -d 'Serve how the run goes for Prometheus at http://ADDRESS:PORT/metrics, until it ends; the address is 127.0.0.1 if only a port is given' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l csv -d 'Write the intervals to a file as CSV' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l hlog -d 'Write the latencies of the intervals to a file as an HDR histogram log' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l html -d 'Write the report with its plots to a file as HTML' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l size -d 'Bytes of a payload: 64; 16..1024, any number of them; or 64:90,1024:9,65536:1, sizes with how often each comes. Where arrivals are measured, the first 28 are the measurement' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -s m -l payload -d 'Send this text, with places for numbers as in --topic. Where arrivals are measured, 28 bytes of measurement come before it' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -s f -l payload-file -d 'Send what is in the file. Where arrivals are measured, 28 bytes of measurement come before it' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l shard -d 'Do part I of N, counted from 0, of a run that N processes share: -c, --rate, -n and --connect-rate are of all together; but in retained, queue and wills every part has the --publishers, -n and --receivers that are given. Without I, it is $JOB_COMPLETION_INDEX. mqtk bench merge makes one report of theirs' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l start-at -d 'Connect, and begin at this time: such as 2030-01-31T12:00:00Z' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l bind -d 'Local addresses to connect from in turn: a list of addresses, ranges such as 127.0.0.2-127.0.0.9, and networks such as 10.0.0.0/28' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l over -d 'How to speak to the broker of --embedded: mqtt, mqtts, ws or wss [default: mqtt; in the scenario tls mqtts]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -s p -l port -d 'Port of the broker [default: 1883; with TLS 8883; by a ws URL 80, wss 443]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l unix -d 'Connect to a Unix domain socket' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -s A -l bind-address -d 'Local address to connect from' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l timeout -d 'Longest wait for the connection, and for each answer of the broker; 0 waits for ever' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -s u -l username -d 'User Name' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -s P -l password -d 'Password; every user of this machine can read it in the process list' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l password-file -d 'File whose first line is the password; - is stdin' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l auth-method -d 'Prove by SCRAM-SHA-256 that the password is known, without sending it (implies -V 5)' -r -f -a "SCRAM-SHA-256\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -s I -l id-prefix -d 'Client Identifier: this prefix and the process id' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -s V -l protocol-version -d 'MQTT version: 31, 311 or 5 (also mqttv31, mqttv311, mqttv5) [default: 311]' -r -f -a "31\t''
311\t''
5\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -s x -l session-expiry-interval -d 'Session Expiry Interval in seconds; -1 or ∞ is never (implies -V 5)' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -s k -l keepalive -d 'Keep Alive in seconds, up to 65535; 0 turns it off' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l max-packet-size -d 'Largest packet to accept from the broker, in bytes [default: no limit]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -s D -l property -d 'Property of a packet: connect|publish|… NAME VALUE (implies -V 5); may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l cafile -d 'File of CA certificates to trust (PEM); turns TLS on' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l capath -d 'Directory of CA certificates to trust (PEM); turns TLS on' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l cert -d 'Client certificate with its chain (PEM); its key may stand in the same file' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l key -d 'Private key of the client certificate (PEM: PKCS#1, PKCS#8 or SEC1)' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l keyform -d 'Form of the private key: pem' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l crlfile -d 'File of certificate revocation lists (PEM)' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l tls-alpn -d 'Protocol to offer by ALPN; may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l tls-version -d 'The one TLS version to speak: tlsv1.2 or tlsv1.3 [default: either]' -r -f -a "tlsv1.2\t''
tlsv1.3\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l ciphers -d 'Cipher suites to offer, by their names in rustls, with commas between' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l tls-keylog -d 'Append the session secrets to this file, for Wireshark' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l psk -d 'Refused: rustls has no PSK cipher suites' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l psk-identity -d 'Refused: rustls has no PSK cipher suites' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l tls-engine -d 'Refused: rustls has no engines' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l tls-engine-kpass-sha1 -d 'Refused: rustls has no engines' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l ws-path -d 'Path of the WebSocket request (implies --ws) [default: /mqtt]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l ws-header -d 'Header of the WebSocket request (implies --ws); may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l proxy -d 'SOCKS5 proxy: socks5h://[user[:password]@]host[:port]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -s o -l options-file -d 'Read options from this file, instead of the default one' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -s i -l id -d 'Client Identifiers, with {client} in it [default: bench-RUN-{client}]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -s h -l host -d 'Host names or addresses of the brokers, with commas between; each gets the same share of the clients [default: localhost]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -s L -l url -d 'Broker and topic: mqtt(s)|ws(s)://[user[:password]@]host[:port][/topic], or unix:///path' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l reconnect-min -d 'First pause before connecting again; it doubles with each attempt' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l reconnect-max -d 'Longest pause before connecting again' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l reconnect-for -d 'Give up this long after the connection was lost [default: pub 60; sub never]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l publishers -d 'Clients that publish, in the scenarios sub, shared, retained and queue' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l warmup -d 'Warm up for this long before that: send, but do not measure [default: 1s; with --messages 0s]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l messages -d 'End after so many messages, those of a --warmup not counted, if that is sooner than --duration' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l group -d 'Name of the Shared Subscription, in the scenario shared, which is of MQTT 5 unless -V says otherwise [default: one of its own]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l mix -d 'Shares of the messages of each QoS, in the scenario mix' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l max-inflight -d 'Most unacknowledged messages of a client at QoS 1 and 2, without --rate' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l will-topic -d 'Topic of the Will Message, which the broker sends if the connection breaks' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l will-payload -d 'Payload of the Will Message [default: empty]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l will-qos -d 'QoS of the Will Message [default: 0]' -r -f -a "0\t''
1\t''
2\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -s c -l clients -d 'Clients with wills' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l rate -d 'Clients cut off a second, whatever the broker does [default: all at once]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -s t -l topic -d 'Topic to publish to, with places for numbers [default: bench/RUN/{client}]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l duration -d 'Give up what is missing after this long [default: when nothing more comes]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l json -d 'Print the report as JSON'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l random-payload -d 'Fill payloads with random bytes, others in each message'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -s S -l srv -d 'Find the broker by the SRV records of HOST, or else of this machine\'s domain'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l nodelay -d 'Send small packets at once (TCP_NODELAY), as mqtk always does'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l ask-password -d 'Ask for the password on the terminal'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l tls-use-os-certs -d 'Trust the CA certificates of the system, as is the default; turns TLS on'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l insecure -d 'Accept any certificate: anyone on the way can then read and change the traffic'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l no-tls -d 'No TLS, whatever the other options say'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l ws -d 'Speak MQTT over WebSocket'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -s d -l debug -d 'Report each packet on stderr'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l quiet -d 'Print no errors: only the exit status speaks'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l help -d 'Print help'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l version -d 'Print the version'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l disable-clean-session -d 'Keep the session: no Clean Start, and the session never expires unless -x says so'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l embedded -d 'Run a broker in a process of its own, and connect to it; -p is its port, 0 a free one [default: 1883, with TLS 8883]'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l no-reconnect -d 'Give up when the connection is lost'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l retain -d 'Have the broker retain the messages'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from wills" -l will-retain -d 'Retain the Will Message'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l duration -d 'Measure for this long [default: 8s]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l warmup -d 'Warm up for this long before that: send, but do not measure [default: 1s; with --messages 0s]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -s n -l messages -d 'End after so many messages, those of a --warmup not counted, if that is sooner than --duration' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -s q -l qos -d 'Quality of Service: 0, 1 or 2' -r -f -a "0\t''
1\t''
2\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l credentials -d 'Who each client is: a CSV file with user,password and perhaps client-id. Clients take its lines in turn' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l connect-rate -d 'Open so many connections a second [default: as fast as the broker accepts them]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l connecting -d 'Open so many connections at once' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l threads -d 'Threads [default: one for each core, for each two in connect, and no more than clients]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l drain -d 'Wait for what is missing at the end as long as something arrives, and then for this long' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l interval -d 'Report progress in steps of this length' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l fail-if -d 'Fail with exit status 10 if this is true at the end, such as \'latency.p99>50ms\', \'lost>0\' or \'rate<99%\'; may be given several times' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l prometheus -d 'Serve how the run goes for Prometheus at http://ADDRESS:PORT/metrics, until it ends; the address is 127.0.0.1 if only a port is given' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l csv -d 'Write the intervals to a file as CSV' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l hlog -d 'Write the latencies of the intervals to a file as an HDR histogram log' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l html -d 'Write the report with its plots to a file as HTML' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l shard -d 'Do part I of N, counted from 0, of a run that N processes share: -c, --rate, -n and --connect-rate are of all together; but in retained, queue and wills every part has the --publishers, -n and --receivers that are given. Without I, it is $JOB_COMPLETION_INDEX. mqtk bench merge makes one report of theirs' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l start-at -d 'Connect, and begin at this time: such as 2030-01-31T12:00:00Z' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l bind -d 'Local addresses to connect from in turn: a list of addresses, ranges such as 127.0.0.2-127.0.0.9, and networks such as 10.0.0.0/28' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l over -d 'How to speak to the broker of --embedded: mqtt, mqtts, ws or wss [default: mqtt; in the scenario tls mqtts]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -s p -l port -d 'Port of the broker [default: 1883; with TLS 8883; by a ws URL 80, wss 443]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l unix -d 'Connect to a Unix domain socket' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -s A -l bind-address -d 'Local address to connect from' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l timeout -d 'Longest wait for the connection, and for each answer of the broker; 0 waits for ever' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -s u -l username -d 'User Name' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -s P -l password -d 'Password; every user of this machine can read it in the process list' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l password-file -d 'File whose first line is the password; - is stdin' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l auth-method -d 'Prove by SCRAM-SHA-256 that the password is known, without sending it (implies -V 5)' -r -f -a "SCRAM-SHA-256\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -s I -l id-prefix -d 'Client Identifier: this prefix and the process id' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -s V -l protocol-version -d 'MQTT version: 31, 311 or 5 (also mqttv31, mqttv311, mqttv5) [default: 311]' -r -f -a "31\t''
311\t''
5\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -s x -l session-expiry-interval -d 'Session Expiry Interval in seconds; -1 or ∞ is never (implies -V 5)' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -s k -l keepalive -d 'Keep Alive in seconds, up to 65535; 0 turns it off' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l max-packet-size -d 'Largest packet to accept from the broker, in bytes [default: no limit]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -s D -l property -d 'Property of a packet: connect|publish|… NAME VALUE (implies -V 5); may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l cafile -d 'File of CA certificates to trust (PEM); turns TLS on' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l capath -d 'Directory of CA certificates to trust (PEM); turns TLS on' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l cert -d 'Client certificate with its chain (PEM); its key may stand in the same file' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l key -d 'Private key of the client certificate (PEM: PKCS#1, PKCS#8 or SEC1)' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l keyform -d 'Form of the private key: pem' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l crlfile -d 'File of certificate revocation lists (PEM)' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l tls-alpn -d 'Protocol to offer by ALPN; may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l tls-version -d 'The one TLS version to speak: tlsv1.2 or tlsv1.3 [default: either]' -r -f -a "tlsv1.2\t''
tlsv1.3\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l ciphers -d 'Cipher suites to offer, by their names in rustls, with commas between' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l tls-keylog -d 'Append the session secrets to this file, for Wireshark' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l psk -d 'Refused: rustls has no PSK cipher suites' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l psk-identity -d 'Refused: rustls has no PSK cipher suites' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l tls-engine -d 'Refused: rustls has no engines' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l tls-engine-kpass-sha1 -d 'Refused: rustls has no engines' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l ws-path -d 'Path of the WebSocket request (implies --ws) [default: /mqtt]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l ws-header -d 'Header of the WebSocket request (implies --ws); may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l proxy -d 'SOCKS5 proxy: socks5h://[user[:password]@]host[:port]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l will-topic -d 'Topic of the Will Message, which the broker sends if the connection breaks' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l will-payload -d 'Payload of the Will Message [default: empty]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l will-qos -d 'QoS of the Will Message [default: 0]' -r -f -a "0\t''
1\t''
2\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -s o -l options-file -d 'Read options from this file, instead of the default one' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -s i -l id -d 'Client Identifiers, with {client} in it [default: bench-RUN-{client}]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -s h -l host -d 'Host names or addresses of the brokers, with commas between; each gets the same share of the clients [default: localhost]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -s L -l url -d 'Broker and topic: mqtt(s)|ws(s)://[user[:password]@]host[:port][/topic], or unix:///path' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l reconnect-min -d 'First pause before connecting again; it doubles with each attempt' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l reconnect-max -d 'Longest pause before connecting again' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l reconnect-for -d 'Give up this long after the connection was lost [default: pub 60; sub never]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l publishers -d 'Clients that publish, in the scenarios sub, shared, retained and queue' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l receivers -d 'Clients that receive the wills, in the scenario wills' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l group -d 'Name of the Shared Subscription, in the scenario shared, which is of MQTT 5 unless -V says otherwise [default: one of its own]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l mix -d 'Shares of the messages of each QoS, in the scenario mix' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l size -d 'Bytes of a payload: 64; 16..1024, any number of them; or 64:90,1024:9,65536:1, sizes with how often each comes. Where arrivals are measured, the first 28 are the measurement' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l payload -d 'Send this text, with places for numbers as in --topic. Where arrivals are measured, 28 bytes of measurement come before it' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l payload-file -d 'Send what is in the file. Where arrivals are measured, 28 bytes of measurement come before it' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -s c -l clients -d 'Clients that subscribe' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l rate -d 'SUBSCRIBE and UNSUBSCRIBE packets a second over all clients, whatever the broker does [default: as fast as it takes them]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -s t -l topic -d 'Topic to subscribe to, with places for numbers [default: bench/RUN/{client}/{message}]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -s M -l max-inflight -d 'Most unacknowledged messages of a client at QoS 1 and 2, without --rate' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l json -d 'Print the report as JSON'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -s S -l srv -d 'Find the broker by the SRV records of HOST, or else of this machine\'s domain'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l nodelay -d 'Send small packets at once (TCP_NODELAY), as mqtk always does'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l ask-password -d 'Ask for the password on the terminal'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l tls-use-os-certs -d 'Trust the CA certificates of the system, as is the default; turns TLS on'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l insecure -d 'Accept any certificate: anyone on the way can then read and change the traffic'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l no-tls -d 'No TLS, whatever the other options say'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l ws -d 'Speak MQTT over WebSocket'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l will-retain -d 'Retain the Will Message'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -s d -l debug -d 'Report each packet on stderr'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l quiet -d 'Print no errors: only the exit status speaks'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l help -d 'Print help'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l version -d 'Print the version'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l disable-clean-session -d 'Keep the session: no Clean Start, and the session never expires unless -x says so'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l embedded -d 'Run a broker in a process of its own, and connect to it; -p is its port, 0 a free one [default: 1883, with TLS 8883]'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l no-reconnect -d 'Give up when the connection is lost'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l retain -d 'Have the broker retain the messages'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from subscribe" -l random-payload -d 'Fill payloads with random bytes, others in each message'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l duration -d 'Measure for this long [default: 8s]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l warmup -d 'Warm up for this long before that: send, but do not measure [default: 1s; with --messages 0s]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -s n -l messages -d 'End after so many messages, those of a --warmup not counted, if that is sooner than --duration' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l credentials -d 'Who each client is: a CSV file with user,password and perhaps client-id. Clients take its lines in turn' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l threads -d 'Threads [default: one for each core, for each two in connect, and no more than clients]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l drain -d 'Wait for what is missing at the end as long as something arrives, and then for this long' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l interval -d 'Report progress in steps of this length' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l fail-if -d 'Fail with exit status 10 if this is true at the end, such as \'latency.p99>50ms\', \'lost>0\' or \'rate<99%\'; may be given several times' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l prometheus -d 'Serve how the run goes for Prometheus at http://ADDRESS:PORT/metrics, until it ends; the address is 127.0.0.1 if only a port is given' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l csv -d 'Write the intervals to a file as CSV' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l hlog -d 'Write the latencies of the intervals to a file as an HDR histogram log' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l html -d 'Write the report with its plots to a file as HTML' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l shard -d 'Do part I of N, counted from 0, of a run that N processes share: -c, --rate, -n and --connect-rate are of all together; but in retained, queue and wills every part has the --publishers, -n and --receivers that are given. Without I, it is $JOB_COMPLETION_INDEX. mqtk bench merge makes one report of theirs' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l start-at -d 'Connect, and begin at this time: such as 2030-01-31T12:00:00Z' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l bind -d 'Local addresses to connect from in turn: a list of addresses, ranges such as 127.0.0.2-127.0.0.9, and networks such as 10.0.0.0/28' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l over -d 'How to speak to the broker of --embedded: mqtt, mqtts, ws or wss [default: mqtt; in the scenario tls mqtts]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -s p -l port -d 'Port of the broker [default: 1883; with TLS 8883; by a ws URL 80, wss 443]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l unix -d 'Connect to a Unix domain socket' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -s A -l bind-address -d 'Local address to connect from' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l timeout -d 'Longest wait for the connection, and for each answer of the broker; 0 waits for ever' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -s u -l username -d 'User Name' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -s P -l password -d 'Password; every user of this machine can read it in the process list' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l password-file -d 'File whose first line is the password; - is stdin' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l auth-method -d 'Prove by SCRAM-SHA-256 that the password is known, without sending it (implies -V 5)' -r -f -a "SCRAM-SHA-256\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -s I -l id-prefix -d 'Client Identifier: this prefix and the process id' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -s V -l protocol-version -d 'MQTT version: 31, 311 or 5 (also mqttv31, mqttv311, mqttv5) [default: 311]' -r -f -a "31\t''
311\t''
5\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -s x -l session-expiry-interval -d 'Session Expiry Interval in seconds; -1 or ∞ is never (implies -V 5)' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -s k -l keepalive -d 'Keep Alive in seconds, up to 65535; 0 turns it off' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l max-packet-size -d 'Largest packet to accept from the broker, in bytes [default: no limit]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -s D -l property -d 'Property of a packet: connect|publish|… NAME VALUE (implies -V 5); may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l cafile -d 'File of CA certificates to trust (PEM); turns TLS on' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l capath -d 'Directory of CA certificates to trust (PEM); turns TLS on' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l cert -d 'Client certificate with its chain (PEM); its key may stand in the same file' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l key -d 'Private key of the client certificate (PEM: PKCS#1, PKCS#8 or SEC1)' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l keyform -d 'Form of the private key: pem' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l crlfile -d 'File of certificate revocation lists (PEM)' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l tls-alpn -d 'Protocol to offer by ALPN; may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l tls-version -d 'The one TLS version to speak: tlsv1.2 or tlsv1.3 [default: either]' -r -f -a "tlsv1.2\t''
tlsv1.3\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l ciphers -d 'Cipher suites to offer, by their names in rustls, with commas between' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l tls-keylog -d 'Append the session secrets to this file, for Wireshark' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l psk -d 'Refused: rustls has no PSK cipher suites' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l psk-identity -d 'Refused: rustls has no PSK cipher suites' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l tls-engine -d 'Refused: rustls has no engines' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l tls-engine-kpass-sha1 -d 'Refused: rustls has no engines' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l ws-path -d 'Path of the WebSocket request (implies --ws) [default: /mqtt]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l ws-header -d 'Header of the WebSocket request (implies --ws); may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l proxy -d 'SOCKS5 proxy: socks5h://[user[:password]@]host[:port]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l will-topic -d 'Topic of the Will Message, which the broker sends if the connection breaks' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l will-payload -d 'Payload of the Will Message [default: empty]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l will-qos -d 'QoS of the Will Message [default: 0]' -r -f -a "0\t''
1\t''
2\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -s o -l options-file -d 'Read options from this file, instead of the default one' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -s i -l id -d 'Client Identifiers, with {client} in it [default: bench-RUN-{client}]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -s h -l host -d 'Host names or addresses of the brokers, with commas between; each gets the same share of the clients [default: localhost]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -s L -l url -d 'Broker and topic: mqtt(s)|ws(s)://[user[:password]@]host[:port][/topic], or unix:///path' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l reconnect-min -d 'First pause before connecting again; it doubles with each attempt' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l reconnect-max -d 'Longest pause before connecting again' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l reconnect-for -d 'Give up this long after the connection was lost [default: pub 60; sub never]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l publishers -d 'Clients that publish, in the scenarios sub, shared, retained and queue' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l receivers -d 'Clients that receive the wills, in the scenario wills' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l group -d 'Name of the Shared Subscription, in the scenario shared, which is of MQTT 5 unless -V says otherwise [default: one of its own]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l qos -d 'Quality of Service: 0, 1 or 2' -r -f -a "0\t''
1\t''
2\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l mix -d 'Shares of the messages of each QoS, in the scenario mix' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l connect-rate -d 'Open so many connections a second [default: as fast as the broker accepts them]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l connecting -d 'Open so many connections at once' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l size -d 'Bytes of a payload: 64; 16..1024, any number of them; or 64:90,1024:9,65536:1, sizes with how often each comes. Where arrivals are measured, the first 28 are the measurement' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l payload -d 'Send this text, with places for numbers as in --topic. Where arrivals are measured, 28 bytes of measurement come before it' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l payload-file -d 'Send what is in the file. Where arrivals are measured, 28 bytes of measurement come before it' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l max-inflight -d 'Most unacknowledged messages of a client at QoS 1 and 2, without --rate' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -s c -l clients -d 'Clients that connect' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l rate -d 'Connections a second over all clients, whatever the broker does [default: as fast as it takes them]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l topic -d 'Topic to publish to, with places for numbers [default: bench/RUN/{client}]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l json -d 'Print the report as JSON'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -s S -l srv -d 'Find the broker by the SRV records of HOST, or else of this machine\'s domain'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l nodelay -d 'Send small packets at once (TCP_NODELAY), as mqtk always does'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l ask-password -d 'Ask for the password on the terminal'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l tls-use-os-certs -d 'Trust the CA certificates of the system, as is the default; turns TLS on'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l insecure -d 'Accept any certificate: anyone on the way can then read and change the traffic'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l no-tls -d 'No TLS, whatever the other options say'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l ws -d 'Speak MQTT over WebSocket'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l will-retain -d 'Retain the Will Message'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -s d -l debug -d 'Report each packet on stderr'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l quiet -d 'Print no errors: only the exit status speaks'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l help -d 'Print help'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l version -d 'Print the version'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l disable-clean-session -d 'Keep the session: no Clean Start, and the session never expires unless -x says so'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l embedded -d 'Run a broker in a process of its own, and connect to it; -p is its port, 0 a free one [default: 1883, with TLS 8883]'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l no-reconnect -d 'Give up when the connection is lost'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l retain -d 'Have the broker retain the messages'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from churn" -l random-payload -d 'Fill payloads with random bytes, others in each message'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l duration -d 'Measure for this long [default: 8s]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l warmup -d 'Warm up for this long before that: send, but do not measure [default: 1s; with --messages 0s]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -s n -l messages -d 'End after so many messages, those of a --warmup not counted, if that is sooner than --duration' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l credentials -d 'Who each client is: a CSV file with user,password and perhaps client-id. Clients take its lines in turn' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l threads -d 'Threads [default: one for each core, for each two in connect, and no more than clients]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l drain -d 'Wait for what is missing at the end as long as something arrives, and then for this long' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l interval -d 'Report progress in steps of this length' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l fail-if -d 'Fail with exit status 10 if this is true at the end, such as \'latency.p99>50ms\', \'lost>0\' or \'rate<99%\'; may be given several times' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l prometheus -d 'Serve how the run goes for Prometheus at http://ADDRESS:PORT/metrics, until it ends; the address is 127.0.0.1 if only a port is given' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l csv -d 'Write the intervals to a file as CSV' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l hlog -d 'Write the latencies of the intervals to a file as an HDR histogram log' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l html -d 'Write the report with its plots to a file as HTML' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l shard -d 'Do part I of N, counted from 0, of a run that N processes share: -c, --rate, -n and --connect-rate are of all together; but in retained, queue and wills every part has the --publishers, -n and --receivers that are given. Without I, it is $JOB_COMPLETION_INDEX. mqtk bench merge makes one report of theirs' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l start-at -d 'Connect, and begin at this time: such as 2030-01-31T12:00:00Z' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l bind -d 'Local addresses to connect from in turn: a list of addresses, ranges such as 127.0.0.2-127.0.0.9, and networks such as 10.0.0.0/28' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l over -d 'How to speak to the broker of --embedded: mqtt, mqtts, ws or wss [default: mqtt; in the scenario tls mqtts]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -s p -l port -d 'Port of the broker [default: 1883; with TLS 8883; by a ws URL 80, wss 443]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l unix -d 'Connect to a Unix domain socket' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -s A -l bind-address -d 'Local address to connect from' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l timeout -d 'Longest wait for the connection, and for each answer of the broker; 0 waits for ever' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -s u -l username -d 'User Name' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -s P -l password -d 'Password; every user of this machine can read it in the process list' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l password-file -d 'File whose first line is the password; - is stdin' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l auth-method -d 'Prove by SCRAM-SHA-256 that the password is known, without sending it (implies -V 5)' -r -f -a "SCRAM-SHA-256\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -s I -l id-prefix -d 'Client Identifier: this prefix and the process id' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -s V -l protocol-version -d 'MQTT version: 31, 311 or 5 (also mqttv31, mqttv311, mqttv5) [default: 311]' -r -f -a "31\t''
311\t''
5\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -s x -l session-expiry-interval -d 'Session Expiry Interval in seconds; -1 or ∞ is never (implies -V 5)' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -s k -l keepalive -d 'Keep Alive in seconds, up to 65535; 0 turns it off' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l max-packet-size -d 'Largest packet to accept from the broker, in bytes [default: no limit]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -s D -l property -d 'Property of a packet: connect|publish|… NAME VALUE (implies -V 5); may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l cafile -d 'File of CA certificates to trust (PEM); turns TLS on' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l capath -d 'Directory of CA certificates to trust (PEM); turns TLS on' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l cert -d 'Client certificate with its chain (PEM); its key may stand in the same file' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l key -d 'Private key of the client certificate (PEM: PKCS#1, PKCS#8 or SEC1)' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l keyform -d 'Form of the private key: pem' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l crlfile -d 'File of certificate revocation lists (PEM)' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l tls-alpn -d 'Protocol to offer by ALPN; may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l tls-version -d 'The one TLS version to speak: tlsv1.2 or tlsv1.3 [default: either]' -r -f -a "tlsv1.2\t''
tlsv1.3\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l ciphers -d 'Cipher suites to offer, by their names in rustls, with commas between' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l tls-keylog -d 'Append the session secrets to this file, for Wireshark' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l psk -d 'Refused: rustls has no PSK cipher suites' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l psk-identity -d 'Refused: rustls has no PSK cipher suites' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l tls-engine -d 'Refused: rustls has no engines' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l tls-engine-kpass-sha1 -d 'Refused: rustls has no engines' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l ws-path -d 'Path of the WebSocket request (implies --ws) [default: /mqtt]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l ws-header -d 'Header of the WebSocket request (implies --ws); may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l proxy -d 'SOCKS5 proxy: socks5h://[user[:password]@]host[:port]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l will-topic -d 'Topic of the Will Message, which the broker sends if the connection breaks' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l will-payload -d 'Payload of the Will Message [default: empty]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l will-qos -d 'QoS of the Will Message [default: 0]' -r -f -a "0\t''
1\t''
2\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -s o -l options-file -d 'Read options from this file, instead of the default one' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -s i -l id -d 'Client Identifiers, with {client} in it [default: bench-RUN-{client}]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -s h -l host -d 'Host names or addresses of the brokers, with commas between; each gets the same share of the clients [default: localhost]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -s L -l url -d 'Broker and topic: mqtt(s)|ws(s)://[user[:password]@]host[:port][/topic], or unix:///path' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l reconnect-min -d 'First pause before connecting again; it doubles with each attempt' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l reconnect-max -d 'Longest pause before connecting again' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l reconnect-for -d 'Give up this long after the connection was lost [default: pub 60; sub never]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l publishers -d 'Clients that publish, in the scenarios sub, shared, retained and queue' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l receivers -d 'Clients that receive the wills, in the scenario wills' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l group -d 'Name of the Shared Subscription, in the scenario shared, which is of MQTT 5 unless -V says otherwise [default: one of its own]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l qos -d 'Quality of Service: 0, 1 or 2' -r -f -a "0\t''
1\t''
2\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l mix -d 'Shares of the messages of each QoS, in the scenario mix' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l connect-rate -d 'Open so many connections a second [default: as fast as the broker accepts them]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l connecting -d 'Open so many connections at once' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l size -d 'Bytes of a payload: 64; 16..1024, any number of them; or 64:90,1024:9,65536:1, sizes with how often each comes. Where arrivals are measured, the first 28 are the measurement' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l payload -d 'Send this text, with places for numbers as in --topic. Where arrivals are measured, 28 bytes of measurement come before it' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l payload-file -d 'Send what is in the file. Where arrivals are measured, 28 bytes of measurement come before it' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l max-inflight -d 'Most unacknowledged messages of a client at QoS 1 and 2, without --rate' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -s c -l clients -d 'Clients that connect' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l rate -d 'Connections a second over all clients, whatever the broker does [default: as fast as it takes them]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l topic -d 'Topic to publish to, with places for numbers [default: bench/RUN/{client}]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l json -d 'Print the report as JSON'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -s S -l srv -d 'Find the broker by the SRV records of HOST, or else of this machine\'s domain'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l nodelay -d 'Send small packets at once (TCP_NODELAY), as mqtk always does'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l ask-password -d 'Ask for the password on the terminal'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l tls-use-os-certs -d 'Trust the CA certificates of the system, as is the default; turns TLS on'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l insecure -d 'Accept any certificate: anyone on the way can then read and change the traffic'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l no-tls -d 'No TLS, whatever the other options say'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l ws -d 'Speak MQTT over WebSocket'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l will-retain -d 'Retain the Will Message'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -s d -l debug -d 'Report each packet on stderr'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l quiet -d 'Print no errors: only the exit status speaks'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l help -d 'Print help'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l version -d 'Print the version'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l disable-clean-session -d 'Keep the session: no Clean Start, and the session never expires unless -x says so'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l embedded -d 'Run a broker in a process of its own, and connect to it; -p is its port, 0 a free one [default: 1883, with TLS 8883]'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l no-reconnect -d 'Give up when the connection is lost'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l retain -d 'Have the broker retain the messages'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from tls" -l random-payload -d 'Fill payloads with random bytes, others in each message'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -s c -l clients -d 'Clients' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l publishers -d 'Clients that publish, in the scenarios sub, shared, retained and queue' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l receivers -d 'Clients that receive the wills, in the scenario wills' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l rate -d 'Messages a second over all publishers, whatever the broker does [default: as fast as it takes them]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l duration -d 'Measure for this long [default: 8s]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l warmup -d 'Warm up for this long before that: send, but do not measure [default: 1s; with --messages 0s]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -s n -l messages -d 'End after so many messages, those of a --warmup not counted, if that is sooner than --duration' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -s t -l topic -d 'Topic to publish to, with places for numbers' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l group -d 'Name of the Shared Subscription, in the scenario shared, which is of MQTT 5 unless -V says otherwise [default: one of its own]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -s q -l qos -d 'Quality of Service: 0, 1 or 2' -r -f -a "0\t''
1\t''
2\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l mix -d 'Shares of the messages of each QoS, in the scenario mix' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l credentials -d 'Who each client is: a CSV file with user,password and perhaps client-id. Clients take its lines in turn' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l connect-rate -d 'Open so many connections a second [default: as fast as the broker accepts them]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l connecting -d 'Open so many connections at once' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l threads -d 'Threads [default: one for each core, for each two in connect, and no more than clients]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l drain -d 'Wait for what is missing at the end as long as something arrives, and then for this long' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l interval -d 'Report progress in steps of this length' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l fail-if -d 'Fail with exit status 10 if this is true at the end, such as \'latency.p99>50ms\', \'lost>0\' or \'rate<99%\'; may be given several times' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l prometheus -d 'Serve how the run goes for Prometheus at http://ADDRESS:PORT/metrics, until it ends; the address is 127.0.0.1 if only a port is given' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l csv -d 'Write the intervals to a file as CSV' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l hlog -d 'Write the latencies of the intervals to a file as an HDR histogram log' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l html -d 'Write the report with its plots to a file as HTML' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l size -d 'Bytes of a payload: 64; 16..1024, any number of them; or 64:90,1024:9,65536:1, sizes with how often each comes. Where arrivals are measured, the first 28 are the measurement' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -s m -l payload -d 'Send this text, with places for numbers as in --topic. Where arrivals are measured, 28 bytes of measurement come before it' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -s f -l payload-file -d 'Send what is in the file. Where arrivals are measured, 28 bytes of measurement come before it' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l shard -d 'Do part I of N, counted from 0, of a run that N processes share: -c, --rate, -n and --connect-rate are of all together; but in retained, queue and wills every part has the --publishers, -n and --receivers that are given. Without I, it is $JOB_COMPLETION_INDEX. mqtk bench merge makes one report of theirs' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l start-at -d 'Connect, and begin at this time: such as 2030-01-31T12:00:00Z' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l bind -d 'Local addresses to connect from in turn: a list of addresses, ranges such as 127.0.0.2-127.0.0.9, and networks such as 10.0.0.0/28' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l over -d 'How to speak to the broker of --embedded: mqtt, mqtts, ws or wss [default: mqtt; in the scenario tls mqtts]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -s p -l port -d 'Port of the broker [default: 1883; with TLS 8883; by a ws URL 80, wss 443]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l unix -d 'Connect to a Unix domain socket' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -s A -l bind-address -d 'Local address to connect from' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l timeout -d 'Longest wait for the connection, and for each answer of the broker; 0 waits for ever' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -s u -l username -d 'User Name' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -s P -l password -d 'Password; every user of this machine can read it in the process list' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l password-file -d 'File whose first line is the password; - is stdin' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l auth-method -d 'Prove by SCRAM-SHA-256 that the password is known, without sending it (implies -V 5)' -r -f -a "SCRAM-SHA-256\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -s I -l id-prefix -d 'Client Identifier: this prefix and the process id' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -s V -l protocol-version -d 'MQTT version: 31, 311 or 5 (also mqttv31, mqttv311, mqttv5) [default: 311]' -r -f -a "31\t''
311\t''
5\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -s x -l session-expiry-interval -d 'Session Expiry Interval in seconds; -1 or ∞ is never (implies -V 5)' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -s k -l keepalive -d 'Keep Alive in seconds, up to 65535; 0 turns it off' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l max-packet-size -d 'Largest packet to accept from the broker, in bytes [default: no limit]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -s D -l property -d 'Property of a packet: connect|publish|… NAME VALUE (implies -V 5); may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l cafile -d 'File of CA certificates to trust (PEM); turns TLS on' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l capath -d 'Directory of CA certificates to trust (PEM); turns TLS on' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l cert -d 'Client certificate with its chain (PEM); its key may stand in the same file' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l key -d 'Private key of the client certificate (PEM: PKCS#1, PKCS#8 or SEC1)' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l keyform -d 'Form of the private key: pem' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l crlfile -d 'File of certificate revocation lists (PEM)' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l tls-alpn -d 'Protocol to offer by ALPN; may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l tls-version -d 'The one TLS version to speak: tlsv1.2 or tlsv1.3 [default: either]' -r -f -a "tlsv1.2\t''
tlsv1.3\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l ciphers -d 'Cipher suites to offer, by their names in rustls, with commas between' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l tls-keylog -d 'Append the session secrets to this file, for Wireshark' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l psk -d 'Refused: rustls has no PSK cipher suites' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l psk-identity -d 'Refused: rustls has no PSK cipher suites' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l tls-engine -d 'Refused: rustls has no engines' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l tls-engine-kpass-sha1 -d 'Refused: rustls has no engines' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l ws-path -d 'Path of the WebSocket request (implies --ws) [default: /mqtt]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l ws-header -d 'Header of the WebSocket request (implies --ws); may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l proxy -d 'SOCKS5 proxy: socks5h://[user[:password]@]host[:port]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l will-topic -d 'Topic of the Will Message, which the broker sends if the connection breaks' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l will-payload -d 'Payload of the Will Message [default: empty]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l will-qos -d 'QoS of the Will Message [default: 0]' -r -f -a "0\t''
1\t''
2\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -s o -l options-file -d 'Read options from this file, instead of the default one' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l reconnect-min -d 'First pause before connecting again; it doubles with each attempt' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l reconnect-max -d 'Longest pause before connecting again' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l reconnect-for -d 'Give up this long after the connection was lost [default: pub 60; sub never]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -s i -l id -d 'Client Identifiers, with {client} in it [default: bench-RUN-{client}]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -s h -l host -d 'Host names or addresses of the brokers, with commas between; each gets the same share of the clients [default: localhost]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -s L -l url -d 'Broker and topic: mqtt(s)|ws(s)://[user[:password]@]host[:port][/topic], or unix:///path' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -s M -l max-inflight -d 'Most unacknowledged messages of a client at QoS 1 and 2, without --rate' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -s r -l retain -d 'Have the broker retain the messages'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l json -d 'Print the report as JSON'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l random-payload -d 'Fill payloads with random bytes, others in each message'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -s S -l srv -d 'Find the broker by the SRV records of HOST, or else of this machine\'s domain'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l nodelay -d 'Send small packets at once (TCP_NODELAY), as mqtk always does'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l ask-password -d 'Ask for the password on the terminal'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l tls-use-os-certs -d 'Trust the CA certificates of the system, as is the default; turns TLS on'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l insecure -d 'Accept any certificate: anyone on the way can then read and change the traffic'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l no-tls -d 'No TLS, whatever the other options say'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l ws -d 'Speak MQTT over WebSocket'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l will-retain -d 'Retain the Will Message'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -s d -l debug -d 'Report each packet on stderr'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l quiet -d 'Print no errors: only the exit status speaks'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l help -d 'Print help'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l version -d 'Print the version'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l no-reconnect -d 'Give up when the connection is lost'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l disable-clean-session -d 'Keep the session: no Clean Start, and the session never expires unless -x says so'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from run" -l embedded -d 'Run a broker in a process of its own, and connect to it; -p is its port, 0 a free one [default: 1883, with TLS 8883]'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l max-latency -d 'The latency that must hold, such as \'p99<10ms\'' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l max-rate -d 'Go no faster than this, in messages a second' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l precision -d 'Close in on the rate to this part of it, such as 5%' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l max-runs -d 'Make so many runs at most' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -s c -l clients -d 'Clients' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l publishers -d 'Clients that publish, in the scenarios sub, shared, retained and queue' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l receivers -d 'Clients that receive the wills, in the scenario wills' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l warmup -d 'Warm up for this long before that: send, but do not measure [default: 1s; with --messages 0s]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -s n -l messages -d 'End after so many messages, those of a --warmup not counted, if that is sooner than --duration' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -s t -l topic -d 'Topic to publish to, with places for numbers' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l group -d 'Name of the Shared Subscription, in the scenario shared, which is of MQTT 5 unless -V says otherwise [default: one of its own]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -s q -l qos -d 'Quality of Service: 0, 1 or 2' -r -f -a "0\t''
1\t''
2\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l mix -d 'Shares of the messages of each QoS, in the scenario mix' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l credentials -d 'Who each client is: a CSV file with user,password and perhaps client-id. Clients take its lines in turn' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l connect-rate -d 'Open so many connections a second [default: as fast as the broker accepts them]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l connecting -d 'Open so many connections at once' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l threads -d 'Threads [default: one for each core, for each two in connect, and no more than clients]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l drain -d 'Wait for what is missing at the end as long as something arrives, and then for this long' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l interval -d 'Report progress in steps of this length' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l fail-if -d 'Fail with exit status 10 if this is true at the end, such as \'latency.p99>50ms\', \'lost>0\' or \'rate<99%\'; may be given several times' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l prometheus -d 'Serve how the run goes for Prometheus at http://ADDRESS:PORT/metrics, until it ends; the address is 127.0.0.1 if only a port is given' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l csv -d 'Write the intervals to a file as CSV' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l hlog -d 'Write the latencies of the intervals to a file as an HDR histogram log' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l html -d 'Write the report with its plots to a file as HTML' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l size -d 'Bytes of a payload: 64; 16..1024, any number of them; or 64:90,1024:9,65536:1, sizes with how often each comes. Where arrivals are measured, the first 28 are the measurement' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -s m -l payload -d 'Send this text, with places for numbers as in --topic. Where arrivals are measured, 28 bytes of measurement come before it' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -s f -l payload-file -d 'Send what is in the file. Where arrivals are measured, 28 bytes of measurement come before it' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l shard -d 'Do part I of N, counted from 0, of a run that N processes share: -c, --rate, -n and --connect-rate are of all together; but in retained, queue and wills every part has the --publishers, -n and --receivers that are given. Without I, it is $JOB_COMPLETION_INDEX. mqtk bench merge makes one report of theirs' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l start-at -d 'Connect, and begin at this time: such as 2030-01-31T12:00:00Z' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l bind -d 'Local addresses to connect from in turn: a list of addresses, ranges such as 127.0.0.2-127.0.0.9, and networks such as 10.0.0.0/28' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l over -d 'How to speak to the broker of --embedded: mqtt, mqtts, ws or wss [default: mqtt; in the scenario tls mqtts]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -s p -l port -d 'Port of the broker [default: 1883; with TLS 8883; by a ws URL 80, wss 443]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l unix -d 'Connect to a Unix domain socket' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -s A -l bind-address -d 'Local address to connect from' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l timeout -d 'Longest wait for the connection, and for each answer of the broker; 0 waits for ever' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -s u -l username -d 'User Name' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -s P -l password -d 'Password; every user of this machine can read it in the process list' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l password-file -d 'File whose first line is the password; - is stdin' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l auth-method -d 'Prove by SCRAM-SHA-256 that the password is known, without sending it (implies -V 5)' -r -f -a "SCRAM-SHA-256\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -s I -l id-prefix -d 'Client Identifier: this prefix and the process id' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -s V -l protocol-version -d 'MQTT version: 31, 311 or 5 (also mqttv31, mqttv311, mqttv5) [default: 311]' -r -f -a "31\t''
311\t''
5\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -s x -l session-expiry-interval -d 'Session Expiry Interval in seconds; -1 or ∞ is never (implies -V 5)' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -s k -l keepalive -d 'Keep Alive in seconds, up to 65535; 0 turns it off' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l max-packet-size -d 'Largest packet to accept from the broker, in bytes [default: no limit]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -s D -l property -d 'Property of a packet: connect|publish|… NAME VALUE (implies -V 5); may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l cafile -d 'File of CA certificates to trust (PEM); turns TLS on' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l capath -d 'Directory of CA certificates to trust (PEM); turns TLS on' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l cert -d 'Client certificate with its chain (PEM); its key may stand in the same file' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l key -d 'Private key of the client certificate (PEM: PKCS#1, PKCS#8 or SEC1)' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l keyform -d 'Form of the private key: pem' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l crlfile -d 'File of certificate revocation lists (PEM)' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l tls-alpn -d 'Protocol to offer by ALPN; may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l tls-version -d 'The one TLS version to speak: tlsv1.2 or tlsv1.3 [default: either]' -r -f -a "tlsv1.2\t''
tlsv1.3\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l ciphers -d 'Cipher suites to offer, by their names in rustls, with commas between' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l tls-keylog -d 'Append the session secrets to this file, for Wireshark' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l psk -d 'Refused: rustls has no PSK cipher suites' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l psk-identity -d 'Refused: rustls has no PSK cipher suites' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l tls-engine -d 'Refused: rustls has no engines' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l tls-engine-kpass-sha1 -d 'Refused: rustls has no engines' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l ws-path -d 'Path of the WebSocket request (implies --ws) [default: /mqtt]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l ws-header -d 'Header of the WebSocket request (implies --ws); may be repeated' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l proxy -d 'SOCKS5 proxy: socks5h://[user[:password]@]host[:port]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l will-topic -d 'Topic of the Will Message, which the broker sends if the connection breaks' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l will-payload -d 'Payload of the Will Message [default: empty]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l will-qos -d 'QoS of the Will Message [default: 0]' -r -f -a "0\t''
1\t''
2\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -s o -l options-file -d 'Read options from this file, instead of the default one' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l reconnect-min -d 'First pause before connecting again; it doubles with each attempt' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l reconnect-max -d 'Longest pause before connecting again' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l reconnect-for -d 'Give up this long after the connection was lost [default: pub 60; sub never]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -s i -l id -d 'Client Identifiers, with {client} in it [default: bench-RUN-{client}]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -s h -l host -d 'Host names or addresses of the brokers, with commas between; each gets the same share of the clients [default: localhost]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -s L -l url -d 'Broker and topic: mqtt(s)|ws(s)://[user[:password]@]host[:port][/topic], or unix:///path' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -s M -l max-inflight -d 'Most unacknowledged messages of a client at QoS 1 and 2, without --rate' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l rate -d 'Messages a second of the first run' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l duration -d 'Measure each run for this long' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -s r -l retain -d 'Have the broker retain the messages'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l json -d 'Print the report as JSON'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l random-payload -d 'Fill payloads with random bytes, others in each message'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -s S -l srv -d 'Find the broker by the SRV records of HOST, or else of this machine\'s domain'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l nodelay -d 'Send small packets at once (TCP_NODELAY), as mqtk always does'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l ask-password -d 'Ask for the password on the terminal'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l tls-use-os-certs -d 'Trust the CA certificates of the system, as is the default; turns TLS on'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l insecure -d 'Accept any certificate: anyone on the way can then read and change the traffic'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l no-tls -d 'No TLS, whatever the other options say'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l ws -d 'Speak MQTT over WebSocket'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l will-retain -d 'Retain the Will Message'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -s d -l debug -d 'Report each packet on stderr'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l quiet -d 'Print no errors: only the exit status speaks'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l help -d 'Print help'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l version -d 'Print the version'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l no-reconnect -d 'Give up when the connection is lost'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l disable-clean-session -d 'Keep the session: no Clean Start, and the session never expires unless -x says so'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from search" -l embedded -d 'Run a broker in a process of its own, and connect to it; -p is its port, 0 a free one [default: 1883, with TLS 8883]'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from compare" -l fail-if -d 'Fail with exit status 10 if this is true, such as \'p99>+10%\', \'rate<-5%\' or, of the second run alone, \'lost>0\'; may be given several times' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from compare" -l json -d 'Print the comparison as JSON'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from compare" -l help -d 'Print help'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from merge" -l expect-shards -d 'So many shards there must be [default: as many as the reports say]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from merge" -l fail-if -d 'Fail with exit status 10 if this is true of all shards together, such as \'latency.p99>50ms\'; may be given several times' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from merge" -l csv -d 'Write the intervals to a file as CSV' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from merge" -l hlog -d 'Write the latencies of the intervals to a file as an HDR histogram log' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from merge" -l html -d 'Write the report with its plots to a file as HTML' -r -F
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from merge" -l json -d 'Print the report as JSON'
complete -c mqtk -n "__fish_mqtk_using_subcommand bench; and __fish_seen_subcommand_from merge" -l help -d 'Print help'
complete -c mqtk -n "__fish_mqtk_using_subcommand passwd" -s H -l hash -d 'How to hash: sha512-pbkdf2, which Mosquitto reads; argon2id; or scram-sha-256, with which clients also can authenticate without sending their password' -r -f -a "sha512-pbkdf2\t''
argon2id\t''
scram-sha-256\t''"
complete -c mqtk -n "__fish_mqtk_using_subcommand passwd" -l iterations -d 'How often to hash [default: sha512-pbkdf2 210000, scram-sha-256 50000]' -r
complete -c mqtk -n "__fish_mqtk_using_subcommand passwd" -s c -l create -d 'Make a new file; one that is there is lost'
complete -c mqtk -n "__fish_mqtk_using_subcommand passwd" -s D -l delete -d 'Delete the user'
complete -c mqtk -n "__fish_mqtk_using_subcommand passwd" -s b -l batch -d 'Take the password from the command line, where every user of this machine can read it'
complete -c mqtk -n "__fish_mqtk_using_subcommand passwd" -l password-stdin -d 'Take the first line of stdin as the password, instead of asking for it on the terminal'
complete -c mqtk -n "__fish_mqtk_using_subcommand passwd" -s U -l upgrade -d 'Hash the passwords of a file of user:password lines'
complete -c mqtk -n "__fish_mqtk_using_subcommand passwd" -l help -d 'Print help'
complete -c mqtk -n "__fish_mqtk_using_subcommand completions" -l help -d 'Print help'
complete -c mqtk -n "__fish_mqtk_using_subcommand man" -l help -d 'Print help'
complete -c mqtk -n "__fish_mqtk_using_subcommand help; and not __fish_seen_subcommand_from pub sub broker inspect bench passwd completions man help" -f -a "pub" -d 'Publish messages to topics'
complete -c mqtk -n "__fish_mqtk_using_subcommand help; and not __fish_seen_subcommand_from pub sub broker inspect bench passwd completions man help" -f -a "sub" -d 'Subscribe to topics and print their messages'
complete -c mqtk -n "__fish_mqtk_using_subcommand help; and not __fish_seen_subcommand_from pub sub broker inspect bench passwd completions man help" -f -a "broker" -d 'Run a broker for tests, on this machine'
complete -c mqtk -n "__fish_mqtk_using_subcommand help; and not __fish_seen_subcommand_from pub sub broker inspect bench passwd completions man help" -f -a "inspect" -d 'Explain MQTT packets: from a hex dump, a file or a capture'
complete -c mqtk -n "__fish_mqtk_using_subcommand help; and not __fish_seen_subcommand_from pub sub broker inspect bench passwd completions man help" -f -a "bench" -d 'Load a broker, and measure what it holds'
complete -c mqtk -n "__fish_mqtk_using_subcommand help; and not __fish_seen_subcommand_from pub sub broker inspect bench passwd completions man help" -f -a "passwd" -d 'Manage the password file of a broker'
complete -c mqtk -n "__fish_mqtk_using_subcommand help; and not __fish_seen_subcommand_from pub sub broker inspect bench passwd completions man help" -f -a "completions" -d 'Print the completions for a shell'
complete -c mqtk -n "__fish_mqtk_using_subcommand help; and not __fish_seen_subcommand_from pub sub broker inspect bench passwd completions man help" -f -a "man" -d 'Write the man pages into a directory'
complete -c mqtk -n "__fish_mqtk_using_subcommand help; and not __fish_seen_subcommand_from pub sub broker inspect bench passwd completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c mqtk -n "__fish_mqtk_using_subcommand help; and __fish_seen_subcommand_from bench" -f -a "connect" -d 'Open many connections, and time each'
complete -c mqtk -n "__fish_mqtk_using_subcommand help; and __fish_seen_subcommand_from bench" -f -a "idle" -d 'Hold many connections, kept alive'
complete -c mqtk -n "__fish_mqtk_using_subcommand help; and __fish_seen_subcommand_from bench" -f -a "pub" -d 'Publish from many clients to nobody (fan-in)'
complete -c mqtk -n "__fish_mqtk_using_subcommand help; and __fish_seen_subcommand_from bench" -f -a "sub" -d 'Publish from few clients to many (fan-out)'
complete -c mqtk -n "__fish_mqtk_using_subcommand help; and __fish_seen_subcommand_from bench" -f -a "pairs" -d 'Publish from each client to one of its own'
complete -c mqtk -n "__fish_mqtk_using_subcommand help; and __fish_seen_subcommand_from bench" -f -a "shared" -d 'Publish to the members of a Shared Subscription'
complete -c mqtk -n "__fish_mqtk_using_subcommand help; and __fish_seen_subcommand_from bench" -f -a "mix" -d 'Publish at several QoS in one run'
complete -c mqtk -n "__fish_mqtk_using_subcommand help; and __fish_seen_subcommand_from bench" -f -a "retained" -d 'Subscribe many clients to many retained messages'
complete -c mqtk -n "__fish_mqtk_using_subcommand help; and __fish_seen_subcommand_from bench" -f -a "queue" -d 'Let many clients come back to sessions full of messages'
complete -c mqtk -n "__fish_mqtk_using_subcommand help; and __fish_seen_subcommand_from bench" -f -a "wills" -d 'Cut off many clients, and count their wills'
complete -c mqtk -n "__fish_mqtk_using_subcommand help; and __fish_seen_subcommand_from bench" -f -a "subscribe" -d 'Subscribe and unsubscribe, again and again'
complete -c mqtk -n "__fish_mqtk_using_subcommand help; and __fish_seen_subcommand_from bench" -f -a "churn" -d 'Connect and disconnect, again and again'
complete -c mqtk -n "__fish_mqtk_using_subcommand help; and __fish_seen_subcommand_from bench" -f -a "tls" -d 'Compare full TLS handshakes with resumed ones'
complete -c mqtk -n "__fish_mqtk_using_subcommand help; and __fish_seen_subcommand_from bench" -f -a "run" -d 'Run the scenarios of a file, in phases'
complete -c mqtk -n "__fish_mqtk_using_subcommand help; and __fish_seen_subcommand_from bench" -f -a "search" -d 'Find the highest rate that a broker sustains within a latency'
complete -c mqtk -n "__fish_mqtk_using_subcommand help; and __fish_seen_subcommand_from bench" -f -a "compare" -d 'Compare the reports of two runs'
complete -c mqtk -n "__fish_mqtk_using_subcommand help; and __fish_seen_subcommand_from bench" -f -a "merge" -d 'Make one report of those of all shards'
