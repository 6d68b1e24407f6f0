import { comparisonOf, type Filter } from './comparison.js';

// A quoted text, an operator, a parenthesis, or a word; any other character is a token by itself.
const TOKEN = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[!<>]=|[^\s()=:<>~,"'!]+|\S/gs;

const MAX_DEPTH = 50;

/**
 * Reads a filter: comparisons by `:`, `=` and `!=`, with AND, OR, NOT, `-` and parentheses. OR binds
 * tighter than AND. An empty filter matches all.
 *
 * Source: AIP-160.
 *
 * @throws SyntaxError that says what is not supported.
 */
export function parseFilter(filter: string): Filter {
  const tokens: string[] = filter.match(TOKEN) ?? [];
  let place = 0;
  let depth = 0;

  const takes = (token: string): boolean => {
    const isNext = tokens[place] === token;
    if (isNext) place += 1;
    return isNext;
  };
  const takesNegation = (): boolean => {
    const [minus, rest = ''] = /^-(.*)$/s.exec(tokens[place] ?? '') ?? [];
    if (minus === undefined) return takes('NOT');
    tokens.splice(place, 1, ...(rest === '' ? [] : [rest]));
    return true;
  };
  const nested = (read: () => Filter): Filter => {
    depth += 1;
    if (depth > MAX_DEPTH) throw new SyntaxError(`more than ${MAX_DEPTH} levels`);
    const inner = read();
    depth -= 1;
    return inner;
  };

  const conjunction = (): Filter => {
    const parts = [disjunction()];
    // Without a keyword between them, two parts are joined by AND too.
    while (takes('AND') || (place < tokens.length && tokens[place] !== ')')) {
      parts.push(disjunction());
    }
    return (operation) => parts.every((part) => part(operation));
  };
  const disjunction = (): Filter => {
    const parts = [term()];
    while (takes('OR')) parts.push(term());
    return (operation) => parts.some((part) => part(operation));
  };
  const term = (): Filter => {
    if (takesNegation()) {
      const negated = nested(term);
      return (operation) => !negated(operation);
    }
    if (takes('(')) {
      const inner = nested(conjunction);
      if (!takes(')')) throw new SyntaxError('a parenthesis that is not closed');
      return inner;
    }
    place += 3;
    return comparisonOf(tokens.slice(place - 3, place));
  };

  if (tokens.length === 0) return () => true;
  const whole = conjunction();
  if (place < tokens.length) throw new SyntaxError('a parenthesis that is not opened');
  return whole;
}
