/** What packages.mjs gives, for the tests that are compiled. */
import type { Target } from '../dist/targets.js';

export function stagePlatform(folder: string, target: Target, binary: string): void;
export function stageMain(folder: string, targets: readonly Target[]): void;
