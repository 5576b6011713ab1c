//! The router's questions about clients: who is asked, and how the answers get back.

use std::rc::Rc;
use std::time::Instant;

use tokio::task::spawn_local;

use super::access::Verdict;
use super::hub::Hub;
use super::router::{Judgement, Question};

/// Has every question answered, each by a task of its own, for ever.
pub(super) async fn answer_all(hub: &Rc<Hub>) {
    loop {
        hub.asked().await;
        let questions = hub.router.borrow_mut().take_questions();
        for question in questions {
            let key = question.key;
            let task = spawn_local(answer(Rc::clone(hub), question));
            hub.answers_for(key, task.abort_handle());
        }
    }
}

async fn answer(hub: Rc<Hub>, question: Question) {
    let (key, ticket) = (question.key, question.ticket);
    let judgement = judge(&question).await;
    hub.answered(key);
    hub.route(None, |router| {
        router.authenticated(Instant::now(), key, ticket, judgement);
    });
}

/// The first word that is one.
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
