// Faults that are planted to see AddressSanitizer find them: a file of crates, what stands there exactly once, what
// stands there instead, and who must find it.

export const plants = [
  {
    what: 'a pool that is looked up before a getter of another argument runs',
    file: 'binding/src/ends/select.rs',
    edits: [
      [
        '    call.with_cases([handles, values, order], |cases, order| {\n        let chosen = millrace_core::try_select(cases, order, passing);\n        chosen.map_or(NOTHING, |chosen| call.chosen_into(chosen, pool, offset))',
        '    let early = call.place_at(pool, offset).unwrap_or(Place::none());\n    call.with_cases([handles, values, order], |cases, order| {\n        let chosen = millrace_core::try_select(cases, order, passing);\n        chosen.map_or(NOTHING, |chosen| call.chosen(chosen, early))',
      ],
    ],
    by: 'fuzz',
  },
  {
    what: 'a message written without a look at the room for it',
    file: 'binding/src/memory/bytes.rs',
    edits: [['if offset > self.len || self.len - offset < bytes.len() {', 'if offset > self.len {']],
    by: 'fuzz',
  },
  {
    what: 'a short message that is read to its longest length',
    file: 'core/src/memory/source.rs',
    edits: [['if self.len == INLINE {', 'if self.len > 0 {']],
    by: 'core',
  },
];
