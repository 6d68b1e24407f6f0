/** `npm start` takes a tour through the library, on a fake service of its own. */
import { Display } from './quickstart/display.js';
import { takeTour } from './quickstart/tour.js';

await takeTour(new Display(process.stdout));
