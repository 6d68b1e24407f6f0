/**
 * Makes a function that tells whether a name is under a parent. A `-` among the parent's segments stands for
 * any one segment. Source: AIP-159.
 *
 * @param parent - Such as `projects/p/locations/-`; empty for all names.
 * @internal
 */
export function namesUnder(parent: string): (name: string) => boolean {
  const places = parent === '' ? [] : parent.split('/');
  return (name) => {
    const segments = name.split('/');
    const isLonger = parent === '' || segments.length > places.length;
    return isLonger && places.every((place, at) => place === '-' || place === segments[at]);
  };
}
