// One bar chart as SVG: a bar a row, the spread of its repetitions as a whisker, the axis in units, log where that helps.

const WIDTH = 900;
const LABELS = 330;
const RIGHT = 110;
const ROW = 24;
const TOP = 64;
const BOTTOM = 72;
const PLOT = WIDTH - LABELS - RIGHT;

const colours = {
  millrace: '#0b6e4f',
  postMessage: '#c8553d',
  npm: '#8d6a9f',
  ring: '#d9a441',
  limit: '#7f8c8d',
};

const words = {
  millrace: 'millrace',
  postMessage: 'postMessage',
  npm: 'npm packages',
  ring: 'JS rings',
  limit: 'limits',
};

/** `rows`: { label, family, values }; `note`: what is drawn, and which way is better. */
export function barChart({ title, unit, note, rows, log, show, middle }) {
  const height = TOP + rows.length * ROW + BOTTOM;
  const axis = log ? logAxis(rows) : linearAxis(rows);
  const bottom = TOP + rows.length * ROW;
  const families = [...new Set(rows.map(({ family }) => family))];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    `<text x="16" y="24" font-size="16" font-weight="600" fill="#1b1b1b">${escaped(title)}</text>`,
    `<text x="16" y="44" fill="#555555">${escaped(note)}</text>`,
    ...axis.ticks.map((tick) => gridLine(axis.at(tick), bottom, show(tick))),
    ...rows.flatMap((row, index) => bar(row, TOP + index * ROW, axis, show, middle)),
    `<text x="${LABELS + PLOT / 2}" y="${bottom + 36}" text-anchor="middle" fill="#1b1b1b">${escaped(unit)}${log ? ' (log scale)' : ''}</text>`,
    ...legend(families, bottom + 62),
    '</svg>\n',
  ].join('\n');
}

function bar({ label, family, values }, y, axis, show, middle) {
  const figure = middle(values);
  const end = axis.at(figure);
  const [least, most] = [axis.at(Math.min(...values)), axis.at(Math.max(...values))];
  const centre = y + ROW / 2;
  return [
    `<text x="${LABELS - 8}" y="${centre + 4}" text-anchor="end" fill="#1b1b1b">${escaped(label)}</text>`,
    `<rect x="${LABELS}" y="${y + 4}" width="${fixed(end - LABELS)}" height="${ROW - 8}" fill="${colours[family]}"/>`,
    `<path d="M${fixed(least)} ${centre}H${fixed(most)}M${fixed(least)} ${centre - 4}v8M${fixed(most)} ${centre - 4}v8" stroke="#1b1b1b" fill="none"/>`,
    `<text x="${fixed(Math.max(end, most) + 6)}" y="${centre + 4}" fill="#1b1b1b">${escaped(show(figure))}</text>`,
  ];
}

function gridLine(x, bottom, label) {
  return `<path d="M${fixed(x)} ${TOP}V${bottom}" stroke="#dddddd"/><text x="${fixed(x)}" y="${bottom + 16}" text-anchor="middle" fill="#555555">${escaped(label)}</text>`;
}

function legend(families, y) {
  return families.map((family, index) => {
    const left = LABELS + index * 110;
    return `<rect x="${left}" y="${y - 9}" width="10" height="10" fill="${colours[family]}"/><text x="${left + 15}" y="${y}" fill="#555555">${escaped(words[family])}</text>`;
  });
}

/** From zero to a round figure above the most. */
function linearAxis(rows) {
  const most = Math.max(...rows.flatMap(({ values }) => values));
  const rough = most / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough);
  const ticks = Array.from({ length: Math.ceil(most / step) + 1 }, (_, index) => index * step);
  return { ticks, at: (value) => LABELS + (value / ticks.at(-1)) * PLOT };
}

/** From the power of ten below the least to the one above the most. */
function logAxis(rows) {
  const all = rows.flatMap(({ values }) => values);
  const from = Math.floor(Math.log10(Math.min(...all)));
  const to = Math.max(from + 1, Math.ceil(Math.log10(Math.max(...all))));
  const ticks = Array.from({ length: to - from + 1 }, (_, index) => 10 ** (from + index));
  return { ticks, at: (value) => LABELS + ((Math.log10(value) - from) / (to - from)) * PLOT };
}

function fixed(number) {
  return number.toFixed(1);
}

function escaped(text) {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/`/g, '');
}
