/** A container cannot be created; the message is the reason, in the words of the ECS agent. */
export class Uncreatable extends Error {}
