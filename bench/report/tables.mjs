// Markdown tables, and figures as people read them.

/** A Markdown table; the first row is its head. */
export function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(3, ...rows.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  const [head, ...body] = rows;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

/** Three figures are as many as the spread allows. */
export function amount(value) {
  return Number(value.toPrecision(3)).toLocaleString('en-US');
}

/** The least and the most. */
export function spread(values, show = amount) {
  return `${show(Math.min(...values))} - ${show(Math.max(...values))}`;
}

export function times(ratio) {
  return `${ratio < 0.1 ? ratio.toFixed(3) : ratio.toFixed(2)} x`;
}

/** A time given in milliseconds, in microseconds. */
export function micros(milliseconds) {
  return `${(milliseconds * 1000).toFixed(1)} us`;
}

export function percent(share) {
  return `${(share * 100).toFixed(0)} %`;
}
