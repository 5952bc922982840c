// A registry of packages on this machine: npm installs from it as it does from anybody's, without network.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';

export interface Manifest {
  name: string;
  version: string;
  [field: string]: unknown;
}

export interface Registry {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves `packages`, each of which `npm pack` has put into `folder`. */
export async function serve(folder: string, packages: readonly Manifest[]): Promise<Registry> {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '').slice(1);
    if (path.endsWith('.tgz')) {
      response.end(readFileSync(join(folder, basename(path))));
      return;
    }
    const versions = packages.filter(({ name }) => name === path);
    response.statusCode = versions.length === 0 ? 404 : 200;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(versions.length === 0 ? {} : document(versions, addressOf(server), folder)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: addressOf(server),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** The file name that `npm pack` gives. */
export function tarballOf({ name, version }: Manifest): string {
  return `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
}

/** What a registry knows of one package. */
function document(versions: readonly Manifest[], url: string, folder: string): object {
  const told = versions.map((manifest) => {
    const tarball = tarballOf(manifest);
    const digest = createHash('sha512').update(readFileSync(join(folder, tarball)));
    const dist = { tarball: `${url}${tarball}`, integrity: `sha512-${digest.digest('base64')}` };
    return [manifest.version, { ...manifest, dist }] as const;
  });
  return {
    name: versions[0]?.name,
    'dist-tags': { latest: versions[0]?.version },
    versions: Object.fromEntries(told),
  };
}
