// Its named export is missing in bundles for the browser; the default export is there everywhere.
import * as abortControllerPackage from 'abort-controller';

/**
 * Makes an AbortController: the platform's own, since `fetch` of Node 24 takes no other; without
 * one, that of the `abort-controller` package.
 *
 * @internal
 */
export function newAbortController(): AbortController {
  const Controller = globalThis.AbortController ?? fallback();
  return new Controller();
}

function fallback(): typeof AbortController {
  const exported: unknown = abortControllerPackage.default;
  // Under Node, the default import of a CommonJS module is all that it exports.
  const inner = (exported as { default?: unknown }).default ?? exported;
  return inner as typeof AbortController;
}
