/** A process that runs workflows. */
import { once } from 'node:events';
import { createServer } from 'node:http2';
import { createEndpointHandler } from '@restatedev/restate-sdk';
import { restClient } from 'rx-lro/rest';
import { operationWorkflow } from './workflow.js';

const [baseUrl = '', port = ''] = process.argv.slice(2);
const films = operationWorkflow(restClient({ baseUrl }), { timeout: 60_000 });
const handler = createEndpointHandler({
  services: [films],
  logger: ({ level }, ...told) => {
    if (level === 'error') console.error(...told);
  },
});
const server = createServer(handler).listen(Number(port), '127.0.0.1');
await once(server, 'listening');
process.once('disconnect', () => process.exit());
process.send?.({ isReady: true });
