/** The resolver that containers of this machine ask for names. */
export interface ContainerResolver {
  readonly host: string;
  /** The addresses of containers on Docker's default bridge, such as `172.17.0.0/16`; undefined where it has none. */
  bridgeSubnet: string | undefined;
  /** Listens, where that is not done yet, and looks whom else containers may ask. That it cannot is logged. */
  listen(): Promise<void>;
  /** Whom containers are to ask, the resolver itself first; empty where they cannot ask it. */
  readonly nameServers: readonly string[];
  /** Containers do not reach it: they are told of it no more. */
  giveUp(): void;
}
