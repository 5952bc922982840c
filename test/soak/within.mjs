// A round that takes far too long hangs, which is as bad as a message that is lost.

/** Milliseconds; the busiest machine needs less. */
const HANGING = 60_000;

/** What `promise` gives, or an error with what `tell` says when that takes too long. */
export async function within(promise, tell) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`a round hangs: ${tell()}`)), HANGING);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
