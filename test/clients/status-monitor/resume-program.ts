// Goes on with an operation of which it has nothing but the name. Arguments: the name.

import { waitForDone } from 'rx-lro';
import { statusMonitorClient } from 'rx-lro/status-monitor';

const [name = ''] = process.argv.slice(2);
console.log(JSON.stringify(await waitForDone(statusMonitorClient(), name)));
