/** What `paths` of `restClient` are for operations that are not AIP-151. */
export interface ComputePaths {
  /** Asks for the state of an operation. */
  readonly get: string;
  /** Lists the operations of a place. */
  readonly list: string;
  /** Asks to stop an operation; `false` where that cannot be asked. */
  readonly cancel: string | false;
  /** Forgets an operation; `false` where that cannot be asked. */
  readonly delete: string | false;
  /** Waits for an operation, where the service has a method for it. */
  readonly wait?: string | undefined;
}

/**
 * `paths` of `restClient` for Compute Engine, with a base URL such as
 * `https://compute.googleapis.com/compute/v1`. A name is all that follows it, and the parent of a list is
 * `projects/p/zones/z`, `projects/p/regions/r` or `projects/p/global`. There is no cancel. A wait takes
 * no time to wait: it is answered after two minutes at the latest.
 *
 * Source: the discovery document of Compute Engine, version 1.
 */
export const computePaths: ComputePaths = {
  get: '{+name}',
  list: '{+name}/operations{?maxResults}',
  cancel: false,
  delete: '{+name}',
  wait: '{+name}/wait {}',
};

/**
 * `paths` of `restClient` for Cloud SQL, with the base URL `https://sqladmin.googleapis.com/v1`, or
 * `https://sqladmin.googleapis.com/sql/v1beta4`. There is no delete.
 *
 * Source: the discovery documents of the Cloud SQL Admin API.
 */
export const cloudSqlPaths: ComputePaths = {
  get: '{+name}',
  list: '{+name}/operations{?maxResults}',
  cancel: '{+name}/cancel',
  delete: false,
};

/**
 * `paths` of `restClient` for GKE, with the base URL `https://container.googleapis.com/v1`. There is no
 * delete. Its list has no pages.
 *
 * Source: the discovery document of the Kubernetes Engine API, version 1.
 */
export const gkePaths: ComputePaths = {
  get: '{+name}',
  list: '{+name}/operations',
  cancel: '{+name}:cancel',
  delete: false,
};
