/** The resolver that containers of this machine ask for names. */
export interface ContainerResolver {
  /** Listens, where that is not done yet, and looks whom else containers may ask. That it cannot is logged. */
  listen(): Promise<void>;
  /** Whom containers are to ask, the resolver itself first; empty where they cannot ask it. */
  readonly nameServers: readonly string[];
  close(): Promise<void>;
}
