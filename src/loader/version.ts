/** The version of this package: what its binary must be, too. */
export const { version } = require('../../package.json') as { version: string };
