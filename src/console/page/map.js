// Threads as boxes, channels as pipes between them, drawn anew as SVG.
const svg = 'http://www.w3.org/2000/svg';
/** Pipes that are drawn; more are left to the list. */
const mostPipes = 40;
const box = { width: 110, height: 34, gap: 18 };
/** Narrower than this nothing is drawn; the drawing scrolls then. */
const leastWidth = 320;

const make = (name, attributes, ...children) => {
  const element = document.createElementNS(svg, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
};

export const nameOfThread = (thread) =>
  thread < 0 ? 'in flight' : thread === 0 ? 'main thread' : `thread ${thread}`;
export const nameOf = ({ label, flavor, id }) => label ?? `${flavor} ${id}`;

/** Draws the channels, of which the first ones are the most telling; `choose` is told which is clicked. Answers how many were left out. */
export function draw(place, channels, choose) {
  const shown = channels.slice(0, mostPipes);
  const threads = [...new Set(shown.flatMap(({ ends }) => ends.map(({ thread }) => thread)))].sort(
    (a, b) => a - b,
  );
  const left = threads.filter((thread) => thread <= 0);
  const right = threads.filter((thread) => thread > 0);
  const height = Math.max(1, left.length, right.length) * (box.height + box.gap) + box.gap;
  // As wide as its place, so that its words are as large as all others.
  const width = Math.max(leastWidth, place.clientWidth);
  const at = new Map();
  for (const [column, x] of [
    [left, 10],
    [right, width - box.width - 10],
  ]) {
    for (const [row, thread] of column.entries()) {
      const free = height - column.length * (box.height + box.gap);
      at.set(thread, { x, y: free / 2 + row * (box.height + box.gap) + box.gap / 2, isLeft: x === 10 });
    }
  }
  const pipes = [];
  const used = new Map();
  for (const channel of shown) {
    for (const [from, to] of pairs(channel.ends)) {
      const key = `${from} ${to}`;
      const nth = used.get(key) ?? 0;
      used.set(key, nth + 1);
      pipes.push(pipe(channel, at.get(from), at.get(to), nth, choose));
    }
  }
  const boxes = threads.map((thread) => {
    const { x, y } = at.get(thread);
    const kind = thread < 0 ? 'box ticket' : 'box';
    return make(
      'g',
      {},
      make('rect', { x, y, width: box.width, height: box.height, rx: 6, class: kind }),
      make('text', { x: x + 10, y: y + 22 }, nameOfThread(thread)),
    );
  });
  const title = make('title', {}, `${threads.length} threads, ${shown.length} channels`);
  place.replaceChildren(make('svg', { width, height, role: 'group' }, title, ...pipes, ...boxes));
  return channels.length - shown.length;
}

/** From which thread to which, each pair once. */
function pairs(ends) {
  const side = (wanted) => [
    ...new Set(ends.filter((end) => end.side === wanted).map(({ thread }) => thread)),
  ];
  const receivers = side('receiver');
  return side('sender').flatMap((from) => receivers.map((to) => [from, to]));
}

function pipe(channel, from, to, nth, choose) {
  const spread = (nth % 2 === 0 ? 1 : -1) * Math.ceil(nth / 2) * 9;
  const start = { x: from.x + (from.isLeft ? box.width : 0), y: from.y + box.height / 2 + spread / 3 };
  const end = { x: to.x + (to.isLeft ? box.width : 0), y: to.y + box.height / 2 + spread / 3 };
  // Within one thread a pipe goes out and comes back, each in a wider bow than the one before.
  const isLoop = from === to;
  const bow = isLoop ? 60 + nth * 60 : 90 + spread;
  const apart = isLoop ? Math.min(box.height / 2 - 2, 5 + nth * 4) : 0;
  const [up, down] = isLoop ? [start.y - spread / 3 - apart, end.y - spread / 3 + apart] : [start.y, end.y];
  const bend = (place) => (place.isLeft ? bow : -bow);
  const path = `M${start.x} ${up}C${start.x + bend(from)} ${up + (isLoop ? -apart * 1.5 : spread)} ${end.x + bend(to)} ${down + (isLoop ? apart * 1.5 : spread)} ${end.x} ${down}`;
  const state = channel.stalled ? ' stalled' : channel.full ? ' full' : '';
  const wide = 1.5 + Math.min(6, Math.log10(1 + channel.outRate));
  const words = `${nameOf(channel)}: ${channel.length} queued, ${channel.outRate} a second${channel.stalled ? ', stands still' : ''}`;
  const link = make(
    'a',
    { href: `#channel-${channel.id}`, 'aria-label': words },
    make('title', {}, words),
    make('path', { d: path, class: `pipe${state}`, 'stroke-width': wide }),
  );
  link.addEventListener('click', (event) => {
    event.preventDefault();
    choose(channel.id);
  });
  return link;
}
