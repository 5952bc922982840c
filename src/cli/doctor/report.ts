/** A diagnosis as a page to read. */
import type { Diagnosis } from './diagnosis';

const origins = {
  variable: 'MILLRACE_BINARY',
  built: 'this checkout, where it was built',
  package: "the platform's package",
};

export function tell(found: Diagnosis): string {
  const rows = [...machine(found), ...native(found)];
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  const page = rows.map(([name, text]) => `${name.padEnd(width)}${text}`);
  return `${[...page, '', verdict(found)].join('\n')}`;
}

type Row = readonly [name: string, text: string];

function machine(found: Diagnosis): Row[] {
  const { versions, libc, variables } = found;
  const set = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  return [
    ['millrace', found.version],
    ['runtime', `${found.runtime}, V8 ${versions['v8']}, Node-API ${versions['napi']}`],
    ['platform', `${found.platform} ${found.arch}, release ${found.release}`],
    ['C library', libc ?? "the system's only one, or unknown"],
    ['cores', String(found.cores)],
    ['variables', set.length === 0 ? 'none' : set.join(' ')],
  ];
}

function native({ binary, attempts, externalMemory, selfTest }: Diagnosis): Row[] {
  if (binary === undefined || selfTest === undefined) {
    const tried = (attempts ?? []).map(({ path, reason }): Row => ['  tried', `${path} ${reason}`]);
    return [['binary', 'none could be loaded'], ...tried];
  }
  const went = (isWell: boolean) => (isWell ? 'well' : 'failed');
  return [
    ['binary', binary.path],
    ['  from', origins[binary.origin]],
    ['  version', binary.version],
    ['  sha256', `${binary.sha256} (${binary.bytes} bytes)`],
    ['external memory', externalMemory ? 'allowed' : 'forbidden: long messages are copied'],
    ['hand-over through a worker', went(selfTest.handOver.isWell)],
    ['terminate of a blocked worker', went(selfTest.terminate.isWell)],
  ];
}

function verdict({ isWell, faults }: Diagnosis): string {
  if (isWell) return 'All is well.';
  const told = faults.map(({ what, cure }) => {
    // A load error's text ends with its cure.
    const more = cure === undefined || what.includes(cure) ? '' : `\n  To cure it: ${cure}`;
    return `- ${what}${more}`.replaceAll('\n', '\n  ');
  });
  return `What is wrong:\n${told.join('\n')}`;
}
