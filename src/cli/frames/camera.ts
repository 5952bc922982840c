/** Where frames come from: the one thing that both sources do, and which of them it is. */
import { spawnSync } from 'node:child_process';

import { UsageError } from '../usage';
import type { FramesOptions, SourceName } from './arguments';
import { FfmpegCamera } from './ffmpeg';
import { GeneratedCamera } from './generated';

export interface Camera {
  /** Writes the picture of frame `sequence`, every byte of it: rows from the top, red, green, blue. */
  paint(pixels: Uint8Array, sequence: number): Promise<void>;
  close(): Promise<void>;
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Frames a second. */
  readonly rate: number;
}

export function openCamera(source: SourceName, picture: Picture): Camera {
  return source === 'ffmpeg' ? new FfmpegCamera(picture) : new GeneratedCamera(picture);
}

/** The source asked for, or the one to be had. */
export function chooseSource({ source }: FramesOptions): SourceName {
  if (source === 'generated') return source;
  const { error, status } = spawnSync('ffmpeg', ['-version'], { stdio: 'ignore', windowsHide: true });
  if (error === undefined && status === 0) return 'ffmpeg';
  if (source === undefined) return 'generated';
  throw new UsageError("Expected ffmpeg on the PATH for '--source ffmpeg'. Received none that runs");
}
