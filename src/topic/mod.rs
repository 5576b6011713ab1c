//! MQTT topics: Topic Names, Topic Filters, matching and the subscription trie.
