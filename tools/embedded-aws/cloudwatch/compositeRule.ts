/** The state of an alarm. */
export type State = "OK" | "ALARM" | "INSUFFICIENT_DATA";

const TOKEN = /\s*(?:(\(|\)|AND\b|OR\b|NOT\b|TRUE\b|FALSE\b)|(ALARM|OK|INSUFFICIENT_DATA)\("([^"]+)"\))/y;

type Test = (stateOf: (alarm: string) => State | undefined) => boolean;

/**
 * Reads a composite alarm's rule: the states of alarms by name or ARN, joined by AND, OR, NOT and parentheses.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 * @throws Error for a text that is not a rule, and where AND and OR stand side by side: AWS does not say which goes first
 */
export function compositeRule(text: string): Test {
  const tokens = tokensOf(text);
  let at = 0;
  const take = (wanted: string): boolean => {
    if (tokens[at]?.word !== wanted) return false;
    at += 1;
    return true;
  };
  const operand = (): Test => {
    if (take("NOT")) {
      const negated = operand();
      return (stateOf) => !negated(stateOf);
    }
    if (take("(")) {
      const inner = joined();
      if (!take(")")) throw wrong(text);
      return inner;
    }
    if (take("TRUE")) return () => true;
    if (take("FALSE")) return () => false;
    const { state, alarm } = tokens[at++] ?? {};
    if (state === undefined || alarm === undefined) throw wrong(text);
    return (stateOf) => stateOf(alarm) === state;
  };
  const joined = (): Test => {
    const first = operand();
    const all = [first];
    const operator = tokens[at]?.word;
    if (operator !== "AND" && operator !== "OR") return first;
    while (take(operator)) all.push(operand());
    return (stateOf) => (operator === "AND" ? all.every((test) => test(stateOf)) : all.some((test) => test(stateOf)));
  };
  const rule = joined();
  if (at < tokens.length) throw wrong(text);
  return rule;
}

interface Token {
  word?: string;
  state?: State;
  alarm?: string;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const trimmed = text.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < trimmed.length) {
    const found = TOKEN.exec(trimmed);
    if (!found) throw wrong(text);
    const [, word, state, alarm] = found;
    tokens.push({ word, state: state as State | undefined, alarm });
  }
  return tokens;
}

const wrong = (text: string): Error => new Error(`not a rule of a composite alarm: ${text}`);
