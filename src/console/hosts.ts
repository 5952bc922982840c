/** Whom the console answers: a page elsewhere whose name was made to point here gets nothing. */
import { isIP } from 'node:net';

/** Whether a `Host` header is one by which the console itself is reached. */
export function isTrustedHost(header: string | undefined, served: string): boolean {
  const name = /^(\[[0-9a-f:.]+\]|[^:]+)(?::\d+)?$/i.exec(header ?? '')?.[1]?.toLowerCase();
  if (name === undefined) return false;
  if (name === 'localhost' || name === served.toLowerCase()) return true;
  // A name can be made to point here, an address cannot.
  return isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0;
}
