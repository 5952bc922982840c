// Where a release is made: one folder that git ignores and that can be thrown away.
import { join } from 'node:path';
import { root } from '../steps.mjs';

export const home = join(root, '.release');
/** zig and cargo-zigbuild. */
export const tools = join(home, 'tools');
/** The binaries, by the names that the loader asks for. */
export const binaries = join(home, 'binaries');
/** The tarballs of a release, all of them. */
export const packed = join(home, 'packed');
/** cargo's target folder: apart from that of a developer's builds, whose flags differ. */
export const building = join(home, 'target');
/** Packages of other machines, unpacked: roots to run binaries in. */
export const roots = join(home, 'roots');
