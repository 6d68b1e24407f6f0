import type { Method } from '../../core/client.js';
import { wrongType } from '../../core/values/check.js';
import { encodeName } from '../http/name.js';

/** The HTTP methods that a template may begin with. */
type Verb = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** How one method is written in HTTP: a path template that was read and found good. */
export interface Template {
  /** The HTTP method. */
  readonly verb: Verb;
  /** The path before the variable, or all of it where there is none; no `/` in front. */
  readonly before: string;
  /** The path after the variable. */
  readonly after: string;
  /** What the variable does to the name; undefined where there is no variable. */
  readonly variable: 'encodes-slash' | 'keeps-slash' | undefined;
  /** Whether the time to wait goes into the query. */
  readonly hasTimeoutQuery: boolean;
  /** The query parameter of a list that the page size goes into. */
  readonly pageSizeQuery: string;
  /** The only field of the body, which takes the name; empty for a body of `{}`. Undefined for the usual one. */
  readonly bodyField: string | undefined;
}

const verbs: readonly string[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] satisfies Verb[];

const usualVerbs: Readonly<Record<Method, Verb>> = {
  get: 'GET',
  list: 'GET',
  delete: 'DELETE',
  cancel: 'POST',
  wait: 'POST',
};

const queryEnd = /\{\?(\w+)\}$/;
const bodyEnd = / \{(\w*)\}$/;
const expression = /(\{[^{}]*\})/;
const variablePattern = /^\{\+?[a-z_][\w.]*\}$/i;
// What RFC 3986 allows in a path, without `%`: it is not needed here, and `%2e%2e` leads upwards.
const literal = /^[-\w.~!$&'()*+,;=:@/]*$/;

/**
 * Reads a path template of the discovery documents: `v1/{+name}:cancel`, `GET v1/{+name}:cancel`,
 * `v1/{+name}:wait{?timeout}`, `v1/{+parent}/operations{?maxResults}`,
 * `POST v1/{+endpoint}:fetchPredictOperation {operationName}`.
 *
 * Source: RFC 6570 for `{name}`, `{+name}` and `{?timeout}`.
 *
 * @throws TypeError when it is not a string, RangeError when it is not such a template.
 */
export function parseTemplate(method: Method, text: unknown): Template {
  const refused = (flaw: string): RangeError =>
    new RangeError(`Option \`paths.${method}\` ${flaw}; it is ${JSON.stringify(text)}.`);
  if (typeof text !== 'string') throw wrongType(`paths.${method}`, text, 'a string');
  const [, bodyField] = bodyEnd.exec(text) ?? [];
  const [, query] = queryEnd.exec(text) ?? [];
  const hasTimeoutQuery = method === 'wait' && query === 'timeout';
  const hasQuery = hasTimeoutQuery || (method === 'list' && query !== undefined);
  const whole = text.replace(bodyEnd, '').replace(hasQuery ? queryEnd : '', '');
  const [inFront = ''] = /^[A-Z]+ /.exec(whole) ?? [];
  const verb = inFront.trimEnd() || usualVerbs[method];
  const path = whole.slice(inFront.length).replace(/^\//, '');
  if (!verbs.includes(verb)) {
    throw refused(`must begin with a path, or with one of ${verbs.join(', ')} before it`);
  }
  const parts = path.split(expression);
  const flaw = flawOf(method, path, parts);
  if (flaw !== undefined) throw refused(flaw);
  const [before = '', name, after = ''] = parts;
  return {
    verb: verb as Verb,
    before,
    after,
    variable: name === undefined ? undefined : name[1] === '+' ? 'keeps-slash' : 'encodes-slash',
    hasTimeoutQuery,
    pageSizeQuery: method === 'list' && query !== undefined ? query : 'pageSize',
    bodyField,
  };
}

/** Puts a name into a template: `v1/` + `operations/1` + `:cancel`. */
export function expandTemplate(template: Template, name: string): string {
  const { before, variable, after, bodyField } = template;
  if (variable === undefined) return before;
  // A name that goes into the body whole leaves the path to what it is an operation of.
  const place = bodyField ? name.replace(/\/operations\/.*$/, '') : name;
  return before + encodeName(place, variable === 'keeps-slash') + after;
}

function flawOf(method: Method, path: string, parts: readonly string[]): string | undefined {
  // A split by a group puts what matched at the odd places.
  const expressions = parts.filter((_, index) => index % 2 === 1);
  const unknown = expressions.find((each) => !variablePattern.test(each));
  if (unknown !== undefined) return `must write its variable as {name} or {+name}, not ${unknown}`;
  if (expressions.length > 1) {
    return `has ${expressions.length} variables, and only one can take the name: write the others out`;
  }
  if (!parts.every((part, index) => index % 2 === 1 || literal.test(part))) {
    return "must be a path of letters, digits and -._~!$&'()*+,;=:@/ with {name} or {+name} in it";
  }
  if (expressions.length === 0 && method !== 'list') return 'must have a variable for the name';
  const segments = path.replace(/\/$/, '').split('/');
  return segments.some((segment) => ['', '.', '..'].includes(segment))
    ? 'must not have a segment that is empty, `.` or `..`'
    : undefined;
}
