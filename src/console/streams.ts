/** Pages that watch: each is told what has changed, as server-sent events; nothing is looked at while none is open. */
import type { ServerResponse } from 'node:http';

import type { Observer } from './observer.js';
import { differences, everything, hello } from './telling.js';

/** Pages at a time. */
const mostPages = 16;
/** A page that takes nothing for so long is let go. */
const patienceMs = 30_000;

interface Page {
  readonly response: ServerResponse;
  /** Since when it has not taken what it was sent. */
  clogged: number | undefined;
  /** It was not told of a look meanwhile. */
  isBehind: boolean;
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
    const page: Page = { response, clogged: undefined, isBehind: false };
    this.#pages.add(page);
    response.on('drain', () => (page.clogged = undefined));
    response.on('close', () => this.#closed(page));
    response.write(hello());
    this.observer.keep(true);
    this.observer.look();
    this.#send(page, everything(this.observer));
    this.#timer ??= setInterval(() => this.#look(), 1000 / this.looksASecond);
    return true;
  }

  #look(): void {
    this.observer.look();
    const told = differences(this.observer);
    let all: Buffer | undefined;
    for (const page of this.#pages) {
      if (page.clogged === undefined) {
        this.#send(page, page.isBehind ? (all ??= everything(this.observer)) : told);
        continue;
      }
      page.isBehind = true;
      if (this.observer.at - page.clogged > patienceMs) page.response.destroy();
    }
  }

  #send(page: Page, text: Buffer): void {
    page.isBehind = false;
    if (!page.response.write(text)) page.clogged = this.observer.at;
  }

  #closed(page: Page): void {
    this.#pages.delete(page);
    if (this.#pages.size > 0) return;
    this.observer.keep(false);
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
