// A process in which native memory cannot be lent, as it is in Electron: Node-API answers so, to this binary alone.
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustInProject } from './project.mjs';

/** As long as each other: one name takes the other's place in the binary. */
const asked = 'napi_create_external_arraybuffer';
const refused = 'napi_refuse_external_arraybuffer';

/** The status that Electron's Node-API has for it. */
const source = `#[unsafe(no_mangle)]
pub extern "C" fn ${refused}() -> i32 {
    22 // napi_no_external_buffers_allowed
}
`;

/** And what a program looks for that asks whether it runs in Electron. */
const preload = `Object.defineProperty(process.versions, 'electron', { value: '0.0.0', enumerable: true });\n`;

/** Changes the binary that is installed in a project, and answers the environment that the change needs. */
export async function refusing(folder) {
  const modules = join(folder, 'node_modules');
  const name = readdirSync(modules).find((each) => each.startsWith('millrace-'));
  const binary = join(
    modules,
    name,
    readdirSync(join(modules, name)).find((each) => each.endsWith('.node')),
  );
  const bytes = readFileSync(binary);
  const at = bytes.indexOf(`${asked}\0`);
  if (at < 0) throw new Error(`the binary does not ask for ${asked}`);
  bytes.write(refused, at, 'latin1');
  rmSync(binary);
  writeFileSync(binary, bytes);

  const [library, electron] = ['refusal.so', 'electron.cjs'].map((each) => join(folder, each));
  writeFileSync(join(folder, 'refusal.rs'), source);
  writeFileSync(electron, preload);
  const compile = ['rustc', '--edition=2024', '--crate-type=cdylib', '-o', library, 'refusal.rs'];
  await mustInProject(folder, compile);
  return { LD_PRELOAD: library, NODE_OPTIONS: `--require ${JSON.stringify(electron)}` };
}
