// The files that a run leaves: their folders are made before anything is measured, because a run is too long to be lost
// at its end.
import { accessSync, constants, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Makes the folders of these files, those that are not undefined; a file that cannot be written ends the program. */
export function prepareFiles(files) {
  for (const file of files.filter((file) => file !== undefined)) {
    try {
      mkdirSync(dirname(file), { recursive: true });
      accessSync(existsSync(file) ? file : dirname(file), constants.W_OK);
      if (existsSync(file) && statSync(file).isDirectory()) throw new Error('it is a folder');
    } catch (error) {
      console.error(`Expected a file that can be written. Received '${file}': ${error.message}\nTry --help.`);
      process.exit(2);
    }
  }
}

export function write(file, text) {
  writeFileSync(file, text);
  console.error(`Written: ${file}`);
}
