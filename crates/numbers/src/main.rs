//! Prints `src/border/numbers.ts`.

fn main() {
    print!("{}", millrace_numbers::typescript(millrace_numbers::TABLES, millrace_numbers::FIGURES));
}
