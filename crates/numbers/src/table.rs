//! How a table of numbers becomes constants of Rust and a module of TypeScript.

/// A table of numbers, as TypeScript has it.
pub struct Table {
    pub about: &'static str,
    pub style: Style,
    pub rows: &'static [Row],
}

/// What a table is in TypeScript.
pub enum Style {
    /// An object of this name.
    Object(&'static str),
    /// The same, with keys as options are spelled: `drop-newest`.
    Options(&'static str),
    /// A constant for each row.
    Constants,
}

pub struct Row {
    pub about: Option<&'static str>,
    /// As Rust has it: `TOO_LONG`.
    pub name: &'static str,
    pub value: i64,
}

/// Figures of which only the order crosses.
pub struct Names {
    pub about: &'static str,
    pub name: &'static str,
    /// As Rust has them: `high_water`.
    pub names: &'static [&'static str],
}

/// Each table: a module of constants, and a row of `TABLES`.
macro_rules! tables {
    ($($about:literal $module:ident $style:ident $(($object:literal))?: $kind:ty {
        $($($row_about:literal)? $name:ident = $value:literal,)+
    })+) => {
        $(
            #[doc = $about]
            pub mod $module {
                $(
                    $(#[doc = $row_about])?
                    pub const $name: $kind = $value;
                )+
            }
        )+

        /// All tables, in their order.
        pub static TABLES: &[Table] = &[$(Table {
            about: $about,
            style: Style::$style $(($object))?,
            rows: &[$(Row {
                about: tables!(@about $($row_about)?),
                name: stringify!($name),
                value: $module::$name as i64,
            },)+],
        },)+];
    };
    (@about) => { None };
    (@about $about:literal) => { Some($about) };
}

/// Each list of figures: a struct to be filled by name, which has them in order.
macro_rules! figures {
    ($($about:literal $kind:ident($list:literal) { $($name:ident,)+ })+) => {
        $(
            #[doc = $about]
            pub struct $kind {
                $(pub $name: f64,)+
            }

            impl $kind {
                pub const COUNT: usize = [$(stringify!($name)),+].len();

                /// As they cross.
                #[must_use]
                pub fn in_order(&self) -> [f64; Self::COUNT] {
                    [$(self.$name),+]
                }
            }
        )+

        /// All lists of figures.
        pub static FIGURES: &[Names] = &[$(Names {
            about: $about,
            name: $list,
            names: &[$(stringify!($name)),+],
        },)+];
    };
}

/// The module of TypeScript.
#[must_use]
pub fn typescript(tables: &[Table], figures: &[Names]) -> String {
    let parts = tables.iter().map(Table::typescript).chain(figures.iter().map(Names::typescript));
    let header =
        "/** The numbers that cross the border. Printed from `crates/numbers` by `npm run numbers`. */\n";
    std::iter::once(header.to_owned()).chain(parts).collect::<Vec<_>>().join("\n")
}

impl Table {
    fn typescript(&self) -> String {
        match self.style {
            Style::Object(name) => self.object(name, camel),
            Style::Options(name) => {
                self.object(name, |name| format!("'{}'", name.replace('_', "-").to_lowercase()))
            }
            Style::Constants => self.rows.iter().map(Row::constant).collect(),
        }
    }

    fn object(&self, name: &str, key: fn(&str) -> String) -> String {
        let row = |row: &Row| format!("{}  {}: {},\n", doc("  ", row.about), key(row.name), row.value);
        let rows: String = self.rows.iter().map(row).collect();
        format!("{}export const {name} = {{\n{rows}}} as const;\n", doc("", Some(self.about)))
    }
}

impl Row {
    fn constant(&self) -> String {
        format!("{}export const {} = {};\n", doc("", self.about), camel(self.name), grouped(self.value))
    }
}

impl Names {
    fn typescript(&self) -> String {
        let rows: String = self.names.iter().map(|name| format!("  '{}',\n", camel(name))).collect();
        format!("{}export const {} = [\n{rows}] as const;\n", doc("", Some(self.about)), self.name)
    }
}

fn doc(indent: &str, about: Option<&str>) -> String {
    about.map_or_else(String::new, |about| format!("{indent}/** {about} */\n"))
}

/// `too_long`, in whatever case, is `tooLong`.
fn camel(name: &str) -> String {
    let mut words = name.split('_').map(str::to_lowercase);
    let first = words.next().unwrap_or_default();
    let rest = words.map(|word| word[..1].to_uppercase() + &word[1..]);
    std::iter::once(first).chain(rest).collect()
}

/// Thousands apart, where there are many.
fn grouped(value: i64) -> String {
    let digits = value.to_string();
    if digits.len() < 5 {
        return digits;
    }
    let first = digits.len() % 3;
    let groups = digits.as_bytes()[first..].chunks(3).map(String::from_utf8_lossy);
    let groups = groups.collect::<Vec<_>>().join("_");
    if first == 0 { groups } else { format!("{}_{groups}", &digits[..first]) }
}
