/** Writes on their way at once: a person with very many items must not cause a burst. */
const PARALLEL = 25;

/** Runs `act` on every member, some at a time; the first failure ends it. */
export async function inBatches<Member>(
  members: ReadonlyArray<Member>,
  act: (member: Member) => Promise<unknown>,
): Promise<void> {
  for (let start = 0; start < members.length; start += PARALLEL) {
    await Promise.all(members.slice(start, start + PARALLEL).map(act));
  }
}
