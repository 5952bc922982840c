// The most memory that this process has had.
import { readFileSync } from 'node:fs';

/**
 * In bytes, resident. The system's own mark of this program is asked where there is one: what `resourceUsage` tells begins,
 * on Linux, with what the process that started this one had.
 */
export function peakMemory() {
  try {
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
    return Number(kibibytes) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}
