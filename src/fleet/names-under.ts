/**
 * Makes a function that says whether a name is under a parent. A `-` among the parent's segments stands for
 * any one segment. Source: AIP-159.
 *
 * @param parent - Such as `projects/p/locations/-`; empty for all names.
 * @param isSame - Says whether two segments that differ are the same; they follow the segment `collection`.
 * @internal
 */
export function namesUnder(
  parent: string,
  isSame: (place: string, segment: string, collection: string | undefined) => boolean = () => false,
): (name: string) => boolean {
  const places = parent === '' ? [] : parent.split('/');
  return (name) => {
    const segments = name.split('/');
    const isUnder = (place: string, at: number): boolean => {
      const segment = segments[at] ?? '';
      return place === '-' || place === segment || isSame(place, segment, places[at - 1]);
    };
    const isLonger = parent === '' || segments.length > places.length;
    return isLonger && places.every(isUnder);
  };
}

const isNumber = (project: string): boolean => /^\d+$/.test(project);

/** Whether two segments may be one project: usually a parent has its id, and a name its number. @internal */
export function mayBeOneProject(place: string, segment: string, collection?: string): boolean {
  return collection === 'projects' && isNumber(place) !== isNumber(segment);
}

/**
 * Reads which project has two names, out of a name and that which the server gave in its place.
 *
 * @param name - The name that was asked about.
 * @param told - The name in the answer.
 * @returns The project in each; undefined where the names do not differ in that alone.
 * @internal
 */
export function projectsIn(
  name: string,
  told: string,
): { readonly asked: string; readonly told: string } | undefined {
  const [asked, answered] = [partsOf(name), partsOf(told)];
  if (asked === undefined || answered?.rest !== asked.rest) return undefined;
  if (!mayBeOneProject(asked.project, answered.project, 'projects')) return undefined;
  return { asked: asked.project, told: answered.project };
}

/** The project of a name, and what follows it; undefined when it is of none. @internal */
export function partsOf(name: string): { project: string; rest: string } | undefined {
  const [, project, rest] = /^projects\/([^/]+)(\/.+)$/.exec(name) ?? [];
  return project === undefined || rest === undefined ? undefined : { project, rest };
}
