import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

// As in .ci/run.
const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin'];

/** Where Chromium is; undefined where there is none. */
export const chromiumPath: string | undefined = [
  process.env['CHROMIUM_PATH'] ?? '',
  ...['chromium', 'chromium-browser', 'google-chrome'].flatMap((name) =>
    folders.filter((folder) => folder !== '').map((folder) => join(folder, name)),
  ),
].find((path) => existsSync(path));

/** It runs as root in a container, and talks to nobody. */
export const chromiumFlags: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
