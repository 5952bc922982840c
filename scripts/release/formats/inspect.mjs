// What a binary's file says about where it will load, held against what its target promises.
import { newestGlibc, readElf } from './elf.mjs';
import { readMacho } from './macho.mjs';
import { readPe } from './pe.mjs';
import { oldestMacos } from '../targets.mjs';

/** Every Node calls this when it loads an addon. */
const entry = 'napi_register_module_v1';
/** What is on every system of the kind. */
const present = {
  linux: /^(lib(c|m|dl|rt|pthread|gcc_s)\.so(\.\d)?|ld(-linux[\w-]*|64)\.so\.\d|libc\.musl-\w+\.so\.1)$/,
  win32: /^(kernel32|ntdll|ws2_32|userenv|advapi32|bcryptprimitives|api-ms-win-[\w-]+)\.dll$/,
  darwin: /^\/usr\/lib\/lib(System\.B|iconv\.2|charset\.1)\.dylib$/,
};

/** `floor`: the oldest system, in words; `findings`: what is not as promised; `notes`: what was looked at. */
export function inspectFile(bytes, target) {
  const read = { linux: readElf, win32: readPe, darwin: readMacho }[target.platform];
  const file = read(bytes);
  const strange = file.needed.filter((name) => !present[target.platform].test(name));
  const { floor, findings, notes } = { linux, win32, darwin }[target.platform](file, target);
  const prefix = target.platform === 'darwin' ? '_' : '';
  return {
    floor,
    notes: [...(strange.length === 0 ? ["needs the system's libraries only"] : []), ...notes],
    findings: [
      ...(file.cpu === target.arch ? [] : [`it is for ${file.cpu}`]),
      ...(file.exports.includes(prefix + entry) ? [] : [`it does not export ${entry}`]),
      ...(file.stripped ? [] : ['it is not stripped']),
      ...strange.map((name) => `it needs ${name}, which not every system has`),
      ...findings,
    ],
  };
}

function linux({ versions }, { glibc }) {
  const newest = newestGlibc(versions);
  if (glibc === undefined) {
    return {
      floor: 'musl',
      notes: [],
      findings: newest === undefined ? [] : [`it asks for glibc ${newest}`],
    };
  }
  const minor = (version) => Number(version.split('.')[1]);
  const tooNew = newest !== undefined && minor(newest) > minor(glibc);
  return {
    floor: `glibc ${newest}`,
    notes: [],
    findings: tooNew ? [`it asks for glibc ${newest}, and ${glibc} is promised`] : [],
  };
}

function win32({ imports }, { floor }) {
  const napi = imports.filter((name) => name.startsWith('napi_'));
  return {
    floor,
    notes: ['napi_* looked up when it is loaded'],
    findings: napi.map((name) => `it imports ${name}, which a renamed node.exe would not have`),
  };
}

function darwin({ imports, id, oldest, signature }, { arch, floor }) {
  const napi = [...imports].filter(([name]) => name.startsWith('_napi_'));
  const bound = napi.filter(([, { flat }]) => !flat).map(([name]) => name);
  const signed = signature !== undefined && signature.adHoc && signature.pages === signature.right;
  // Apple's processors run nothing that is unsigned; Intel's do.
  const mustBeSigned = arch === 'arm64' || signature !== undefined;
  return {
    floor,
    notes: [
      `${napi.length} napi_* by flat lookup`,
      signature === undefined ? 'unsigned' : `ad-hoc signature over ${signature.pages} pages`,
    ],
    findings: [
      ...(napi.length > 0 ? [] : ['it looks up no napi_* function']),
      ...bound.map((name) => `${name} is looked up in one library only`),
      ...(oldest === oldestMacos ? [] : [`it is for macOS ${oldest}, and ${oldestMacos} is promised`]),
      ...(id.startsWith('@rpath/') ? [] : [`it calls itself ${id}`]),
      ...(signed || !mustBeSigned ? [] : ['its signature does not fit its pages']),
    ],
  };
}
