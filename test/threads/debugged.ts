// A worker as a debugger sees it: it is asked without its event loop.
import { Session } from 'node:inspector';
import type { Worker } from 'node:worker_threads';

type Reply = { readonly id?: number; readonly result?: { readonly result?: { readonly value?: unknown } } };
type Post = (method: string, params?: object) => Promise<void>;

export class Debugged {
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #asked = 0;

  private constructor(
    private readonly session: Session,
    private readonly sessionId: string,
  ) {
    session.on('NodeWorker.receivedMessageFromWorker' as 'inspectorNotification', (event) => {
      const { message } = event.params as unknown as { message: string };
      const reply = JSON.parse(message) as Reply;
      this.#waiting.get(reply.id ?? 0)?.(reply);
    });
  }

  /** The only worker there is. */
  static async of(worker: Worker): Promise<Debugged> {
    const session = new Session();
    session.connect();
    const attached = new Promise<string>((resolve, reject) => {
      worker.once('exit', () => reject(new Error('the worker ended')));
      session.once('NodeWorker.attachedToWorker' as 'inspectorNotification', (event) => {
        resolve((event.params as unknown as { sessionId: string }).sessionId);
      });
    });
    await postTo(session)('NodeWorker.enable', { waitForDebuggerOnStart: false });
    return new Debugged(session, await attached);
  }

  /** What `expression` is in the worker's global scope. */
  async evaluate(expression: string): Promise<unknown> {
    this.#asked += 1;
    const id = this.#asked;
    const replied = new Promise<Reply>((resolve) => this.#waiting.set(id, resolve));
    const params = { expression, returnByValue: true };
    const message = JSON.stringify({ id, method: 'Runtime.evaluate', params });
    await postTo(this.session)('NodeWorker.sendMessageToWorker', { sessionId: this.sessionId, message });
    return (await replied).result?.result?.value;
  }

  close(): void {
    this.session.disconnect();
  }
}

function postTo(session: Session): Post {
  return (method, params) =>
    new Promise((resolve, reject) => {
      session.post(method as 'NodeWorker.enable', params as never, (error) =>
        error === null ? resolve() : reject(error),
      );
    });
}
