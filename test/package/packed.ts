import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { root } from '../support/entry-points.js';

export { root };

/** Where TypeScript of that name is installed. */
export function compiler(name: string): string {
  const found = createRequire(import.meta.url).resolve(`${name}/package.json`);
  return join(dirname(found), 'bin', name === 'typescript' ? 'tsc6' : 'tsc');
}

/** Runs a program and returns what it printed; what went wrong is in the error's message. */
export function run(cwd: string, program: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    shell: program === 'npm' && process.platform === 'win32',
  });
  if (error !== undefined) throw error;
  if (status === 0) return stdout.trim();
  throw new Error(`${program} ${args.join(' ')} ended with ${status}\n${stdout}${stderr}`);
}

/** A folder of a program that has installed the package as it would be published. */
export class Consumer {
  readonly folder = mkdtempSync(join(tmpdir(), 'rx-lro-'));

  /** What is published: the archive that npm makes. */
  readonly archive: string;

  /** @param rxjs - Which RxJS it has, by the name of the package here. */
  constructor(rxjs = 'rxjs') {
    try {
      this.archive = this.#install();
      this.link(rxjs, 'rxjs');
      // What an engine needs.
      this.link('bullmq');
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  /** Gives it, or a package in a folder of it, one that is installed here, by another name if need be. */
  link(name: string, alias = name, within = ''): void {
    const path = join(this.folder, within, 'node_modules', alias);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), path, 'junction');
  }

  /** Writes a file; what is not text becomes JSON. */
  write(file: string, content: string | object): void {
    const path = join(this.folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #install(): string {
    const content = join(this.folder, 'content');
    const modules = join(this.folder, 'node_modules');
    mkdirSync(content);
    mkdirSync(modules);
    const pages = ['README.md', 'LICENSE', 'CHANGELOG.md'];
    const configs = ['tsconfig.json', 'tsconfig.esm.json', 'tsconfig.cjs.json'];
    for (const name of ['package.json', 'src', ...pages, ...configs]) {
      cpSync(join(root, name), join(content, name), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(content, 'node_modules'), 'junction');
    // Its script builds first.
    run(content, 'npm', 'pack', '--silent', `--pack-destination=${this.folder}`);
    const archive = readdirSync(this.folder).find((file) => file.endsWith('.tgz')) ?? '';
    run(this.folder, 'tar', '-xzf', archive);
    renameSync(join(this.folder, 'package'), join(modules, 'rx-lro'));
    for (const name of ['abort-controller', 'exponential-backoff']) this.link(name);
    return join(this.folder, archive);
  }
}
