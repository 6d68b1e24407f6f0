/** The parts of the name of an operation, as the methods of generated clients ask for them. */
export interface ComputeLocator {
  /** The operation. */
  readonly operation: string;
  /** The project. */
  readonly project?: string | undefined;
  /** The zone, for one of a zone of Compute Engine. */
  readonly zone?: string | undefined;
  /** The region, for one of a region of Compute Engine. */
  readonly region?: string | undefined;
  /** The location, for one of GKE. */
  readonly location?: string | undefined;
}

/**
 * Takes a name apart: `projects/p/zones/z/operations/o` has the project `p`, the zone `z` and the operation
 * `o`. An operation that is `global` has neither a zone nor a region.
 *
 * @param name - The name of an operation.
 * @returns Its parts.
 * @throws RangeError when the name has no operation.
 *
 * @example
 * ```ts
 * import { locatorOf } from 'rx-lro/compute';
 *
 * locatorOf('projects/p/zones/z/operations/o'); // { project: 'p', zone: 'z', operation: 'o' }
 * ```
 */
export function locatorOf(name: string): ComputeLocator {
  const segments = name.split('/');
  const after = (collection: string): string | undefined => {
    const index = segments.indexOf(collection);
    return index === -1 ? undefined : segments[index + 1];
  };
  const operation = after('operations');
  if (operation === undefined || operation === '') {
    throw new RangeError(
      `The name ${JSON.stringify(name)} must look like projects/p/zones/z/operations/o.`,
    );
  }
  const known = ['project', 'zone', 'region', 'location'].flatMap((part) => {
    const value = after(`${part}s`);
    return value === undefined ? [] : [[part, value]];
  });
  return { ...(Object.fromEntries(known) as Partial<ComputeLocator>), operation };
}

/** What an operation says of where it is. */
interface Located {
  readonly name?: string | null | undefined;
  readonly selfLink?: string | null | undefined;
}

/** The whole name of an operation, from where it is; undefined when it has neither a link nor a name. */
export function nameOf({ selfLink, name }: Located): string | undefined {
  const [path] =
    /\b(?:projects|folders|organizations|locations)\/[^?#]+$/.exec(selfLink ?? '') ?? [];
  if (path === undefined) return name ?? undefined;
  // GKE writes links to its first paths; the zone is a location in those of today.
  const isGke = selfLink?.includes('//container.') === true;
  return decodeURI(isGke ? path.replace('/zones/', '/locations/') : path);
}
