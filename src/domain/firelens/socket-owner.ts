export interface SocketOwner {
  readonly userId: number;
  readonly groupId: number;
}

/**
 * Whose the folder of the log router's socket is: the router's user, by number.
 * @returns where the user has none, why, in the words of the ECS agent
 */
export function socketOwner(user = ''): SocketOwner | string {
  const [name = '', group = ''] = user.split(':', 2);
  if (name === '' || name === 'root') return { userId: 0, groupId: numberOf(group) ?? 0 };
  const userId = numberOf(name);
  if (userId !== undefined) return { userId, groupId: numberOf(group) ?? 0 };
  return (
    'unable to set socket directory ownership: unable to determine the user ID: ' +
    `strconv.Atoi: parsing "${name}": invalid syntax`
  );
}

function numberOf(text: string): number | undefined {
  return /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}
