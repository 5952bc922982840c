/** The sets of verbs by which the demo hands chunks over with millrace, and when each is the one to use. */

export const verbSets = ['blocking', 'refs', 'transfer', 'plain'] as const;
export type Verbs = (typeof verbSets)[number];

/** What is used unless others are asked for. */
export const usual = 'blocking,transfer' satisfies `${Verbs},${Verbs}`;

export const verbsInWords: Record<
  Verbs,
  { readonly name: string; readonly uses: string; readonly why: string }
> = {
  blocking: {
    name: 'millrace, in place',
    uses: 'sendRef / send here, recvRefSync / forwardSync in the workers',
    why: 'the file is read into memory that goes to the worker and comes back, so no byte is copied; a worker that has\nnothing else to do blocks, which wakes it sooner than its event loop would be',
  },
  refs: {
    name: 'millrace, in place, awaited',
    uses: 'sendRef / send, refs() / forward in all threads',
    why: 'the file is read into memory that goes to the worker and comes back, so no byte is copied; the workers await,\nas they must when they have other things to do',
  },
  transfer: {
    name: 'millrace, moved',
    uses: 'alloc, send with { transfer: true }, for await in all threads',
    why: "buffers are moved, as by a transfer list, and filled again when they come back, so no byte is copied; each is its\nholder's for as long as it is needed",
  },
  plain: {
    name: 'millrace, copied',
    uses: 'send, for await',
    why: 'the least to write: every hop copies, which is right for messages of a few KiB',
  },
};
