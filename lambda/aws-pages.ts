/**
 * Keeps an eye on the tokens of one listing: asking on by one that has come before would never end.
 *
 * @param refusal what to throw where one has come before
 * @returns takes the token of each page, and hands it on; `undefined` where there is none
 */
export function onwardTokens(
  refusal: () => Error,
): (token: string | undefined) => string | undefined {
  const seen = new Set<string>();
  return (token) => {
    if (!token) return undefined;
    if (seen.has(token)) throw refusal();
    seen.add(token);
    return token;
  };
}
