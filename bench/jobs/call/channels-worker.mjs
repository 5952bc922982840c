// Answers each question that comes, one after the other.
import { workerData } from 'node:worker_threads';
import { attach } from 'millrace';
import { answer, answerInto } from './answer.mjs';

const { rx, tx, size, inPlace } = attach(workerData);
for await (const bytes of rx) {
  if (inPlace) {
    const ref = tx.sendRef(size);
    answerInto(ref.bytes, bytes);
    await ref.send();
  } else {
    await tx.send(answer(bytes, size));
  }
}
tx.close();
