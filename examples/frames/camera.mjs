/** Where frames come from: the one thing that both sources do, and which of them it is. */
import { spawnSync } from 'node:child_process';
import { UsageError } from '../../dist/cli/usage.js';
import { FfmpegCamera } from './ffmpeg.mjs';
import { GeneratedCamera } from './generated.mjs';

export function openCamera(source, picture) {
  return source === 'ffmpeg' ? new FfmpegCamera(picture) : new GeneratedCamera(picture);
}

/** The source asked for, or the one to be had. */
export function chooseSource({ source }) {
  if (source === 'generated') return source;
  const { error, status } = spawnSync('ffmpeg', ['-version'], { stdio: 'ignore', windowsHide: true });
  if (error === undefined && status === 0) return 'ffmpeg';
  if (source === undefined) return 'generated';
  throw new UsageError("Expected ffmpeg on the PATH for '--source ffmpeg'. Received none that runs");
}
