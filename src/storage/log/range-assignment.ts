/** Range assignment: each member gets a run of neighbouring partitions, the first ones get one more
 * where it does not come out even. Source: Kafka's RangeAssignor, for one topic. */

/** @returns one list of partitions a member, ascending; empty lists where members are more than
 * partitions. */
export function shareOut(
  partitionCount: number,
  memberCount: number,
): readonly (readonly number[])[] {
  const least = Math.floor(partitionCount / memberCount);
  const withOneMore = partitionCount % memberCount;
  return Array.from({ length: memberCount }, (_, member) => {
    const first = member * least + Math.min(member, withOneMore);
    const length = least + (member < withOneMore ? 1 : 0);
    return Array.from({ length }, (_value, i) => first + i);
  });
}
