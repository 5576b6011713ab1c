//! Plain data to text: the only room that prints.
