// The demo's proof: it holds for what came back whole, and for nothing else.
import { describe, expect, test } from 'vitest';

import { Assembly } from '../../dist/cli/demo/assembly.js';
import { type Job, type Piece, digestOf, jobs, perform } from '../../dist/cli/demo/job.js';
import { HEAD_BYTES, address, chunkIn, failure, read, sign } from '../../dist/cli/demo/ours/letter.js';
import { type Proof, Prover, differences } from '../../dist/cli/demo/proof.js';
import type { Journey } from '../../dist/cli/demo/run.js';
import { Times } from '../../dist/cli/demo/times.js';

const chunks = ['first', 'second', 'third', 'the rest'].map((text) => Uint8Array.from(Buffer.from(text)));

function expected(): Proof {
  const prover = new Prover();
  for (const chunk of chunks) prover.add(chunk, digestOf(chunk));
  return prover.finish();
}

function pieces(job: Job): Piece[] {
  return chunks.map((chunk, index) => perform(job, index, chunk));
}

function assemble(job: Job, received: readonly Piece[]): Proof {
  const assembly = new Assembly(job);
  for (const piece of received) assembly.add(piece);
  return assembly.finish();
}

/** The pieces with one of them changed. */
function changed(job: Job, change: (piece: Piece) => Piece): Piece[] {
  return pieces(job).map((piece) => (piece.index === 2 ? change(piece) : piece));
}

describe.each(jobs)('%s', (job) => {
  test('pieces that come in any order make the whole', () => {
    const [first, second, third, rest] = pieces(job) as [Piece, Piece, Piece, Piece];
    expect(differences(expected(), assemble(job, [third, first, rest, second]))).toEqual([]);
  });

  test('each piece is let go when its turn has come', () => {
    const [first, second, third] = pieces(job) as [Piece, Piece, Piece];
    const assembly = new Assembly(job);
    expect(assembly.add(third)).toEqual([]);
    expect(assembly.add(first)).toEqual([first]);
    expect(assembly.add(second)).toEqual([second, third]);
    expect(assembly.bytes).toBe('firstsecondthird'.length);
  });

  test('other bytes in a chunk are seen', () => {
    const other = changed(job, ({ index }) => ({
      ...perform(job, index, Buffer.from('thirt')),
      digest: digestOf(Buffer.from('third')),
    }));
    expect(differences(expected(), assemble(job, other))).toEqual([
      expect.stringMatching(/^Digest of the bytes: expected [0-9a-f]{64}, received [0-9a-f]{64}$/),
    ]);
  });

  test('other bytes on the way to the worker are seen', () => {
    const other = changed(job, (piece) => ({ ...piece, digest: digestOf(Buffer.from('thirt')) }));
    expect(differences(expected(), assemble(job, other))).toEqual([
      expect.stringMatching(/^Digest of the workers' digests: /),
    ]);
  });

  test('chunks that changed places are seen', () => {
    const swapped = chunks.map((chunk, index) => perform(job, [1, 0, 2, 3][index] as number, chunk));
    expect(differences(expected(), assemble(job, swapped))).toHaveLength(2);
  });

  test('a last chunk that never came is seen', () => {
    expect(differences(expected(), assemble(job, pieces(job).slice(0, 3)))).toHaveLength(4);
  });

  test('a gap is an error', () => {
    const [first, , third] = pieces(job) as [Piece, Piece, Piece];
    expect(() => assemble(job, [first, third])).toThrow('Chunk 1 never came back');
  });

  test.each([0, 3])('chunk %i twice is an error, whether its turn has come or not', (index) => {
    const piece = pieces(job)[index] as Piece;
    expect(() => assemble(job, [piece, piece])).toThrow(`Chunk ${index} came back twice`);
  });
});

describe('the file again and again', () => {
  /** Feeds `times` times what comes back by `answer`, and gives what was proved. */
  async function proved(times: number, answer: (times: Times, index: number) => void): Promise<Proof[]> {
    const proofs: Proof[] = [];
    const journey = {
      options: { job: 'hash' },
      signal: new AbortController().signal,
      next: async () => times-- > 0,
      progress: () => undefined,
      done: (proof: Proof) => proofs.push(proof),
    };
    const fed = new Times(journey as unknown as Journey);
    await fed.feed(async (index) => {
      answer(fed, index);
      return chunks[index]?.length ?? 0;
    });
    return proofs;
  }

  test('each time is over when all has come back, however late', async () => {
    const proofs = await proved(3, (times, index) => {
      // The last chunks come back when all has been sent.
      if (index === chunks.length) setImmediate(() => pieces('hash').forEach((piece) => times.add(piece)));
    });
    expect(proofs).toEqual([expected(), expected(), expected()]);
  });

  test('is an error when nothing comes back any more', async () => {
    const reason = new Error('the worker is gone');
    for (const [given, message] of [
      [undefined, 'Not every chunk came back'],
      [reason, reason.message],
    ] as const) {
      const proving = proved(1, (times, index) => {
        if (index === chunks.length) setImmediate(() => times.end(given));
      });
      await expect(proving).rejects.toThrow(message);
    }
  });
});

describe('outcomes on the wire', () => {
  test('a worker that failed says why', () => {
    const letter = Uint8Array.from(failure(new TypeError('ünlucky')));
    expect(() => read(letter)).toThrow(new Error('A worker failed: TypeError: ünlucky'));
  });

  test.each([[new Uint8Array(0)], [Uint8Array.of(1, 2, 3)], [new Uint8Array(100_000).fill(7)]])(
    'a chunk comes back as it was, %#',
    (bytes) => {
      // At an odd place of other memory, as a received view may lie.
      const letter = new Uint8Array(HEAD_BYTES + bytes.length + 3).subarray(3);
      chunkIn(letter).set(bytes);
      address(letter, 0xfffffffe);
      sign(letter, digestOf(bytes), 1.5);
      const back = read(letter);
      expect(back).toMatchObject({ index: 0xfffffffe, handover: 1.5 });
      expect(Buffer.from(back.digest)).toEqual(Buffer.from(digestOf(bytes)));
      expect(Buffer.compare(back.bytes, bytes)).toBe(0);
    },
  );
});
