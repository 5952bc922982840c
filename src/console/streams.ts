/** Pages that watch: each is told what has changed, as server-sent events; nothing is looked at while none is open. */
import type { ServerResponse } from 'node:http';

import type { Observer } from './observer.js';
import { changes } from './snapshot.js';

/** Pages at a time. */
const mostPages = 16;
/** A page that takes nothing for so long is let go. */
const patienceMs = 30_000;

interface Page {
  readonly response: ServerResponse;
  /** What it was told of each channel. */
  readonly known: Map<number, number>;
  /** Since when it has not taken what it was sent. */
  clogged: number | undefined;
}

export class Streams {
  readonly #pages = new Set<Page>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly observer: Observer,
    /** Looks a second while a page is open. */
    private readonly looksASecond: number,
  ) {}

  /** Makes a response a stream; false when there are too many. */
  open(response: ServerResponse, headers: Readonly<Record<string, string>>): boolean {
    if (this.#pages.size >= mostPages) return false;
    response.writeHead(200, { ...headers, 'content-type': 'text/event-stream; charset=utf-8' });
    const page: Page = { response, known: new Map(), clogged: undefined };
    this.#pages.add(page);
    response.on('drain', () => (page.clogged = undefined));
    response.on('close', () => this.#closed(page));
    response.write(`retry: 1000\nevent: hello\ndata: {"pid":${process.pid}}\n\n`);
    this.observer.look();
    this.#tell(page);
    this.#timer ??= setInterval(() => this.#look(), 1000 / this.looksASecond);
    return true;
  }

  #look(): void {
    this.observer.look();
    for (const page of this.#pages) this.#tell(page);
  }

  #tell(page: Page): void {
    if (page.clogged !== undefined) {
      if (this.observer.at - page.clogged > patienceMs) page.response.destroy();
      return;
    }
    const told = changes(this.observer, page.known);
    const text = told === undefined ? ': nothing new\n\n' : `data: ${told}\n\n`;
    if (!page.response.write(text)) page.clogged = this.observer.at;
  }

  #closed(page: Page): void {
    this.#pages.delete(page);
    if (this.#pages.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
