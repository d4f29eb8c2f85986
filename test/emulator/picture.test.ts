import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolders } from '../support/temporary-folder.ts';

const newFolder = temporaryFolders();

/** A PNG file's width and height, in pixels. */
const sizeOf = (png: Buffer): readonly number[] => [png.readUInt32BE(16), png.readUInt32BE(20)];

it('npm run picture takes the pictures that the README shows, by day and by night', () => {
  const folder = newFolder();
  execFileSync('npm', ['run', '--silent', 'picture', folder]);
  const pictures = ['report-light.png', 'report-dark.png'].map((name) => join(folder, name));
  for (const picture of pictures) {
    expect(sizeOf(readFileSync(picture))).toEqual([1280, 1000]);
    expect(statSync(picture).size).toBeLessThan(200_000);
  }
  const [light, dark] = pictures.map((picture) => readFileSync(picture));
  expect(light).not.toEqual(dark);
});
