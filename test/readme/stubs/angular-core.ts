// What the recipe for Angular uses of it, as Angular declares it.

export declare function inject<Service>(token: new (...deps: never[]) => Service): Service;
export declare function Injectable(options: {
  readonly providedIn: 'root';
}): (target: unknown, context?: unknown) => void;
