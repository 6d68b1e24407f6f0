/**
 * Makes what tells whether a name is under a parent. A `-` among the parent's segments stands for any one
 * segment. Source: AIP-159.
 *
 * @param parent - Such as `projects/p/locations/-`; empty for all names.
 * @internal
 */
export function namesUnder(parent: string): (name: string) => boolean {
  if (parent === '') return () => true;
  const places = parent.split('/');
  if (!places.includes('-')) {
    const start = `${parent}/`;
    return (name) => name.startsWith(start);
  }
  return (name) => {
    const segments = name.split('/');
    return (
      segments.length > places.length &&
      places.every((place, index) => place === '-' || place === segments[index])
    );
  };
}
