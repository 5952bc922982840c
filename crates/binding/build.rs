//! Asks napi-build for the link flags of a Node addon.

fn main() {
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|found| found == value);
    // There napi-build looks for a libnode.dll; with `dyn-symbols` nothing needs it.
    if is("CARGO_CFG_TARGET_OS", "windows") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        return;
    }
    napi_build::setup();
}
