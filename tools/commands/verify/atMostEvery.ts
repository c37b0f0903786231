/** Does something again only after some time; in between its last answer is given again. */
export function atMostEvery<Answer>(milliseconds: number, act: () => Promise<Answer>): () => Promise<Answer> {
  let last: { at: number; answer: Answer } | undefined;
  return async () => {
    if (last === undefined || Date.now() - last.at >= milliseconds) last = { at: Date.now(), answer: await act() };
    return last.answer;
  };
}
