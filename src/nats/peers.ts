/** The clients of NATS: peers, to be installed beside millrace by those who use `millrace/nats`. */
import type * as jetstream from '@nats-io/jetstream';
import type * as kv from '@nats-io/kv';
import type * as transport from '@nats-io/transport-node';

import { ChannelLoadError } from '../errors/errors.js';

const names = ['@nats-io/transport-node', '@nats-io/jetstream', '@nats-io/kv'];

function load(name: string): unknown {
  try {
    return require(name);
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== 'MODULE_NOT_FOUND') throw cause;
    const cure = `npm install ${names.join(' ')}`;
    const text = `millrace/nats needs the package '${name}', which is not installed: ${cure}`;
    throw Object.assign(new ChannelLoadError(text, { cause }), { cure });
  }
}

const [forNode, forStreams, forValues] = names.map(load) as [typeof transport, typeof jetstream, typeof kv];

export const { connect, createInbox, headers, nuid, NoRespondersError, PermissionViolationError } = forNode;
export const { jetstreamManager, JetStreamApiError } = forStreams;
export const { Kvm } = forValues;
