//! As much of HTTP/1.1 as a scraper needs.

use httparse::{EMPTY_HEADER, Error};

/// The longest request head that is read.
pub(super) const MAX_REQUEST: usize = 8 * 1024;
const MAX_HEADERS: usize = 64;

/// What somebody asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Request {
    pub resource: Resource,
    /// Whether the answer has a body: with GET, not with HEAD.
    pub body: Body,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Resource {
    /// `/metrics`: the counters.
    Metrics,
    /// `/healthz`: whether their owner is alive.
    Health,
    /// Anything else, which does not exist.
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Body {
    Sent,
    LeftOut,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Ok,
    BadRequest,
    NotFound,
    MethodNotAllowed,
    TooLong,
}

impl Status {
    fn line(self) -> &'static str {
        match self {
            Status::Ok => "200 OK",
            Status::BadRequest => "400 Bad Request",
            Status::NotFound => "404 Not Found",
            Status::MethodNotAllowed => "405 Method Not Allowed",
            Status::TooLong => "431 Request Header Fields Too Large",
        }
    }

    /// What a person is told.
    pub(super) fn text(self) -> &'static str {
        match self {
            Status::Ok => "ok\n",
            Status::BadRequest => "this is not HTTP/1.1\n",
            Status::NotFound => "there are /metrics and /healthz\n",
            Status::MethodNotAllowed => "only GET and HEAD are understood\n",
            Status::TooLong => "the request is too long\n",
        }
    }
}

/// Reads a request; `None`: more bytes are needed.
///
/// # Errors
///
/// The status that answers something else than a request that is understood.
pub(super) fn parse(received: &[u8]) -> Result<Option<Request>, Status> {
    let mut headers = [EMPTY_HEADER; MAX_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    match request.parse(received) {
        Ok(status) if status.is_partial() => return Ok(None),
        Ok(_) => {}
        Err(Error::TooManyHeaders) => return Err(Status::TooLong),
        Err(_) => return Err(Status::BadRequest),
    }
    let body = match request.method {
        Some("GET") => Body::Sent,
        Some("HEAD") => Body::LeftOut,
        _ => return Err(Status::MethodNotAllowed),
    };
    let path = request.path.unwrap_or_default();
    let resource = match path.split('?').next() {
        Some("/metrics") => Resource::Metrics,
        Some("/healthz") => Resource::Health,
        _ => Resource::Unknown,
    };
    Ok(Some(Request { resource, body }))
}

/// A whole response, after which the connection ends.
pub(super) fn response(status: Status, content_type: &str, text: &str, body: Body) -> Vec<u8> {
    let allow = match status {
        Status::MethodNotAllowed => "Allow: GET, HEAD\r\n",
        _ => "",
    };
    let mut response = format!(
        "HTTP/1.1 {}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n{allow}Connection: close\r\n\r\n",
        status.line(),
        text.len()
    );
    if body == Body::Sent {
        response.push_str(text);
    }
    response.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_when_it_is_whole() {
        let request = b"GET /metrics?x=1 HTTP/1.1\r\nHost: localhost\r\n\r\n";
        for length in 0..request.len() {
            assert_eq!(parse(&request[..length]), Ok(None), "{length}");
        }
        let asked = |resource, body| Ok(Some(Request { resource, body }));
        assert_eq!(parse(request), asked(Resource::Metrics, Body::Sent));
        for (request, resource) in [
            (&b"HEAD /healthz HTTP/1.0\r\n\r\n"[..], Resource::Health),
            (b"HEAD /x HTTP/1.1\r\n\r\n", Resource::Unknown),
        ] {
            assert_eq!(parse(request), asked(resource, Body::LeftOut));
        }
    }

    #[test]
    fn other_requests_are_told_what_is_wrong() {
        let many = format!(
            "GET / HTTP/1.1\r\n{}\r\n",
            "a: b\r\n".repeat(MAX_HEADERS + 1)
        );
        let requests: [(&[u8], Status); 3] = [
            (b"POST /metrics HTTP/1.1\r\n\r\n", Status::MethodNotAllowed),
            (
                b"\x10\x0e\0\x04MQTT\x04\x02\0\x3c\0\x02me",
                Status::BadRequest,
            ),
            (many.as_bytes(), Status::TooLong),
        ];
        for (request, status) in requests {
            assert_eq!(parse(request), Err(status));
        }
    }
}
