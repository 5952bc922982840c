// A registry on this machine alone, which serves a few tarballs the way npm's own does.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

/** `packages`: each with its `manifest`, the `file` of its tarball, and the tarball's `integrity`. */
export async function serveRegistry(packages) {
  const server = createServer(({ url }, response) => {
    const path = decodeURIComponent(url.slice(1));
    const answer = packages.find(({ manifest }) => path === manifest.name || path === tarballOf(manifest));
    if (answer === undefined) {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"not found"}');
    } else if (path === answer.manifest.name) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(packument(answer)));
    } else {
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(readFileSync(answer.file));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `http://127.0.0.1:${server.address().port}`;

  function packument({ manifest, integrity }) {
    const { name, version } = manifest;
    const dist = { tarball: `${address}/${tarballOf(manifest)}`, integrity };
    return { name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } } };
  }
  return { address, close: () => server.close() };
}

function tarballOf({ name, version }) {
  return `-/${name.replace('/', '-')}-${version}.tgz`;
}
