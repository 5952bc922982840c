//! A request: what was asked, and the duty to answer. Dropped unanswered, in whatever way, its call is lost.

use std::fmt;
use std::sync::Arc;

use crate::calls::{Answer, Call};
use crate::message::Message;
use crate::wait::environment::{Environment, EnvironmentId};

/// A request, in the queue or in a responder's hands.
pub struct Request {
    call: Arc<Call>,
    /// What was asked; gone once it was handed over.
    body: Option<Message>,
}

impl Request {
    pub(crate) fn new(call: &Arc<Call>, body: Message) -> Self {
        Self { call: Arc::clone(call), body: Some(body) }
    }

    /// The call that it belongs to.
    pub(crate) fn call(&self) -> &Arc<Call> {
        &self.call
    }

    pub(crate) fn body(&self) -> Option<&Message> {
        self.body.as_ref()
    }

    /// Takes it for a responder of this environment: what was asked, and whether somebody waits for the answer.
    pub fn take(&mut self, by: EnvironmentId) -> (Message, bool) {
        (self.body.take().unwrap_or_else(Message::empty), self.call.take_request(by))
    }

    /// Answers; false: nobody waits any more.
    #[must_use]
    pub fn reply(self, value: Message) -> bool {
        self.call.settle(|_| Answer::Reply(value))
    }

    /// Answers with an error; false: nobody waits any more.
    #[must_use]
    pub fn fail(self, error: Message) -> bool {
        self.call.settle(|_| Answer::Failure(error))
    }

    /// Has `environment` told, under the name `name`, when nobody waits any more. False: that is so already.
    #[must_use]
    pub fn watch(&self, environment: &Arc<Environment>, name: u32) -> bool {
        self.call.watch(environment, name)
    }

    /// Whether somebody waits for the answer.
    #[must_use]
    pub fn is_wanted(&self) -> bool {
        self.call.is_wanted()
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        // Answered, it has no effect any more.
        self.call.settle(|taken| Answer::Lost { taken });
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").field("body", &self.body).finish_non_exhaustive()
    }
}
