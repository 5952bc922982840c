// For --detectLeaks: a file that only requires the package, and does not even close what it makes.
const { bounded } = require('millrace');

test('a channel is made', () => {
  expect(bounded(1)).toHaveLength(2);
});
