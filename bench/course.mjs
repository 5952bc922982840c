// The parts of a run, one after the other: one that fails ends the run, and what those before it gave is kept.

/**
 * A part is { name, measure(tell), section(entries) }. Answers with the entries by part, the sections, and what ended
 * the run before its time, if anything did. `tell(name, text)` hears of progress, `keep(name, section)` of what is done.
 */
export async function runParts(parts, { tell, keep }) {
  const measured = {};
  const sections = [];
  for (const { name, measure, section } of parts) {
    tell(name);
    try {
      const entries = await measure((text) => tell(name, text));
      sections.push(section(entries));
      measured[name] = entries;
    } catch (error) {
      return { measured, sections, failure: { name, error } };
    }
    keep(name, sections.at(-1));
  }
  return { measured, sections, failure: undefined };
}
