// The page: channels sorted and shown, the first of them in a table.
import { Channels } from './channels.js';
import { draw, nameOf, nameOfThread } from './map.js';

/** Seconds that a sparkline shows. */
const minute = 60;
/** Rows that are drawn; the search finds the others. */
const mostRows = 300;
/** Least time between two drawings, in milliseconds. */
const leastBetween = 200;

const element = (id) => document.getElementById(id);
const channels = new Channels();
/** The rates of the last minute, by channel. */
const rates = new Map();
/** The rows as they were drawn last, by channel: drawn again is only what has changed. */
let drawn = new Map();
let isPaused = false;
let chosen;
let isDue = true;
let shownAt = 0;
/** Counts the seconds that the page has been open. */
let seconds = 0;

const events = new EventSource('/events');
events.addEventListener('hello', ({ data }) => {
  const told = JSON.parse(data);
  channels.begin(told);
  element('process').textContent = `process ${told.pid}`;
});
events.addEventListener('open', () => say('live'));
events.addEventListener('error', () => say('no connection: the process may have ended'));
events.addEventListener('message', ({ data }) => {
  channels.take(JSON.parse(data));
  isDue = true;
  if (performance.now() - shownAt >= leastBetween) show();
});

function say(text) {
  if (!isPaused) element('state').textContent = text;
}

setInterval(() => {
  seconds += 1;
  for (const id of rates.keys()) if (!channels.all.has(id)) rates.delete(id);
  for (const [id, { outRate }] of channels.all) {
    const past = rates.get(id) ?? [];
    past.push(outRate);
    if (past.length > minute) past.shift();
    rates.set(id, past);
  }
  isDue = true;
}, 1000);

const order = (one, other) =>
  other.stalled - one.stalled || other.full - one.full || other.outRate - one.outRate || one.id - other.id;

function show() {
  if (!isDue || isPaused || document.hidden) return;
  isDue = false;
  shownAt = performance.now();
  const wanted = element('search').value.trim().toLowerCase();
  const all = [...channels.all.values()].sort(order);
  const found = all.filter((channel) => matches(channel, wanted));
  const left = draw(element('map'), found, choose);
  element('map-note').textContent = left > 0 ? `${left} more are in the list.` : '';
  const hidden = Math.max(0, found.length - mostRows);
  const stalled = all.filter((channel) => channel.stalled).length;
  element('count').textContent =
    `${found.length} of ${all.length}` +
    (hidden > 0 ? `, the first ${mostRows} shown` : '') +
    (stalled > 0 ? `, ${stalled} stand still` : '');
  showRows(found.slice(0, mostRows));
}
setInterval(show, 250);

function showRows(found) {
  const rows = new Map(found.map((channel) => [channel.id, rowOf(channel)]));
  const before = [...drawn.values()];
  drawn = rows;
  const now = [...rows.values()];
  if (now.length === before.length && now.every(({ tr }, index) => tr === before[index].tr)) return;
  const focused = document.activeElement?.closest?.('tr')?.id;
  element('rows').replaceChildren(...now.map(({ tr }) => tr));
  if (focused !== undefined && focused !== '') element(focused)?.querySelector('button')?.focus();
}

/** The row of a channel: the one that is there, so that nobody's click or focus is lost, with new cells where it looks different. */
function rowOf(channel) {
  const past = rates.get(channel.id) ?? [];
  // A channel on which nothing happens has the same line at all times.
  const second = past.some((rate) => rate > 0) ? seconds : undefined;
  const before = drawn.get(channel.id);
  const { version } = channel;
  if (before?.channel === channel && before.version === version && before.second === second) return before;
  const tr = before?.tr ?? newRow(channel);
  fillRow(tr, channel, past);
  return { channel, version, second, tr };
}

function matches(channel, wanted) {
  if (wanted === '') return true;
  const threads = channel.ends.map(({ thread }) => nameOfThread(thread)).join(' ');
  return `${nameOf(channel)} ${channel.flavor} ${threads}`.toLowerCase().includes(wanted);
}

function newRow({ id }) {
  const tr = document.createElement('tr');
  tr.id = `channel-${id}`;
  const name = document.createElement('button');
  name.type = 'button';
  name.addEventListener('click', () => choose(id));
  tr.insertCell().append(name);
  return tr;
}

function fillRow(tr, channel, past) {
  tr.className = channel.stalled ? 'stalled' : channel.full ? 'full' : '';
  tr.querySelector('button').textContent = nameOf(channel);
  const tickets = channel.tickets > 0 ? `, ${channel.tickets} in flight` : '';
  const cells = [
    fill(channel),
    waiting(channel),
    oldest(channel),
    count(channel.outRate),
    spark(past),
    count(channel.dropped + channel.skipped + channel.discarded),
    `${channel.senders} to ${channel.receivers}${tickets}`,
  ];
  for (const [index, content] of cells.entries()) {
    (tr.cells[index + 1] ?? tr.insertCell()).replaceChildren(content);
  }
}

function fill({ length, capacity }) {
  const shown = document.createDocumentFragment();
  if (capacity !== null && capacity > 0) {
    const meter = document.createElement('meter');
    meter.max = capacity;
    meter.value = length;
    // Nearly full is told by another colour.
    meter.optimum = 0;
    meter.low = meter.high = capacity * 0.9;
    meter.setAttribute('aria-label', `${length} of ${capacity} queued`);
    shown.append(meter, ' ');
  }
  shown.append(`${count(length)}${capacity === null ? '' : ` of ${count(capacity)}`}`);
  return shown;
}

function waiting({ waitingSenders, waitingReceivers, stillMs, stalled }) {
  const who = [
    waitingSenders > 0 ? `${count(waitingSenders)} to send` : '',
    waitingReceivers > 0 ? `${count(waitingReceivers)} to receive` : '',
  ].filter(Boolean);
  if (who.length === 0) return '';
  const since = stillMs >= 1000 ? `, for ${Math.round(stillMs / 1000)} s` : '';
  return `${stalled ? 'stands still: ' : ''}${who.join(', ')}${since}`;
}

/** How long messages wait, where the channel keeps it. */
function oldest({ oldest, length, waits, waitP50, waitP99 }) {
  if (oldest === null) return '';
  const now = length > 0 ? time(oldest) : 'none';
  return waits > 0 ? `${now} (half wait ${time(waitP50)}, 99 % ${time(waitP99)})` : now;
}

function time(ms) {
  if (ms >= 10_000) return `${Math.round(ms / 1000)} s`;
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  return ms >= 10 ? `${Math.round(ms)} ms` : `${ms.toFixed(2)} ms`;
}

function spark(past) {
  const svg = 'http://www.w3.org/2000/svg';
  const shown = document.createElementNS(svg, 'svg');
  shown.setAttribute('class', 'spark');
  shown.setAttribute('viewBox', `0 0 ${minute} 20`);
  shown.setAttribute('preserveAspectRatio', 'none');
  shown.setAttribute('aria-hidden', 'true');
  const most = Math.max(1, ...past);
  const points = past.map((rate, index) => `${minute - past.length + index} ${19 - (rate / most) * 18}`);
  const path = document.createElementNS(svg, 'path');
  const isFlat = past.every((rate) => rate === 0);
  if (points.length > 1 || isFlat)
    path.setAttribute('d', isFlat ? `M0 19H${minute}` : `M${points.join('L')}`);
  shown.append(path);
  return shown;
}

function count(number) {
  return number.toLocaleString('en', { maximumFractionDigits: 1 });
}

/** Shows a channel whole, and where its ends were made. */
async function choose(id) {
  chosen = id;
  const response = await fetch(`/channel/${id}.json`);
  if (chosen !== id) return;
  element('detail').hidden = false;
  const channel = response.ok ? await response.json() : undefined;
  element('detail-title').textContent =
    channel === undefined ? 'That channel is not open any more' : nameOf(channel);
  const { ends = [], ...figures } = channel ?? {};
  const told = Object.entries(figures).flatMap(([name, value]) => {
    const [term, text] = [document.createElement('dt'), document.createElement('dd')];
    term.textContent = name;
    text.textContent = value === null ? (name === 'capacity' ? 'unbounded' : 'none') : String(value);
    return [term, text];
  });
  element('figures').replaceChildren(...told);
  element('ends').replaceChildren(
    ...ends.map(({ side, thread, madeAt }) => {
      const item = document.createElement('li');
      item.textContent = `${side}, ${nameOfThread(thread)}`;
      const where = document.createElement('pre');
      where.tabIndex = 0;
      where.textContent = madeAt ?? 'where it was made is known with MILLRACE_TRACE=1';
      item.append(where);
      return item;
    }),
  );
  element('detail-title').focus();
}

element('close-detail').addEventListener('click', () => {
  element('detail').hidden = true;
  element(`channel-${chosen}`)?.querySelector('button')?.focus();
});
element('search').addEventListener('input', () => (isDue = true));
element('controls').addEventListener('submit', (event) => event.preventDefault());
element('pause').addEventListener('click', ({ currentTarget }) => {
  isPaused = !isPaused;
  currentTarget.setAttribute('aria-pressed', String(isPaused));
  element('state').textContent = isPaused ? 'paused' : 'live';
  isDue = true;
});
element('theme').addEventListener('click', () => {
  const isDark = matchMedia('(prefers-color-scheme: dark)').matches;
  const now = document.documentElement.dataset.theme ?? (isDark ? 'dark' : 'light');
  document.documentElement.dataset.theme = now === 'dark' ? 'light' : 'dark';
});
