/** Makes test/support/generated again: `node test/support/generate.mjs`. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bin = join(root, 'node_modules/.bin');
const source = join(root, 'node_modules/google-gax/build/protos');
const generated = join(root, 'test/support/generated');
const work = mkdtempSync(join(tmpdir(), 'protos-'));

for (const file of ['google/longrunning/operations.proto', 'google/rpc/status.proto']) {
  // How the methods are reached over HTTP is not needed, and would bring a lot along.
  const text = readFileSync(join(source, file), 'utf8')
    .replace(/^import "google\/(api\/.*|protobuf\/descriptor)\.proto";\n/gm, '')
    .replace(/^extend [^]*?^}\n/m, '')
    .replace(/^ *option \(google\.api\.[^]*?;\n/gm, '')
    .replace(/^ *option \(google\.longrunning\.[^]*?;\n/gm, '')
    .replace(/ \[\(google\.api[^\]]*\]/g, '')
    .replace(/^ *\/\/.*\n/gm, '');
  mkdirSync(dirname(join(work, 'protos', file)), { recursive: true });
  writeFileSync(join(work, 'protos', file), text);
}

const template = {
  version: 'v2',
  plugins: [
    {
      local: join(bin, 'protoc-gen-es'),
      out: 'es',
      opt: ['target=ts', 'import_extension=js'],
    },
    {
      local: join(bin, 'protoc-gen-ts_proto'),
      out: 'ts-proto',
      opt: [
        'outputServices=grpc-js',
        'outputJsonMethods=false',
        'outputPartialMethods=false',
        'esModuleInterop=true',
        'importSuffix=.js',
        'exportCommonSymbols=false',
      ],
    },
  ],
};
execFileSync(join(bin, 'buf'), ['generate', 'protos', '--template', JSON.stringify(template)], {
  cwd: work,
  stdio: 'inherit',
});
for (const kind of ['es', 'ts-proto']) {
  rmSync(join(generated, kind), { recursive: true, force: true });
  cpSync(join(work, kind), join(generated, kind), { recursive: true });
}
rmSync(work, { recursive: true });
