/** The console's server, in a thread of its own, so that it answers while the process's other threads are busy or blocked. */
import { readFileSync } from 'node:fs';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';

import { isTrustedHost } from './hosts.js';
import { contentType, metrics } from './metrics.js';
import { Observer } from './observer.js';
import { describe, snapshot } from './snapshot.js';
import { Streams } from './streams.js';

/** What the thread is told, and what it answers with. */
export interface ServerData {
  readonly port: number;
  readonly host: string;
  /** How often a second it looks while a page is open; 4 unless a benchmark asks for more. */
  readonly looksASecond?: number;
}
export type ServerAnswer = { readonly port: number } | { readonly error: string; readonly code: string };

/** Connections at a time; more are closed at once. */
const mostConnections = 64;

const { port, host, looksASecond = 4 } = workerData as ServerData;
const observer = new Observer();
const streams = new Streams(observer, looksASecond);

const page = (name: string) => readFileSync(join(__dirname, 'page', name));
const files: Readonly<Record<string, { readonly type: string; readonly body: Buffer }>> = {
  '/': { type: 'text/html; charset=utf-8', body: page('index.html') },
  '/channels.js': { type: 'text/javascript; charset=utf-8', body: page('channels.js') },
  '/console.css': { type: 'text/css; charset=utf-8', body: page('console.css') },
  '/console.js': { type: 'text/javascript; charset=utf-8', body: page('console.js') },
  '/icon.svg': { type: 'image/svg+xml', body: page('icon.svg') },
  '/map.js': { type: 'text/javascript; charset=utf-8', body: page('map.js') },
};

/** Nothing from outside, nothing inline, nowhere to send anything, and in no other page. */
const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

function answer(request: IncomingMessage, response: ServerResponse): void {
  const end = (status: number, type: string, body: string | Buffer, more: Record<string, string> = {}) => {
    response.writeHead(status, { ...headers, 'content-type': type, ...more });
    response.end(request.method === 'HEAD' ? undefined : body);
  };
  const refuse = (status: number, why: string, more?: Record<string, string>) =>
    end(status, 'text/plain; charset=utf-8', `${why}\n`, more);

  if (!isTrustedHost(request.headers.host, host)) return refuse(421, 'This host is not served here.');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return refuse(405, 'The console only shows: GET and HEAD.', { allow: 'GET, HEAD' });
  }
  const path = (request.url ?? '/').split('?')[0] as string;
  const file = Object.hasOwn(files, path) ? files[path] : undefined;
  if (file !== undefined) return end(200, file.type, file.body);
  switch (path) {
    case '/snapshot.json':
      observer.look();
      return end(200, 'application/json; charset=utf-8', JSON.stringify(snapshot(observer)));
    case '/metrics':
      observer.look();
      return end(200, contentType, metrics(observer));
    case '/events':
      if (request.method === 'HEAD') return end(200, 'text/event-stream', '');
      if (streams.open(response, headers)) return undefined;
      return refuse(503, 'As many pages are open as may be.', { 'retry-after': '5' });
  }
  const id = /^\/channel\/(\d{1,15})\.json$/.exec(path)?.[1];
  if (id === undefined) return refuse(404, 'There is no such page.');
  observer.look();
  observer.lookAtEnds();
  const channel = observer.channels.get(Number(id));
  if (channel === undefined) return refuse(404, 'That channel is not open.');
  return end(200, 'application/json; charset=utf-8', JSON.stringify(describe(channel, observer.at)));
}

const tell = (told: ServerAnswer) => parentPort?.postMessage(told);
const server = createServer({ maxHeaderSize: 8192, requestTimeout: 10_000 }, answer);
server.maxConnections = mostConnections;
server.once('error', (error: NodeJS.ErrnoException) => {
  tell({ error: error.message, code: error.code ?? '' });
  server.close();
});
server.listen(port, host, () => tell({ port: (server.address() as AddressInfo).port }));
