/** Which of the two memory modes it is: whether messages are copied where they could be seen in place. */

/** Asked for by the environment, to have everywhere what a runtime has that forbids external memory. */
export const copies = process.env['MILLRACE_COPY'] === '1';
