import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium, type Browser, type Locator, type Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { freePort } from '../../examples/servers/free-port.js';
import { chromiumFlags, chromiumPath } from '../support/chromium.js';
import { root } from '../support/entry-points.js';

if (chromiumPath === undefined) {
  console.log('The web example is SKIPPED: Chromium is not here (set CHROMIUM_PATH).');
}

const patience = { timeout: 30_000 };

describe.runIf(chromiumPath !== undefined)('the web example', () => {
  let folder: string;
  let url: string;
  let example: ChildProcess;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rx-lro-web-'));
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    example = spawn(process.execPath, ['--import', 'tsx', 'examples/web.ts'], {
      cwd: root,
      env: { ...process.env, PORT: String(port), FILMS: join(folder, 'films.json') },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const executablePath = chromiumPath!;
    [browser] = await Promise.all([
      chromium.launch({ executablePath, args: [...chromiumFlags] }),
      once(example.stdout!, 'data'),
    ]);
  });

  afterAll(async () => {
    await browser.close();
    const ended = once(example, 'exit');
    example.kill();
    await ended;
    await rm(folder, { recursive: true });
  });

  beforeEach(async () => {
    // A page of its own context has a storage of its own.
    page = await browser.newPage();
    await page.goto(url);
  });

  afterEach(() => page.close());

  async function start(kind: 'short' | 'feature' | 'faulty'): Promise<Locator> {
    const before = await page.getByRole('listitem').count();
    await page.getByRole('combobox').selectOption(kind);
    await page.getByRole('button', { name: 'Start a film' }).click();
    await expect.poll(() => page.getByRole('listitem').count()).toBe(before + 1);
    return page.getByRole('listitem').first();
  }

  const progressOf = (film: Locator): Promise<number> =>
    film.getByRole('progressbar').evaluate((bar) => (bar as HTMLProgressElement).value);
  async function passes(film: Locator, value: number): Promise<void> {
    await expect.poll(() => progressOf(film), patience).toBeGreaterThan(value);
  }

  it('shows progress until the film is done, and links to it', async () => {
    const film = await start('short');
    await passes(film, 0.1);
    await passes(film, await progressOf(film));
    expect(await progressOf(film)).toBeLessThan(1);
    await film.getByText('Done', { exact: true }).waitFor();
    expect(await progressOf(film)).toBe(1);
    const path = await film.getByRole('link', { name: 'Watch the film' }).getAttribute('href');
    const answer = await fetch(url + path);
    expect(answer.headers.get('content-type')).toMatch(/^image\/svg/);
  });

  it("shows the server's reason when a film fails", async () => {
    const film = await start('faulty');
    await film.getByText('Failed', { exact: true }).waitFor();
    expect(await film.innerText()).toContain('The disk was full at scene 7 of 10.');
  });

  it('shows a cancelled film as the server says, and not before', async () => {
    const film = await start('feature');
    await passes(film, 0);
    await film.getByRole('button', { name: /^Cancel/ }).click();
    await film.getByText('Cancelling…').waitFor();
    await film.getByText('Cancelled', { exact: true }).waitFor();
    expect(await film.innerText()).toMatch(/The server stopped it at \d+ %\./);
    expect(await progressOf(film)).toBeLessThan(0.5);
  });

  it('shows a film as done when the cancel came too late', async () => {
    const film = await start('short');
    await passes(film, 0.8);
    await film.getByRole('button', { name: /^Cancel/ }).click();
    await film.getByText('Done', { exact: true }).waitFor();
    expect(await film.innerText()).toContain('It was ready before the cancel.');
  });

  it('resumes every film by its name after a reload', async () => {
    await start('feature');
    const film = await start('feature');
    await passes(film, 0.02);
    const before = await progressOf(film);
    await page.reload();
    expect(await page.getByRole('listitem').count()).toBe(2);
    await passes(page.getByRole('listitem').first(), before);
  });

  it('goes on when the server restarts', async () => {
    const film = await start('feature');
    await passes(film, 0);
    await page.getByRole('button', { name: 'Restart the server' }).click();
    await film.getByText('Reconnecting…').waitFor();
    await expect
      .poll(() =>
        fetch(url).then(
          ({ ok }) => ok,
          () => false,
        ),
      )
      .toBe(false);
    const before = await progressOf(film);
    await film.getByText('Running', { exact: true }).waitFor();
    await passes(film, before);
  });

  it('says that it is offline, and asks again once the network is back', async () => {
    const film = await start('feature');
    await passes(film, 0);
    await page.context().setOffline(true);
    await page.getByText('You are offline.').waitFor();
    await film.getByText('Offline', { exact: true }).waitFor();
    const before = await progressOf(film);
    await page.context().setOffline(false);
    await passes(film, before);
    expect(await page.getByText('You are offline.').isVisible()).toBe(false);
  });

  it('says when the server does not know a film, asks again, and forgets it when it is removed', async () => {
    await page.evaluate(() => localStorage.setItem('rx-lro-films', '["gone"]'));
    await page.reload();
    const film = page.getByRole('listitem');
    await film.getByText('The server does not know this film.').waitFor();
    const asked = page.waitForRequest(/\/jobs\/gone$/);
    await film.getByRole('button', { name: /^Ask again/ }).press('Enter');
    await asked;
    await film.getByText('The server does not know this film.').waitFor();
    await film.getByRole('button', { name: /^Remove/ }).press('Enter');
    await page.getByText('There is no film yet.').waitFor();
    await page.reload();
    await page.getByText('There is no film yet.').waitFor();
    expect(await page.getByRole('listitem').count()).toBe(0);
  });
});
