//! What CONNECTs wait for: questions about their clients, and how the answers get back.

use std::rc::Rc;
use std::time::Instant;

use tokio::task::spawn_local;

use super::access::Verdict;
use super::connection::all_read;
use super::hub::Hub;
use super::router::{Judgement, Question, Successor};

/// Has every question answered, each by a task of its own, for ever.
pub(super) async fn answer_all(hub: &Rc<Hub>) {
    loop {
        hub.asked().await;
        let (questions, successors) = {
            let mut router = hub.router.borrow_mut();
            (router.take_questions(), router.take_successors())
        };
        for successor in successors {
            spawn_local(succeed(Rc::clone(hub), successor));
        }
        for question in questions {
            let key = question.key;
            let task = spawn_local(answer(Rc::clone(hub), question));
            hub.answers_for(key, task.abort_handle());
        }
    }
}

/// Has a CONNECT take over, once the connection that it takes over from has been read once more.
async fn succeed(hub: Rc<Hub>, successor: Successor) {
    all_read().await;
    hub.route(None, |router| router.succeed(Instant::now(), &successor));
}

async fn answer(hub: Rc<Hub>, question: Question) {
    let (key, ticket) = (question.key, question.ticket);
    let judgement = judge(&question).await;
    hub.answered(key);
    hub.route(None, |router| {
        router.authenticated(Instant::now(), key, ticket, judgement);
    });
}

/// The verdict of the first authenticator that has one.
async fn judge(question: &Question) -> Judgement {
    let authenticators = &question.entrance.access.authenticators;
    for (number, authenticator) in authenticators.iter().enumerate() {
        let verdict = authenticator.authenticate(&question.login).await;
        if verdict != Verdict::Pass {
            let by = Some(number);
            return Judgement { verdict, by };
        }
    }
    Judgement {
        verdict: Verdict::Pass,
        by: None,
    }
}
