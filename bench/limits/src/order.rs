//! One order: what to measure, and with which figures.

use std::collections::HashMap;
use std::str::FromStr;

use crate::patience::Patience;

pub(crate) struct Order {
    kind: String,
    values: HashMap<String, String>,
}

impl Order {
    pub(crate) fn parse(line: &str) -> Self {
        let mut words = line.split_whitespace();
        let kind = words.next().unwrap_or_default().to_owned();
        let pair = |word: &str| {
            let (name, value) = word.split_once('=').expect("expected words of the form name=value");
            (name.to_owned(), value.to_owned())
        };
        Self { kind, values: words.map(pair).collect() }
    }

    pub(crate) fn kind(&self) -> &str {
        &self.kind
    }

    pub(crate) fn number<T: FromStr>(&self, name: &str) -> T {
        let text = self.text(name);
        text.parse().unwrap_or_else(|_| panic!("expected {name} to be a number, received {text}"))
    }

    pub(crate) fn patience(&self) -> Patience {
        Patience::new(self.text("wait"), self.text("backoff"))
    }

    fn text(&self, name: &str) -> &str {
        self.values.get(name).unwrap_or_else(|| panic!("expected {name} in the order"))
    }
}
