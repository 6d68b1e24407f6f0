const key = 'rx-lro-films';

/** The names of the films on the page, the latest first: all that a page needs to go on after a reload. */
export function keptNames(): readonly string[] {
  return JSON.parse(localStorage.getItem(key) ?? '[]') as string[];
}

export function keepName(name: string): void {
  write([name, ...keptNames()]);
}

export function forgetName(name: string): void {
  write(keptNames().filter((kept) => kept !== name));
}

function write(names: readonly string[]): void {
  localStorage.setItem(key, JSON.stringify(names));
}
