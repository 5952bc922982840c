/** What travels with a channel, for whoever attaches an end of it: its codecs by name, and what it was made with. */
import { type WireCodec, builtInCodec } from './codecs/codec.js';
import { withContext } from './context/envelope.js';
import type { Traits } from './ends/end-state.js';
import { ChannelStateError } from './errors/errors.js';

/** Traits of a channel whose messages carry contexts, or not. */
export function traitsOf(traits: Traits, context: boolean): Traits {
  return context ? { ...traits, codec: withContext(traits.codec), context } : traits;
}

/** Traits, as they travel with the channel. */
export function writeTraits(traits: Traits): string {
  const last = written.get(traits.codec);
  if (last !== undefined && areSame(last.traits, traits)) return last.text;
  const { codec, response, ...others } = traits;
  const text = JSON.stringify({ codec: codec.name, response: response?.name, ...others });
  written.set(codec, { traits, text });
  return text;
}

/** What was written last for a codec: the channels of a program are alike. */
const written = new WeakMap<WireCodec, { traits: Traits; text: string }>();

function areSame(one: Traits, other: Traits): boolean {
  for (const key in one) if (one[key as keyof Traits] !== other[key as keyof Traits]) return false;
  return one.response === other.response && one.leases === other.leases && one.grows === other.grows;
}

/** Traits, with their codecs by name. */
interface WrittenTraits extends Omit<Traits, 'codec' | 'response'> {
  codec: string;
  response?: string;
}

/** The traits that came with a channel; its codecs are built-in ones or among `codecs`. */
export function readTraits(written: string, codecs: ReadonlyMap<string, WireCodec>): Traits {
  const { codec, response, ...others } = JSON.parse(written) as WrittenTraits;
  const find = (name: string) => {
    const found = builtInCodec(name) ?? codecs.get(name);
    if (found !== undefined) return found;
    throw new ChannelStateError(`the ticket does not say that its codec is '${name}'`);
  };
  const traits: Traits = {
    codec: find(codec),
    ...(response === undefined ? {} : { response: find(response) }),
    ...others,
  };
  return traitsOf(traits, traits.context === true);
}
