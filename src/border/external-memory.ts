/** Which of the two memory modes it is: whether messages are copied where they could be seen in place. */

/** Asked for by the environment, to have everywhere what a runtime has that forbids external memory. */
const isAskedFor = process.env['MILLRACE_COPY'] === '1';

/** Deno lends native memory, but may abort when a thread ends that has some (seen with 2.9.6). */
export const copies = isAskedFor || process.versions['deno'] !== undefined;
